import type { Field } from "./field.ts";
import { inWords } from "./names.ts";

/**
 * Everything about one resource type. Checks, lifecycle, state, look-ups, documentation and tests are driven by it, so a new
 * type is one definition.
 *
 * The comment above a field is its documentation, in editors and in docs/reference.md; the one above the definition is its
 * class's, with an example. `npm run docs` writes both from here.
 */
export interface Definition {
  /** The class that programs use, and the end of the type in URNs. */
  readonly name: string;
  /** As it follows "could not create the". */
  readonly noun: string;
  /** Several of them, as commands and files call them: "organization-roles". */
  readonly plural: string;
  /** The permissions that Scalekit asks of an API client for it, by the descriptors in its own SDKs. */
  readonly needs: readonly string[];
  readonly fields: Readonly<Record<string, Field>>;
  readonly outputs: Readonly<Record<string, Output>>;
  /** The unique keys. Objects are found and adopted by the first one. */
  readonly keys?: readonly Key[];
  /** What a delete loses and no create brings back, as it follows "would also remove". Goes with the field `deletionProtection`. */
  readonly losing?: string;
  readonly api: CollectionApi | SettingApi;
  /** Problems between arguments that are valid by themselves, each with its field. Unknown values are `undefined`. */
  readonly rules?: (args: Values) => readonly (readonly [field: string, reason: string])[];
  /** Whether Scalekit defines it in every environment. */
  readonly predefined?: (live: Values) => boolean;
  /** Whether an object is Scalekit's own, so that no program can take it over or delete it. */
  readonly reserved?: (live: Values) => boolean;
}

export type Values = Readonly<Record<string, unknown>>;

/** A value that only Scalekit decides. */
export interface Output {
  readonly type: "text" | "flag" | "number";
  /** Its name on the wire, if that is not its own name in snake_case. */
  readonly wire?: string;
  /** A secret that only the answer to a create shows. */
  readonly createOnly?: true;
  /** A secret, which Pulumi keeps as one. */
  readonly secret?: true;
}

/** The outputs that Pulumi keeps as secrets. */
export const secretOutputsOf = ({ outputs }: Pick<Definition, "outputs">): string[] =>
  Object.keys(outputs).filter((name) => outputs[name]?.secret || outputs[name]?.createOnly);

/** Fields that no two objects of a definition may share, taken together. */
export interface Key {
  readonly fields: readonly string[];
  /** How the API finds an object by this key, if not by its id: a path after the collection's, and a list's filter. */
  readonly find?: { readonly path: string; readonly filter: string };
  /** Whether one resource may get this key from another in the same run: it is one field, which can be changed in place. */
  readonly handover?: true;
}

/** Remote objects of which there may be any number. */
export interface CollectionApi {
  /** The documented path of the collection, with fields in braces. */
  readonly path: string;
  /** What names an object in the path: a field, or an output that Scalekit decides. */
  readonly id: string;
  /** The name of that parameter in the API's documentation. */
  readonly parameter: string;
  /** What an id looks like, if it is not the name. */
  readonly example?: string;
  /** The property of an answer that holds one object, and the one that holds a list. */
  readonly one: string;
  readonly many: string;
  /**
   * Who creates and deletes them, if no program does, as it follows "only". Declaring one adopts it, and removing it from the
   * program leaves it unchanged.
   */
  readonly madeBy?: string;
  /** How the pages of a list are requested, if it has pages. */
  readonly paged: "by token" | "by number" | false;
  /** Where the list of an organization's is, if not at `path`. */
  readonly list?: ListElsewhere;
  /** The values that distinguish these objects in a list that also has others, by field name. */
  readonly listFilter?: Readonly<Record<string, boolean>>;
  /** Fields that every answer shows. An answer without them is about something else. */
  readonly alwaysShown?: readonly string[];
  /** Fields that a list may leave out. */
  readonly mayOmit?: readonly string[];
  /** How an object is updated; absent if the API cannot. */
  readonly update?: Update;
  /** The query of each read. */
  readonly query?: Readonly<Record<string, string>>;
  /** The end of the path that gives an object another secret. */
  readonly secret?: string;
  /** Removes one entry of a list field, for servers that ignore an empty list. */
  readonly removeEntry?: { readonly field: string; readonly path: string };
}

export interface ListElsewhere {
  readonly path: string;
  /** The parameter of the query that says whose to list. */
  readonly owner: string;
  /** What else is asked for. */
  readonly query: Readonly<Record<string, string>>;
}

export interface Update {
  readonly method: "PUT" | "PATCH";
  /** Fields that the request must repeat although it cannot change them. */
  readonly repeats?: readonly string[];
  /** Whether a request may name some fields and leave the others alone. Otherwise it names all. */
  readonly partial?: true;
  /** Whether an update starts from the state, without a read. */
  readonly fromState?: true;
  /** The ways to say "clear this", one of which the server understands. */
  readonly dialects?: readonly Dialect[];
}

/**
 * How a request says "clear this". The API's documents leave it open for organizations, so the client tries the plausible ways
 * in this order:
 * - `plain`: an empty value clears, as the API documents it for the slug, and a map that is sent replaces the whole map.
 * - `mask`: an explicit `update_mask`, which clears the fields that the body leaves out.
 * - `null`: JSON null clears a field, and also each entry of a map.
 */
export type Dialect = "plain" | "mask" | "null";

/** A setting that every organization has. It is set and reset, not created and deleted. */
export interface SettingApi {
  readonly path: string;
  /** The property of an answer that holds it, and of the request if it is wrapped. */
  readonly one: string;
  readonly wrapped: boolean;
  /** Whether a public endpoint shows how it is set. */
  readonly readable: boolean;
  /** Values that every change sends, by field name. */
  readonly fixed?: Values;
  /** Values that a delete sends, by field name. */
  readonly reset: Values;
}

export const isSetting = (api: CollectionApi | SettingApi): api is SettingApi => "reset" in api;

/** A definition with its own types kept. */
export const define = <const D extends Definition>(definition: D): D => definition;

/** The field that names the organization that a resource belongs to. */
export const ownerField = "organizationId";

/** The field that says whether a delete is refused. */
export const protectionField = "deletionProtection";

export const isOwned = ({ fields }: Pick<Definition, "fields">): boolean => ownerField in fields;

/** The organization that a resource belongs to, if it belongs to one. */
export const ownerOf = (values: Values): string | undefined => values[ownerField] as string | undefined;

export const isReadable = ({ api }: Definition): boolean => !isSetting(api) || api.readable;

/** A setting's key is its organization, since each organization has one. */
const settingKeys: readonly Key[] = [{ fields: [ownerField] }];

export const keysOf = ({ api, keys = [] }: Definition): readonly Key[] => (isSetting(api) ? settingKeys : keys);

/** The fields by which objects are found and adopted, if there are any. */
export const keyFieldsOf = (definition: Definition): readonly string[] | undefined => keysOf(definition)[0]?.fields;

/** The fields that may change hands within one run, each a key by itself. */
export const handedOver = (definition: Definition): readonly string[] =>
  keysOf(definition).flatMap(({ fields, handover }) => (handover ? fields : []));

/** Who creates the objects, if no program does. */
export const makerOf = ({ api }: Pick<Definition, "api">): string | undefined =>
  isSetting(api) ? undefined : api.madeBy;

/** Whether a create can take over the object with its key, if `adopt` says so. A setting always exists, so it is not adopted. */
export const isAdoptable = ({ api, keys = [] }: Definition): boolean =>
  !isSetting(api) && api.madeBy === undefined && keys.length > 0;

/** The fields by which a look-up can name an object. */
export const lookUpFieldsOf = (definition: Definition): readonly string[] => {
  const { api } = definition;
  if (isSetting(api)) return [ownerField];
  return keyFieldsOf(definition) ?? [...(isOwned(definition) ? [ownerField] : []), api.id];
};

/** What a look-up of all of them calls the list that it found: "organizationRoles". */
export const listedAs = ({ plural }: Pick<Definition, "plural">): string =>
  plural.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A key in prose, without the organization that it is unique in: "external ID", "domain and domain type". */
export const keyInWords = (fields: readonly string[]): string =>
  fields
    .filter((field) => field !== ownerField)
    .map(inWords)
    .join(" and ");

/** A key in prose with its article: "an external ID", "a slug". */
export const aKeyInWords = (fields: readonly string[]): string => {
  const words = keyInWords(fields);
  return `${/^[aeiou]/.test(words) ? "an" : "a"} ${words}`;
};

/** Where a key is unique. */
export const scopeOf = (fields: readonly string[]): string =>
  fields.includes(ownerField) ? "an organization" : "an environment";

/** An object, as it follows "belongs to". */
export const called = ({ noun, api }: Definition, id: string): string =>
  !isSetting(api) && api.example ? id : `the ${noun} ${id}`;

/** One as the subject of a sentence or of a request: "organization org_1", "the role admin". */
export const subjectOf = ({ noun, api }: Definition, id: string): string =>
  !isSetting(api) && api.example ? `${noun} ${id}` : `the ${noun} ${id}`;

/** Whether `live` has its required fields. A setting may never have been set. */
export const isSet = ({ fields }: Definition, live: Values): boolean =>
  Object.entries(fields).every(([name, { required }]) => !required || live[name] !== undefined);

/** Whether no update can change the field, so that another value replaces the resource. */
export const isReplacing = ({ api, fields }: Definition, name: string): boolean =>
  fields[name]?.replaces === true ||
  !(isSetting(api) || api.update || fields[name]?.providerOnly || fields[name]?.endpoint);
