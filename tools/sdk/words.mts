import { type Definition, isOwned, isSetting, keyFieldsOf } from "../../src/definitions/definition.ts";
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
  const own = isSetting(api) ? [] : [api.id.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()];
  return [...(isOwned(definition) ? ["org_…"] : []), ...own].join("/");
}

/** Whether another value of the field makes another resource, because the API cannot change it. */
export const isReplacing = ({ api, fields }: Definition, name: string): boolean =>
  fields[name]?.replaces === true || (!isSetting(api) && api.update === undefined);

/** Whether one that exists can be taken over, because a program can name it. */
export const isAdoptable = ({ api }: Definition): boolean => !isSetting(api) && api.unique !== undefined;

export const adoption = (definition: Definition): string =>
  `Whether one that exists with the same ${listed(keyFieldsOf(definition).map(code))} is taken over, and brought to what ` +
  "is declared, where otherwise the create would fail.";

/** What is said of a field besides its comment. */
export function limitsOf(definition: Definition, name: string): string {
  const field = definition.fields[name];
  if (field === undefined) return "";
  const limits = field.rule.type === "choice" || field.limits === "" ? [] : [sentence(field.limits)];
  const replaced = isReplacing(definition, name) ? ["A change replaces the resource."] : [];
  const kept = field.unclearable ? ["Once declared, it cannot be taken out: Scalekit does not clear it."] : [];
  return [...limits, ...replaced, ...kept].join(" ");
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
