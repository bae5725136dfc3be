import { type Definition, isReplacing, secretOutputsOf } from "../../src/definitions/definition.ts";
import type { Field } from "../../src/definitions/field.ts";
import type { KindComments } from "../docs/comments.mts";
import { unwrapped } from "../sdk/comment.mts";
import { requireText } from "../sdk/kind.mts";
import { outputType } from "../sdk/types.mts";
import { limitsOf } from "../sdk/words.mts";
import { reference } from "./named-types.mts";

/** A type, as Pulumi's schema writes it. */
export type Type =
  | { readonly type: "string" | "boolean" | "integer" | "number" }
  | { readonly type: "array"; readonly items: Type }
  | { readonly type: "object"; readonly additionalProperties: Type }
  | { readonly $ref: string };

export type Property = Type & {
  readonly description: string;
  readonly default?: unknown;
  readonly defaultInfo?: { readonly environment: readonly string[] };
  readonly secret?: true;
  readonly replaceOnChanges?: true;
};

/** What a program declares a field with. */
export function inputProperty(definition: Definition, name: string, comments: KindComments): Property {
  const field = fieldOf(definition, name);
  const said = requireText(definition, name, comments.fields[name]);
  const byDefault = said.byDefault && `Defaults to ${said.byDefault}.`;
  return {
    ...(field.rule.type === "flags" ? reference(definition, name) : shownType(definition, name)),
    description: sentences(said.text, limitsOf(definition, name), byDefault),
    ...(hasOneFallback(field) && { default: field.fallback }),
    ...replacing(definition, name),
  };
}

/** A field, as a resource or a look-up shows it. */
export const shownProperty = (definition: Definition, name: string, comments: KindComments): Property => ({
  ...shownType(definition, name),
  description: sentences(requireText(definition, name, comments.fields[name]).text),
});

/** What only Scalekit decides. */
export function outputProperty(definition: Definition, name: string, comments: KindComments): Property {
  return {
    type: outputType(definition, name).type as "string" | "boolean" | "number",
    description: sentences(requireText(definition, name, comments.outputs[name]).text),
    ...(secretOutputsOf(definition).includes(name) && { secret: true }),
  };
}

export const replacing = (definition: Definition, name: string) =>
  isReplacing(definition, name) && ({ replaceOnChanges: true } as const);

/** What Pulumi calls one by. */
export const idProperty = (id: string): Property => ({
  type: "string",
  description: `What Pulumi calls it by, \`${id}\`.`,
});

export const sentences = (...texts: readonly (string | undefined)[]): string =>
  texts
    .filter(Boolean)
    .map((text) => unwrapped(text as string))
    .join(" ");

export function fieldOf({ name: kind, fields }: Definition, name: string): Field {
  const field = fields[name];
  if (field === undefined) throw new Error(`${kind} has no field ${name}`);
  return field;
}

/** Whether the default is the same in every environment: the stack's configuration decides on the protection of organizations. */
const hasOneFallback = ({ rule, fallback }: Field): boolean => fallback !== undefined && rule.type === "choice";

function shownType(definition: Definition, name: string): Type {
  const { rule } = fieldOf(definition, name);
  switch (rule.type) {
    case "text":
      return { type: "string" };
    case "texts":
      return { type: "array", items: { type: "string" } };
    case "choice":
      return reference(definition, name);
    case "whole":
      return { type: "integer" };
    case "flag":
      return { type: "boolean" };
    case "pairs":
    case "map":
      return { type: "object", additionalProperties: { type: "string" } };
    case "flags":
      // Also those that are not known here.
      return { type: "object", additionalProperties: { type: "boolean" } };
  }
}
