import type { Collection, collections } from "./collection.ts";
import type { Kinds } from "./stored.ts";

/** How the ids of a kind begin. */
const prefixes: Readonly<Record<keyof Kinds, string>> = {
  permissions: "perm_",
  roles: "role_",
  default_roles: "defaults_",
  domains: "dom_",
  clients: "m2morg_",
  connections: "conn_",
  session_policies: "policy_",
  user_management_settings: "settings_",
};

export const kinds = Object.keys(prefixes) as readonly (keyof Kinds)[];

export type Collections = { readonly [K in keyof Kinds]: Collection<Kinds[K]> };

/** The collection of every kind. */
export const collectionsIn = (collectionOf: ReturnType<typeof collections>): Collections =>
  Object.fromEntries(kinds.map((kind) => [kind, collectionOf(kind, prefixes[kind])])) as unknown as Collections;
