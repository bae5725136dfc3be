import { type Definition, isOwned, ownerField } from "../../src/definitions/definition.ts";
import type { SemanticsOptions } from "../../src/emulator/index.ts";
import type { ResourceState } from "../../src/lifecycle/resource-goal.ts";
import { resourceLifecycle } from "../../src/lifecycle/resource-lifecycle.ts";
import { begin as beginOrganizations } from "./lifecycle.ts";
import { connect } from "./plain-client.ts";
import { type Args, changeable, sampleOf, valuesOf } from "./samples.ts";

/** The lifecycle of a kind over real HTTP, in an environment that has an organization and what the samples name. */
export async function beginWith(definition: Definition, semantics: SemanticsOptions = {}) {
  const base = await beginOrganizations(semantics);
  const { emulator, client, said } = base;
  const hand = await connect(emulator.url, emulator.credentials);
  const organization: string = (await hand.create({ display_name: "Megasoft" })).id;
  await hand.call("PATCH", `/organizations/${organization}/settings`, {
    features: [{ name: "session_policy", enabled: true }],
  });
  for (const field of Object.values(definition.fields)) await plant(field);
  const endpoints = client.of(definition);
  const sendable = [...changeable(definition), ...("repeats" in definition.api ? (definition.api.repeats ?? []) : [])];

  /** Somebody's change of one that exists. */
  const edit = (id: string, values: Args) =>
    endpoints.update(id, Object.fromEntries(Object.entries(values).filter(([name]) => sendable.includes(name))));

  /** What a field's samples name has to be there. */
  async function plant(field: Definition["fields"][string]): Promise<void> {
    for (const name of new Set(valuesOf(field).flat() as string[])) {
      if (field.names === "Permission") await hand.call("POST", "/permissions", { name });
      if (field.names === "Role") await hand.call("POST", "/roles", { name, display_name: name });
    }
  }

  const journal = () => base.process().journal;

  /** The lifecycle as a process of its own would have it, with the journal that earlier ones left. */
  const process = (over = client) =>
    resourceLifecycle(definition, over, { journal: journal(), say: (line) => said.push(line) });
  const owner: Args = isOwned(definition) ? { [ownerField]: organization } : {};

  return {
    ...base,
    hand,
    organization,
    endpoints,
    edit,
    journal,
    process,
    lifecycle: process(),
    /** Every field with a value, and only those that have to be declared. */
    full: sampleOf(definition, named(definition, owner)),
    least: sampleOf(definition, named(definition, owner), { all: false }),
    /** All of them that are there, but for what the environment had before. */
    all: async () => {
      if ("reset" in definition.api) return [await endpoints.get(organization)];
      const found = [];
      for await (const one of endpoints.list(owner[ownerField] as string | undefined)) found.push(one);
      return found;
    },
  };
}

/** A name of its own, so that samples of names that are referred to are not in its way. */
export const named = ({ fields }: Definition, owner: Args): Args =>
  fields["name"]?.replaces ? { ...owner, name: "own_name" } : owner;

/** What an error brings along for the engine to keep. */
export interface Kept {
  readonly id?: string;
  readonly properties?: ResourceState;
}
