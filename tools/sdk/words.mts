import { type Definition, isOwned, isReplacing, isSetting, keyFieldsOf } from "../../src/definitions/definition.ts";
import { code, listed } from "../docs/markdown.mts";

/** "a role", "an API client of an organization", "the session policy of an organization". */
export function oneOf({ noun, api }: Definition): string {
  const name = nounOf(noun);
  return isSetting(api) ? `the ${name}` : `${/^[aeiou]/i.test(name) ? "an" : "a"} ${name}`;
}

/** Of any organization, where it belongs to one. */
export const nounOf = (noun: string): string => noun.replace("of the organization", "of an organization");

/** What Pulumi calls one by, such as `org_…/NAME`. */
export function idOf(definition: Definition): string {
  const { api } = definition;
  if (!isSetting(api) && api.example) return "org_…";
  const own = isSetting(api) ? [] : [api.id.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()];
  return [...(isOwned(definition) ? ["org_…"] : []), ...own].join("/");
}

export const adoption = (definition: Definition): string =>
  `Whether one that exists with the same ${listed((keyFieldsOf(definition) ?? []).map(code))} is taken over, and brought to what ` +
  "is declared, where otherwise the create would fail.";

/** What is said of a field besides its comment. */
export function limitsOf(definition: Definition, name: string): string {
  const field = definition.fields[name];
  if (field === undefined) return "";
  const limits = ["choice", "flags"].includes(field.rule.type) || field.limits === "" ? [] : [sentence(field.limits)];
  const replaced = isReplacing(definition, name) ? ["A change replaces the resource."] : [];
  const kept = field.unclearable ? ["Once declared, it cannot be removed: Scalekit does not clear it."] : [];
  return [...limits, ...replaced, ...kept].join(" ");
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** `organization-role.ts` */
export const fileOf = ({ name }: Definition): string =>
  `${name.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.ts`;
