import type { Field } from "./field.ts";
import { inWords } from "./names.ts";

/**
 * All there is to say of one type of resource. Its checks, lifecycle, state, look-up, documentation and tests come from
 * here, so that a new type is one definition.
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
  /** What only one can have: each key by itself. The first is the one that it is found and adopted by. */
  readonly keys?: readonly Key[];
  /** What a delete loses that no create brings back, as it follows "would take". Goes with the field `deletionProtection`. */
  readonly losing?: string;
  readonly api: CollectionApi | SettingApi;
  /** What is wrong with arguments that are each right, with the field to blame; unknown values are `undefined`. */
  readonly rules?: (args: Values) => readonly (readonly [field: string, reason: string])[];
  /** Whether Scalekit has it in every environment, so that nobody has made it. */
  readonly predefined?: (live: Values) => boolean;
  /** Whether Scalekit says of one that it is its own, so that no program can take it over or delete it. */
  readonly reserved?: (live: Values) => boolean;
}

export type Values = Readonly<Record<string, unknown>>;

/** Something that only Scalekit decides. */
export interface Output {
  readonly type: "text" | "flag" | "number";
  /** Its name on the wire, where that is not its own in snake_case. */
  readonly wire?: string;
  /** A secret that only the answer to a create shows. */
  readonly createOnly?: true;
  /** A secret, which Pulumi keeps as one. */
  readonly secret?: true;
}

/** Fields that no two of a definition can have alike together. */
export interface Key {
  readonly fields: readonly string[];
  /** How the API finds one by it, where that is not by its id: a path after the collection's, and the filter of a list. */
  readonly find?: { readonly path: string; readonly filter: string };
  /** Whether one resource may get it from another in the same run: the fields can be changed in place. */
  readonly handover?: true;
}

/** Remote objects of which there may be any number. */
export interface CollectionApi {
  /** The documented path of all of them, with fields in braces where they are part of it. */
  readonly path: string;
  /** What one of them is called by in the path: a field, or an output that Scalekit makes up. */
  readonly id: string;
  /** That parameter in the API's documentation. */
  readonly parameter: string;
  /** What an id looks like, where that is not its name. */
  readonly example?: string;
  /** The property of an answer that holds one, and the one that holds a list. */
  readonly one: string;
  readonly many: string;
  /**
   * Who makes and deletes them where no program does, as it follows "only": declaring one adopts it, and one that is taken
   * out of the program stays as it is.
   */
  readonly madeBy?: string;
  /** How lists are asked for page by page, where they come in pages. */
  readonly paged: "by token" | "by number" | false;
  /** Where the list of an organization's is, if not at `path`. */
  readonly list?: ListElsewhere;
  /** What one of them has on the wire in a list that has others too, in the names that fields have. */
  readonly listFilter?: Readonly<Record<string, boolean>>;
  /** Fields that every answer shows, so that one without is about something else. */
  readonly alwaysShown?: readonly string[];
  /** Fields that a list may leave out of what it shows, whatever they are. */
  readonly mayOmit?: readonly string[];
  /** How one is changed; absent where the API cannot. */
  readonly update?: Update;
  /** Asked for with each read. */
  readonly query?: Readonly<Record<string, string>>;
  /** The end of the path at which one is given another secret. */
  readonly secret?: string;
  /** Takes one entry out of a list field, for servers that take an empty list for none given. */
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
  /** Whether a request may name some fields and leaves the others. Otherwise it names all. */
  readonly partial?: true;
  /** Whether an update starts from the state, without a look at what is there. */
  readonly fromState?: true;
  /** The ways to say "clear this", one of which the server understands. */
  readonly dialects?: readonly Dialect[];
}

/**
 * How a request says "clear this". The API's documents leave it open for organizations, so the client speaks each plausible
 * way, in this order:
 * - `plain`: what is empty clears, as the API documents it for the slug, and a map that is sent is all of it.
 * - `mask`: an explicit `update_mask`, under which what the body leaves out is cleared.
 * - `null`: JSON null clears, and each entry of a map that has to go is sent as null.
 */
export type Dialect = "plain" | "mask" | "null";

/** Something that every organization has, and that is set and reset. */
export interface SettingApi {
  readonly path: string;
  /** The property of an answer that holds it, and of the request if that has one. */
  readonly one: string;
  readonly wrapped: boolean;
  /** Whether a public endpoint tells how it is set. */
  readonly readable: boolean;
  /** What is sent with every change, in the names that fields have. */
  readonly fixed?: Values;
  /** What is sent when the resource is deleted, likewise. */
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

export const isReadable = ({ api }: Definition): boolean => !isSetting(api) || api.readable;

/** The end of a setting's id is its organization's, so there is one for each. */
const settingKeys: readonly Key[] = [{ fields: [ownerField] }];

export const keysOf = ({ api, keys = [] }: Definition): readonly Key[] => (isSetting(api) ? settingKeys : keys);

/** The fields that one is found by and adopted by, if there are any. */
export const keyFieldsOf = (definition: Definition): readonly string[] | undefined => keysOf(definition)[0]?.fields;

/** Who makes one, where no program does. */
export const makerOf = ({ api }: Pick<Definition, "api">): string | undefined =>
  isSetting(api) ? undefined : api.madeBy;

/** Whether a program can say that a create takes over what has its key. A setting is there before it. */
export const isAdoptable = ({ api, keys = [] }: Definition): boolean =>
  !isSetting(api) && api.madeBy === undefined && keys.length > 0;

/** The fields by which a program can name one. */
export const lookUpFieldsOf = (definition: Definition): readonly string[] => {
  const { api } = definition;
  if (isSetting(api)) return [ownerField];
  return keyFieldsOf(definition) ?? [...(isOwned(definition) ? [ownerField] : []), api.id];
};

/** A key in prose, without the organization that it is unique in: "external ID", "domain and domain type". */
export const keyInWords = (fields: readonly string[]): string =>
  fields
    .filter((field) => field !== ownerField)
    .map(inWords)
    .join(" and ");

/** Where a key is unique. */
export const scopeOf = (fields: readonly string[]): string =>
  fields.includes(ownerField) ? "an organization" : "an environment";

/** One as it follows "belongs to": an id that says what it is of stands alone. */
export const called = ({ noun, api }: Definition, id: string): string =>
  !isSetting(api) && api.example ? id : `the ${noun} ${id}`;

/** One as the subject of a sentence or of a request: "organization org_1", "the role admin". */
export const subjectOf = ({ noun, api }: Definition, id: string): string =>
  !isSetting(api) && api.example ? `${noun} ${id}` : `the ${noun} ${id}`;

/** Whether `live` is one that somebody has set: of what every organization has, some is as it began. */
export const isSet = ({ fields }: Definition, live: Values): boolean =>
  Object.entries(fields).every(([name, { required }]) => !required || live[name] !== undefined);

/** The fields that no update can change, so that another value makes another resource. */
export const isReplacing = ({ api, fields }: Definition, name: string): boolean =>
  fields[name]?.replaces === true ||
  !(isSetting(api) || api.update || fields[name]?.providerOnly || fields[name]?.endpoint);
