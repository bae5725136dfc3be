import type { Definition } from "../../src/definitions/definition.ts";
import { nativeTypeOf } from "../../src/definitions/tokens.ts";
import { flagsOf } from "../sdk/kind.mts";

/** The types with a name of their own: the choices, and the flags that a program may set. */
export const namedTypes = (definition: Definition): Readonly<Record<string, object>> =>
  Object.fromEntries(
    Object.entries(definition.fields).flatMap(([name, { rule }]): [string, object][] => {
      const token = nativeTypeOf(typeName(definition, name));
      if (rule.type === "choice") return [[token, choiceType(rule.of)]];
      if (rule.type === "flags") return [[token, flagsType(name, rule.of)]];
      return [];
    }),
  );

export const reference = (definition: Definition, field: string) => ({
  $ref: `#/types/${nativeTypeOf(typeName(definition, field))}`,
});

/** `OrganizationFeatures`, and `OrganizationDomainType` for the `domainType` of an OrganizationDomain. */
export function typeName(definition: Pick<Definition, "name">, field: string): string {
  const named = flagsOf(definition, field);
  return named.replace(/([A-Z][a-z]+)\1/, "$1");
}

/** The name of a choice, for languages that make a constant of it. */
export const choiceName = (value: string): string =>
  value
    .toLowerCase()
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

const choiceType = (choices: readonly string[]) => ({
  type: "string",
  enum: choices.map((value) => ({ name: choiceName(value), value })),
});

const flagsType = (field: string, flags: Readonly<Record<string, string>>) => ({
  type: "object",
  description: `Which of the ${field} are on. One that is not named is left alone.`,
  properties: Object.fromEntries(
    Object.entries(flags).map(([name, description]) => [name, { type: "boolean", description }]),
  ),
});
