import { type Definition, isSetting } from "../../src/definitions/definition.ts";
import type { Field, Rule } from "../../src/definitions/field.ts";

/** What a program declares a field with. */
export function inputType({ rule }: Field, flags: string): string {
  switch (rule.type) {
    case "map":
      return "pulumi.Input<Record<string, pulumi.Input<string>>>";
    case "flags":
      return `pulumi.Input<${flags}>`;
    case "texts":
      return "pulumi.Input<readonly pulumi.Input<string>[]>";
    case "pairs":
      return "pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>";
    default:
      return `pulumi.Input<${valueType(rule)}>`;
  }
}

/** What a field is, once it is known. */
export function valueType(rule: Rule): string {
  switch (rule.type) {
    case "text":
      return "string";
    case "texts":
      return "readonly string[]";
    case "choice":
      return rule.of.map((one) => JSON.stringify(one)).join(" | ");
    case "whole":
      return "number";
    case "flag":
      return "boolean";
    case "pairs":
      return "Readonly<Record<string, string>>";
    case "map":
      return "Record<string, string>";
    case "flags":
      // Also those that are not known here.
      return "Record<string, boolean>";
  }
}

/** What an output is, and whether Scalekit always tells it. */
export function outputType({ api, outputs }: Definition, name: string): { type: string; optional: boolean } {
  const { type, createOnly } = outputs[name] ?? { type: "text" };
  const isId = !isSetting(api) && api.id === name;
  const plain = { text: "string", flag: "boolean", number: "number" }[type];
  return { type: plain, optional: !isId && !createOnly && type !== "flag" };
}

/** The same, of what a look-up finds. */
export const readonlyType = (rule: Rule): string =>
  ["map", "flags"].includes(rule.type) ? `Readonly<${valueType(rule)}>` : valueType(rule);
