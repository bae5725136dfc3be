import { type Definition, isOwned, isSetting, lookUpFieldsOf, ownerField } from "../../src/definitions/definition.ts";
import type { KindComments } from "../docs/comments.mts";
import { code, listed } from "../docs/markdown.mts";
import { comment } from "./comment.mts";
import { outputType, readonlyType } from "./types.mts";
import { idOf, nounOf, oneOf } from "./words.mts";

/** What the look-ups of a kind are called; a kind that no endpoint shows has none. */
export function lookUpNames(definition: Definition): { functions: string[]; types: string[] } {
  const { api, name } = definition;
  if (isSetting(api) && !api.readable) return { functions: [], types: [] };
  const one = { functions: [`get${name}`, `get${name}Output`], types: ["Args", "OutputArgs", "Result"] };
  const many =
    isSetting(api) || handWritten.has(name)
      ? { functions: [], types: [] }
      : { functions: [`get${name}s`, `get${name}sOutput`], types: isOwned(definition) ? ["sArgs", "sOutputArgs"] : [] };
  return {
    functions: [...one.functions, ...many.functions],
    types: [...one.types, ...many.types].map((end) => `Get${name}${end}`),
  };
}

/** Of which the list can be narrowed, by what only organizations have: src/sdk/selection/organizations.ts. */
const handWritten = new Set(["Organization"]);

/** The source of the look-ups of a kind. */
export function lookUps(definition: Definition, comments: KindComments): string {
  const { functions } = lookUpNames(definition);
  if (functions.length === 0) return "";
  const { api, name } = definition;
  return [
    keyTypes(definition, comments),
    resultType(definition, comments),
    `const lookUps = lookUpsOf<Get${name}Result>(definitions.${name});`,
    getOne(definition),
    ...(isSetting(api) || handWritten.has(name)
      ? []
      : [...(isOwned(definition) ? [ownerTypes(definition, comments)] : []), getAll(definition)]),
  ].join("\n\n");
}

/** The same functions, for the native plugin: Pulumi's options say which provider, and so which environment, they ask. */
export function nativeLookUps(definition: Definition): string {
  const { functions } = lookUpNames(definition);
  if (functions.length === 0) return "";
  const { api, name } = definition;
  const lookUps = `const lookUps = nativeLookUpsOf<Get${name}Result>(${JSON.stringify(name)});`;
  return [
    lookUps,
    getOne(definition, true),
    ...(isSetting(api) || handWritten.has(name) ? [] : [getAll(definition, true)]),
  ].join("\n\n");
}

/** What one is looked up by. */
function keyTypes(definition: Definition, comments: KindComments): string {
  const { name, api } = definition;
  const keys = lookUpFieldsOf(definition);
  const key = (type: string) =>
    keys.map((key) => `${comment(commentOn(key, comments), {}, 4)}\nreadonly ${key}: ${type};`).join("\n");
  const id = (type: string) =>
    `${comment(`What Pulumi calls it by, \`${idOf(definition)}\`.`, {}, 4)}\nreadonly id: ${type};`;
  const without = (names: readonly string[]) => names.map((each) => `readonly ${each}?: undefined;`).join(" ");
  const either = (type: string) =>
    isSetting(api)
      ? `{\n${key(type)} }`
      : `| {\n${id(type)} ${without(keys)} }\n| {\n${key(type)} ${without(["id"])} }`;
  const by = listed(keys.map(code));
  const [text, declared] = isSetting(api)
    ? [`Which one: that of the organization.`, (end: string) => `export interface Get${name}${end} `]
    : [
        `Which one: by the \`id\` that Pulumi has for it, or by ${by}. Exactly one of the two.`,
        (end: string) => `export type Get${name}${end} =`,
      ];
  return `${comment(text)}
${declared("Args")}${either("string")}

/** The same, with values that may not be known yet. */
${declared("OutputArgs")}${either("pulumi.Input<string>")}`;
}

function resultType(definition: Definition, comments: KindComments): string {
  const { fields, outputs, name } = definition;
  const shown = Object.entries(outputs).filter(([, { createOnly }]) => !createOnly);
  const secrets = Object.keys(outputs).filter((output) => !shown.some(([name]) => name === output));
  const all = [
    ...Object.entries(fields)
      .filter(([, { providerOnly }]) => !providerOnly)
      // A map that has nothing is empty.
      .map(([field, { rule, required }]) => ({
        name: field,
        type: readonlyType(rule),
        optional: !required && rule.type !== "map",
      })),
    ...shown.map(([output]) => ({ name: output, ...outputType(definition, output) })),
  ];
  const lines = all.map(({ name, type, optional }) => {
    const value = optional ? `${name}?: ${type} | undefined` : `${name}: ${type}`;
    return `${comment(commentOn(name, comments), {}, 2)}\nreadonly ${value};`;
  });
  const never = secrets.map((secret) => ` Its \`${secret}\` is not among it: Scalekit tells that once, at the create.`);
  return `${comment(`What Scalekit has of ${oneOf(definition)} now.${never.join("")}`)}
export interface Get${name}Result {
${comment(`What Pulumi calls it by, \`${idOf(definition)}\`.`, {}, 2)}
readonly id: string;
${lines.join("\n")}
}`;
}

function getOne(definition: Definition, isNative = false): string {
  const { name, api } = definition;
  const [parameter, given] = isNative ? [`, ${invokeOptions}`, ", opts"] : ["", ""];
  const missing = isSetting(api) ? "the organization has none of its own" : "there is none";
  const text = `Reads ${oneOf(definition)} that exists, whoever manages it, in a preview too. Fails if ${missing}.

A run asks Scalekit once for it, however often the program does.`;
  return `${comment(text)}
export const get${name} = (args: Get${name}Args${parameter}): Promise<Get${name}Result> => lookUps.get(args${given});

${comment(`{@link get${name}} for values that may not be known yet. What is looked up by a secret is a secret.`)}
export const get${name}Output = (args: Get${name}OutputArgs${parameter}): pulumi.Output<Get${name}Result> => lookUps.getOutput(args${given});`;
}

function getAll(definition: Definition, isNative = false): string {
  const { name, noun, predefined } = definition;
  const owned = isOwned(definition);
  const which = owned ? "" : " of the environment";
  const also = predefined ? ", also those that every environment has" : "";
  const parameters = (end: string) =>
    [...(owned ? [`args: Get${name}s${end}`] : []), ...(isNative ? [invokeOptions] : [])].join(", ");
  const given = [...(owned ? ["args"] : isNative ? ["{}"] : []), ...(isNative ? ["opts"] : [])].join(", ");
  const later = owned ? "for a value that may not be known yet" : "as an output";
  return `${comment(`Reads every ${nounOf(noun)}${which}${also}, in a preview too; none is no error.`)}
export const get${name}s = (${parameters("Args")}): Promise<Get${name}Result[]> => lookUps.list(${given});

${comment(`{@link get${name}s} ${later}.`)}
export const get${name}sOutput = (${parameters("OutputArgs")}): pulumi.Output<Get${name}Result[]> => lookUps.listOutput(${given});`;
}

const invokeOptions = "opts?: pulumi.InvokeOptions";

/** Whose are listed. */
function ownerTypes({ name }: Definition, comments: KindComments): string {
  const typeFor = (text: string, end: string, type: string) => `${comment(text)}
export interface Get${name}s${end} {
${comment(commentOn(ownerField, comments), {}, 2)}
readonly ${ownerField}: ${type};
}`;
  return [
    typeFor("Whose.", "Args", "string"),
    typeFor("The same, with a value that may not be known yet.", "OutputArgs", "pulumi.Input<string>"),
  ].join("\n\n");
}

const commentOn = (name: string, { fields, outputs }: KindComments): string => {
  const said = fields[name] ?? outputs[name];
  if (!said?.text) throw new Error(`${name} has no comment in its definition`);
  return said.text;
};
