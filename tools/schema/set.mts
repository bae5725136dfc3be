import type { SetDefinition } from "../../src/definitions/organization-set.ts";
import { typeOf } from "../../src/definitions/tokens.ts";
import type { Described, KindComments } from "../docs/comments.mts";
import { unwrapped } from "../sdk/comment.mts";
import { reference } from "./named-types.mts";
import { type Property, sentences } from "./property.mts";
import { examplesOf } from "./samples/examples.mts";
import type { Sample } from "./samples/sample.mts";

/** A resource that holds many objects of a definition. */
export function setResource(
  { fields, outputs, members, name: kind }: SetDefinition,
  comments: KindComments,
  sample: Sample,
) {
  const said = (name: string, described: Described | undefined): Described => {
    if (described?.text) return described;
    throw new Error(`${kind}.${name} has no comment in its definition`);
  };
  const inputs = Object.entries(fields).map(([name, { rule, fallback }]): [string, Property] => {
    const { text, byDefault } = said(name, comments.fields[name]);
    const description = sentences(text, byDefault && `Defaults to ${byDefault}.`);
    if (rule.type === "choice")
      return [name, { ...reference(members, name), description, ...(fallback !== undefined && { default: fallback }) }];
    return [name, { type: rule.type === "flag" ? "boolean" : "string", description }];
  });
  const listed = inputs.filter(([name]) => fields[name]?.required);
  const shown = Object.entries(outputs).map(([name, { type }]): [string, Property] => [
    name,
    { type: type === "number" ? "integer" : "string", description: sentences(said(name, comments.outputs[name]).text) },
  ]);
  return {
    description: [unwrapped(comments.kind.text), examplesOf(sample)].join("\n\n"),
    properties: Object.fromEntries([...listed, ...shown]),
    required: [...listed, ...shown].map(([name]) => name),
    inputProperties: { file, ...Object.fromEntries(inputs) },
    // No input is required by itself: a program gives either the file or the tenants.
    // So that stacks of the dynamic provider move without a replacement.
    aliases: [{ type: typeOf(kind) }],
  };
}

/** What a program may give in place of the text. */
const file: Property = {
  type: "string",
  description:
    "In place of `tenants`: a `.csv`, `.json`, `.yaml` or `.yml` file with a tenant in each row, which the provider reads. " +
    "A relative path begins at the program's working directory.",
};
