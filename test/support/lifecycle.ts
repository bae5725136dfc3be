import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Client, newClient } from "../../src/api/client.ts";
import type { Endpoints } from "../../src/api/endpoints.ts";
import {
  type Definition,
  isOwned,
  isSetting,
  makerOf,
  ownerField,
  protectionField,
} from "../../src/definitions/definition.ts";
import type { Field } from "../../src/definitions/field.ts";
import { organization } from "../../src/definitions/organization.ts";
import { isOn, same, unmetFields, type Want } from "../../src/definitions/want.ts";
import { type EmulatorOptions, type SemanticsOptions, startEmulator } from "../../src/emulator/index.ts";
import { openJournal } from "../../src/lifecycle/journal.ts";
import { journalFile } from "../../src/lifecycle/journal-file.ts";
import { newLifecycle } from "../../src/lifecycle/lifecycle.ts";
import { type State, statesOf } from "../../src/lifecycle/state.ts";
import { connect } from "./plain-client.ts";
import { type Args, changeable, sampleOf, valuesOf } from "./samples.ts";

/** Retries without waiting. */
export const unhurried = { now: Date.now, random: () => 0, sleep: async () => {} };

export const full = {
  displayName: "Megasoft",
  externalId: "CUST-1",
  metadata: { tier: "gold", plan: "annual" },
};

/** What organizations are in a state. */
export const { changedFields, declaredIn } = statesOf(organization);

/** What an error brings along for the engine to keep. */
export interface Kept {
  readonly id?: string;
  readonly properties?: State;
}

/** The lifecycle of organizations over real HTTP, on an emulator of the test's own. */
export async function begin(semantics: SemanticsOptions = {}, seed: EmulatorOptions["seed"] = []) {
  const emulator = await startEmulator({ semantics, seed });
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-journal-"));
  const said: string[] = [];
  const client = newClient({ environmentUrl: emulator.url, ...emulator.credentials, clock: unhurried });
  onTestFinished(async () => {
    await client.close();
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  const say = (line: string) => void said.push(line);

  const journal = (stack = "stack") => {
    const file = journalFile(join(folder, `${stack}.jsonl`), say);
    return openJournal(emulator.url, () => file);
  };

  /** The lifecycle as a process of its own would have it, remembering what earlier ones of its stack left. */
  const processOf = (definition: Definition, stack?: string, over: Client = client) => {
    const own = journal(stack);
    return { ...newLifecycle(definition, over, { journal: own, say }), journal: own };
  };
  const process = (stack?: string, over?: Client) => processOf(organization, stack, over);
  const organizations = client.of(organization);

  return {
    emulator,
    client,
    organizations,
    edit: editorOf(organization, organizations),
    folder,
    said,
    journal,
    processOf,
    process,
    lifecycle: process(),
    /** How many requests were made that may change something. */
    writes: () => emulator.requests.filter(({ method, path }) => method !== "GET" && path !== "/oauth/token").length,
    stored: () => emulator.organizations()[0],
  };
}

/**
 * The lifecycle of a definition, in an environment that has an organization for it and what the samples name.
 *
 * @param started called when the environment has what every environment has
 */
export async function beginWith(definition: Definition, semantics: SemanticsOptions = {}, started = () => {}) {
  const base = await begin(semantics);
  started();
  const { emulator, client, processOf } = base;
  const hand = await connect(emulator.url, emulator.credentials);
  const owned = isOwned(definition);
  const owner: string = owned ? (await hand.create({ display_name: "Megasoft" })).id : "";
  if (owned)
    await hand.call("PATCH", `/organizations/${owner}/settings`, {
      features: [{ name: "session_policy", enabled: true }],
    });
  for (const field of Object.values(definition.fields)) await plant(field);
  const endpoints = client.of(definition);

  /** What a field's samples name has to be there. */
  async function plant(field: Definition["fields"][string]): Promise<void> {
    for (const name of new Set(valuesOf(field).flat() as string[])) {
      if (field.references === "Permission") await hand.call("POST", "/permissions", { name });
      if (field.references === "Role") await hand.call("POST", "/roles", { name, display_name: name });
    }
  }

  // What no program makes is there before.
  const given: Args = {
    ...(owned && { [ownerField]: owner }),
    ...(makerOf(definition) && { connectionId: emulator.connect(owner) }),
  };
  const process = (over?: Client) => processOf(definition, undefined, over);

  return {
    ...base,
    hand,
    organization: owner,
    endpoints,
    edit: editorOf(definition, endpoints),
    process,
    lifecycle: process(),
    /** Every field with a value, and only those that have to be declared. */
    full: fullOf(definition, given),
    least: deletable(definition, sampleOf(definition, named(definition, given), { all: false })),
    /** All of them that are there, but for what the environment had before. */
    all: async () => {
      if (isSetting(definition.api)) return [await endpoints.get(owner)];
      const found = [];
      for await (const one of endpoints.list(owned ? owner : undefined)) found.push(one);
      return found;
    },
  };
}

/** Somebody's change of one by hand: what is `null` is cleared, and what the API cannot change is left out. */
export function editorOf(definition: Definition, endpoints: Endpoints) {
  const { api, fields } = definition;
  const repeated = (!isSetting(api) && api.update?.repeats) || [];
  const sent = [...sendable(definition), ...repeated];
  const wantOf = (name: string, value: unknown): Want =>
    value === null ? { unset: true } : { set: value, ...(fields[name]?.rule.type === "map" && { unset: "others" }) };

  return async (id: string, values: Args) => {
    const live = (await endpoints.get(id).catch(() => undefined)) ?? { id };
    const wants = Object.fromEntries(
      Object.entries(values)
        .filter(([name]) => sent.includes(name))
        .map(([name, value]) => [name, wantOf(name, value)]),
    );
    const unmet = unmetFields(definition, wants, live);
    const together = Object.fromEntries(
      Object.entries(wants).filter(([name]) => !fields[name]?.endpoint && (unmet.length > 0 || isSetting(api))),
    );
    let answer = Object.keys(together).length > 0 ? await endpoints.update(live, together) : live;
    for (const name of unmet.filter((one) => fields[one]?.endpoint))
      answer = await endpoints.updateField(answer ?? live, name, wants[name] ?? {});
    return answer;
  };
}

/** A client whose endpoints do some things otherwise, of organizations unless another definition is said. */
export const clientWith = (
  client: Client,
  change: (endpoints: Endpoints) => Partial<Endpoints>,
  of: Definition = organization,
): Client => ({
  ...client,
  of(definition) {
    const endpoints = client.of(definition);
    return definition === of ? { ...endpoints, ...change(endpoints) } : endpoints;
  },
});

/** Every field with a value that is no default, and such that a delete is not refused. */
export const fullOf = (definition: Definition, given: Args): Args =>
  deletable(definition, sampleOf(definition, named(definition, given)));

function deletable({ fields }: Definition, args: Args): Args {
  const own = Object.entries(args).filter(([name]) => fields[name]?.fallback === undefined);
  return {
    ...Object.fromEntries(own),
    ...(fields[protectionField]?.fallback === true && { [protectionField]: false }),
  };
}

/** The fields that an update sends. */
export const sendable = (definition: Definition): string[] =>
  changeable(definition).filter((name) => !definition.fields[name]?.providerOnly);

/** Whether two values of a field say the same. A flag that is off is as one that is not named. */
export function alike(field: Field | undefined, a: unknown, b: unknown): boolean {
  if (field?.rule.type !== "flags") return same(a, b);
  const names = Object.keys({ ...(a as object), ...(b as object) });
  return names.every((name) => isOn(a, name) === isOn(b, name));
}

/** Of flags those that `args` declare, and of all else everything. */
export function declaredOf(field: Field | undefined, value: unknown, declared: unknown): unknown {
  if (field?.rule.type !== "flags") return value;
  return Object.fromEntries(Object.keys((declared ?? {}) as object).map((name) => [name, isOn(value, name)]));
}

/** A name of its own, so that samples of names that are referred to are not in its way. */
export const named = ({ fields }: Definition, owner: Args): Args =>
  fields["name"]?.replaces ? { ...owner, name: "own_name" } : owner;
