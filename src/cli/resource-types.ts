import { Option } from "commander";
import { type Definition, isReadable } from "../definitions/definition.ts";
import { definitions } from "../definitions/index.ts";

const { Organization: organization, ...others } = definitions;

const all: readonly Definition[] = Object.values(definitions);

/** What a public endpoint reads besides organizations. */
const readable = Object.values<Definition>(others).filter(isReadable);

const namesOf = (kinds: readonly Definition[]): string[] => kinds.map(({ plural }) => plural);

/** An option for kinds that can be read besides organizations, or for all of them. */
export const kindsOption = (flags: string, description: string): Option =>
  new Option(flags, description).choices([...namesOf(readable), "all"]);

/** An option for one kind, where it is not organizations. */
export const kindOption = (flags: string, description: string): Option =>
  new Option(flags, description).choices(namesOf(readable));

/** An option for kinds that a stack can have, or for all of them. */
export const stackKindsOption = (flags: string, description: string): Option =>
  new Option(flags, description).choices([...namesOf(all), "all"]);

/** What a user said for kinds that can be read besides organizations. */
export const kindsNamed = (names: readonly string[] = []): Definition[] =>
  readable.filter(({ plural }) => names.includes(plural) || names.includes("all"));

export const isOrganization = ({ definition }: { readonly definition: Definition }): boolean =>
  definition === organization;

/** An organization by itself, and anything else with what it is. */
export const called = (definition: Definition, text: string): string =>
  definition === organization ? text : `${definition.name} ${text}`;

/** A name, with that of the set that it is in. */
export const nameWith = (name: string, set: string | undefined): string =>
  set === undefined ? name : `${name} of ${set}`;

/** How many of each kind: `2 organizations, 1 role and 3 domains`. */
export function countsInWords(sizes: ReadonlyMap<string, number>): string {
  const counts = [...sizes].map(([plural, size]) => `${size} ${pluralInWords(plural, size)}`);
  return counts.length < 2 ? counts.join() : `${counts.slice(0, -1).join(", ")} and ${counts.at(-1)}`;
}

/** `organization roles`, or `organization role` of one. */
export const pluralInWords = (plural: string, count = 2): string =>
  (count === 1 ? plural.replace(/ies$/, "y").replace(/s$/, "") : plural).replaceAll("-", " ");
