import { type Definition, isAdoptable, isSetting, keyFieldsOf, ownerField } from "../../src/definitions/definition.ts";
import { nativeTypeOf, typeOf } from "../../src/definitions/tokens.ts";
import type { KindComments } from "../docs/comments.mts";
import { unwrapped } from "../sdk/comment.mts";
import { outputType } from "../sdk/types.mts";
import { adoption, idOf } from "../sdk/words.mts";
import { fieldOf, inputProperty, outputProperty, replacing, shownProperty } from "./property.mts";
import { examplesOf } from "./samples/examples.mts";
import type { Sample } from "./samples/sample.mts";

/** One kind of resource. */
export function resource(definition: Definition, comments: KindComments, sample: Sample) {
  const { fields, outputs, name: kind } = definition;
  const inputs = Object.keys(fields);
  // What holds anyway is no output.
  const shown = inputs.filter((name) => fieldOf(definition, name).fallback === undefined);
  const required = (names: readonly string[]) => names.filter((name) => fieldOf(definition, name).required);
  return {
    description: [
      unwrapped(comments.kind.text),
      "An argument that is left out is left alone at Scalekit. One that is taken out of the program is cleared there.",
      examplesOf(sample),
      importOf(definition, sample),
    ].join("\n\n"),
    properties: {
      ...Object.fromEntries(
        shown.map((name) => [name, { ...shownProperty(definition, name, comments), ...replacing(definition, name) }]),
      ),
      ...Object.fromEntries(Object.keys(outputs).map((name) => [name, outputProperty(definition, name, comments)])),
    },
    required: [...required(shown), ...Object.keys(outputs).filter((name) => !outputType(definition, name).optional)],
    inputProperties: {
      ...Object.fromEntries(inputs.map((name) => [name, inputProperty(definition, name, comments)])),
      ...(isAdoptable(definition) && {
        adopt: { type: "boolean", description: `${adoption(definition)} Defaults to false.` },
      }),
    },
    requiredInputs: required(inputs),
    // So that stacks of the dynamic provider move without a replacement.
    aliases: [{ type: typeOf(kind) }],
  };
}

function importOf(definition: Definition, { resources }: Sample): string {
  const { api, name } = definition;
  const one = resources.find((declared) => declared.definition === definition);
  const command = `pulumi import ${nativeTypeOf(name)} ${one?.name} ${idOf(definition)}`;
  const key = keyFieldsOf(definition);
  const isId = isSetting(api) || key === undefined || key.includes(api.id);
  const given = (field: string) => (field === ownerField ? "org_…" : one?.args[field]);
  const byKey = isId
    ? ""
    : `\n\nIn place of the id it takes what is unique: \`${key.map((field) => `${field}=${given(field)}`).join(",")}\`.`;
  return `## Import\n\n\`\`\`sh\n${command}\n\`\`\`${byKey}`;
}
