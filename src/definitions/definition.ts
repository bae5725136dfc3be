import type { Field } from "./field.ts";

/**
 * All there is to say of one kind of resource. Its checks, lifecycle, state, look-up, documentation and tests come from
 * here, so that a new kind is one definition.
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
  readonly api: CollectionApi | SettingApi;
  /** What is wrong with arguments that are each right, with the field to blame; unknown values are `undefined`. */
  readonly rules?: (args: Readonly<Record<string, unknown>>) => readonly (readonly [field: string, reason: string])[];
  /** Whether Scalekit has it in every environment, so that nobody has made it. */
  readonly predefined?: (live: Readonly<Record<string, unknown>>) => boolean;
  /** Whether Scalekit says of one that it is its own, so that no program is to take it over or delete it. */
  readonly reserved?: (live: Readonly<Record<string, unknown>>) => boolean;
}

/** Something that only Scalekit decides. */
export interface Output {
  readonly type: "text" | "flag" | "number";
  /** Its name on the wire, where that is not its own in snake_case. */
  readonly wire?: string;
  /** A secret that the API tells once, at the create, and never again. */
  readonly once?: true;
  /** A secret, which Pulumi is to keep as one. */
  readonly secret?: true;
}

/** Things that are made and deleted. */
export interface CollectionApi {
  /** The documented path of all of them, with fields in braces where they are part of it. */
  readonly path: string;
  /** What one of them is called by in the path: a field, or an output that Scalekit makes up. */
  readonly id: string;
  /** That parameter in the API's documentation. */
  readonly parameter: string;
  /** The property of an answer that holds one, and the one that holds a list. */
  readonly one: string;
  readonly many: string;
  /** How lists are asked for page by page, where they come in pages. */
  readonly paged: "by token" | "by number" | false;
  /** What one of this kind has on the wire in a list that has others too, in the names that fields have. */
  readonly listed?: Readonly<Record<string, boolean>>;
  /** How one is changed; absent where the API cannot. */
  readonly update?: "PUT" | "PATCH";
  /** Fields that the request must repeat although it cannot change them. */
  readonly repeats?: readonly string[];
  /** Asked for with each read. */
  readonly query?: Readonly<Record<string, string>>;
  /** The fields that only one of them can have together, if any. */
  readonly unique?: readonly string[];
  /** The end of the path at which one is given another secret. */
  readonly secret?: string;
  /** Empties a list field by requests of its own, for servers that take an empty list for none given. */
  readonly takeOut?: { readonly field: string; readonly path: string };
}

/** Something that every organization has, and that is set and reset. */
export interface SettingApi {
  readonly path: string;
  /** The property of an answer that holds it, and of the request if that has one. */
  readonly one: string;
  readonly wrapped: boolean;
  /** Whether a public endpoint tells how it is set. */
  readonly readable: boolean;
  /** What is sent with every change, in the names that fields have. */
  readonly always?: Readonly<Record<string, unknown>>;
  /** What is sent when the resource is deleted, likewise. */
  readonly reset: Readonly<Record<string, unknown>>;
}

export const isSetting = (api: CollectionApi | SettingApi): api is SettingApi => "reset" in api;

/** A definition with its own types kept. */
export const define = <const D extends Definition>(definition: D): D => definition;

/** The field that names the organization that a resource belongs to. */
export const ownerField = "organizationId";

export const isOwned = ({ fields }: Pick<Definition, "fields">): boolean => ownerField in fields;

/** The fields by which one is known from all others, as a program can name it. */
export const keyFieldsOf = (definition: Definition): readonly string[] => {
  const { api } = definition;
  if (isSetting(api)) return [ownerField];
  return api.unique ?? [...(isOwned(definition) ? [ownerField] : []), api.id];
};

/** Whether `live` is one that somebody has set: of what every organization has, some is as it began. */
export const isSet = ({ fields }: Definition, live: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(fields).every(([name, { required }]) => !required || live[name] !== undefined);

/** The fields that no two of a kind may have alike together, if there are any. */
export const uniqueFieldsOf = ({ api }: Definition): readonly string[] | undefined =>
  isSetting(api) ? [ownerField] : api.unique;
