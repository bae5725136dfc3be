import type { Values } from "../../src/definitions/definition.ts";
import { organizationSet } from "../../src/definitions/organization-set.ts";
import type { SemanticsOptions } from "../../src/emulator/index.ts";
import { newSet, type SetOptions } from "../../src/set/set.ts";
import { textOfTenants } from "../../src/set/tenants-text.ts";
import { begin } from "./lifecycle.ts";

export type Tenant = Record<string, unknown> & { externalId: string; displayName: string };

/** What an engine keeps of a set. */
export interface SavedSet {
  readonly id: string;
  readonly state: Values;
}

export const urn = "urn:pulumi:test::test::pulumi-nodejs:dynamic/scalekit:OrganizationSet::customers";

/** A set over real HTTP, and an engine that keeps its state: each run is a process of its own. */
export async function beginSet(semantics: SemanticsOptions = {}) {
  const begun = await begin(semantics);
  let saved: SavedSet | undefined;

  const process = (options: Partial<SetOptions> = {}) =>
    newSet(organizationSet, begun.client, {
      journal: begun.journal(),
      say: (line) => void begun.said.push(line),
      ...options,
    });

  const inputsOf = (tenants: readonly Tenant[], settings: Values = {}): Values => ({
    deletionProtection: false,
    ...settings,
    tenants: textOfTenants(tenants),
  });

  /** What an `up` does. Gives its error, and keeps what the error or the answer says, unless the engine `dies`. */
  async function up(
    inputs: Values,
    { dies = false, ...options }: Partial<SetOptions> & { dies?: boolean } = {},
  ): Promise<Error | undefined> {
    const set = process(options);
    const before = saved;
    let after = saved;
    let failed: Error | undefined;
    try {
      if (before === undefined) after = await set.create(inputs, urn);
      else if ((await set.diff(before.state, inputs)).isChanged)
        after = { id: before.id, ...(await set.update(before.id, before.state, inputs, urn)) };
    } catch (error) {
      failed = error as Error;
      const { id, properties } = error as { id?: string; properties?: Values };
      if (id !== undefined && properties !== undefined) after = { id, state: properties };
    }
    if (!dies) saved = after;
    return failed;
  }

  async function refresh(): Promise<void> {
    if (saved !== undefined) saved = { id: saved.id, ...(await process().read(saved.id, saved.state)) };
  }

  async function isUnchanged(inputs: Values): Promise<boolean> {
    return saved !== undefined && !(await process().diff(saved.state, inputs)).isChanged;
  }

  const held = (): string[] =>
    begun.emulator
      .organizations()
      .map(({ external_id, display_name, metadata }) => `${external_id} ${display_name} ${JSON.stringify(metadata)}`)
      .sort();

  return {
    ...begun,
    process,
    inputsOf,
    up,
    refresh,
    isUnchanged,
    held,
    saved: () => saved,
    keep: (state: SavedSet | undefined) => {
      saved = state;
    },
    /** Scalekit's ids by external ID. */
    ids: () => Object.fromEntries(begun.emulator.organizations().map((one) => [one.external_id ?? "", one.id])),
  };
}
