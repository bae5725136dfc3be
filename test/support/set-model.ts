import { expect } from "vitest";
import type { Values } from "../../src/definitions/definition.ts";
import { organization } from "../../src/definitions/organization.ts";
import { organizationSet } from "../../src/definitions/organization-set.ts";
import type { FaultOptions, SemanticsOptions } from "../../src/emulator/index.ts";
import { openJournal } from "../../src/lifecycle/journal.ts";
import { membersIn } from "../../src/set/members.ts";
import { newSet } from "../../src/set/set.ts";
import { textOfTenants } from "../../src/set/tenants-text.ts";
import { type SavedSet, type Tenant, urn } from "./set-world.ts";
import { smallStack } from "./small-stack.ts";

/** What happens before a run: to the list, or by hand at Scalekit. */
export type Step =
  | { do: "declare"; key: string; args: Values }
  | { do: "drop"; key: string }
  | { do: "rename"; from: string; to: string }
  | { do: "edit"; key: string; displayName: string; moves: boolean }
  | { do: "vanish"; key: string }
  | { do: "squat"; key: string };

export interface Round {
  readonly steps: readonly Step[];
  readonly faults: readonly FaultOptions[];
  /** How the run ends before its time: without its outcome saved, or in order. */
  readonly ends: "killed" | "stopped" | undefined;
  readonly refreshes: boolean;
}

/** What a model run came to, for a reader to see that it was no idle one. */
export const tally = { lists: 0, failures: 0, killed: 0, stopped: 0, renamed: 0, swapped: 0, retaken: 0, refused: 0 };

/** A list of tenants, the state of its set, an environment, and what must hold of them after every run. */
export async function newSetWorld(semantics: SemanticsOptions) {
  const stack = await smallStack({ semantics }, () => {});
  const { emulator, client, journal } = stack;
  const endpoints = client.of(organization);
  const list = new Map<string, Tenant>();
  const foreign = new Set<string>();
  /** The organizations that must stay whose they are, by key. */
  const known = new Map<string, string>();
  let saved: SavedSet | undefined;
  let isSettled = true;
  tally.lists++;

  const holderOf = (key: string) => emulator.organizations().find((one) => one.external_id === key);
  const isSaved = (key: string) => saved !== undefined && membersIn(saved.state).has(key);
  const others = () => JSON.stringify(emulator.organizations().filter(({ id }) => foreign.has(id)));
  const inputs = () => ({ deletionProtection: false, tenants: textOfTenants([...list.values()]) });

  function process(isStopped = () => false) {
    const say = (line: string) => {
      if (line.startsWith("Took over")) tally.retaken++;
    };
    return newSet(organizationSet, client, { journal: openJournal(emulator.url, () => journal), say, isStopped });
  }

  /** One run of the engine, which is one process of the provider. */
  async function up(ends?: Round["ends"]): Promise<Error | undefined> {
    let looks = 0;
    const set = process(() => ends === "stopped" && looks++ > 2);
    if (ends !== undefined) tally[ends]++;
    const before = saved;
    try {
      const wanted = inputs();
      if (before === undefined) saved = await set.create(wanted, urn);
      else if ((await set.diff(before.state, wanted)).isChanged)
        saved = { id: before.id, ...(await set.update(before.id, before.state, wanted, urn)) };
      return undefined;
    } catch (error) {
      const { id, properties } = error as { id?: string; properties?: Values };
      if (id !== undefined && properties !== undefined) saved = { id, state: properties };
      tally.failures++;
      return error as Error;
    } finally {
      if (ends === "killed") saved = before;
    }
  }

  async function refresh(): Promise<void> {
    if (saved !== undefined) saved = { id: saved.id, ...(await process().read(saved.id, saved.state)) };
  }

  async function take(step: Step): Promise<void> {
    switch (step.do) {
      case "declare": {
        const formerExternalId = list.get(step.key)?.["formerExternalId"];
        const args = { ...step.args, displayName: String(step.args["displayName"]), formerExternalId };
        list.set(step.key, { ...args, externalId: step.key });
        return;
      }
      case "drop":
        // What a killed run made and no run has saved would stay, as with any resource that leaves the program then.
        if (isSaved(step.key) === (holderOf(step.key) !== undefined) && isSettled) list.delete(step.key);
        return;
      case "rename":
        rename(step.from, step.to);
        return;
      case "edit": {
        const id = known.get(step.key);
        if (id === undefined || !emulator.organizations().some((one) => one.id === id)) return;
        const moved = step.moves ? { externalId: { set: `moved-${id}` } } : {};
        await endpoints.update({ id }, { displayName: { set: step.displayName }, ...moved });
        return;
      }
      case "vanish": {
        const id = known.get(step.key);
        if (id !== undefined) await endpoints.remove(id);
        known.delete(step.key);
        return;
      }
      case "squat":
        if (holderOf(step.key) === undefined && !list.has(step.key))
          foreign.add((await endpoints.create(undefined, { displayName: "Foreign", externalId: step.key })).id);
    }
  }

  /** The organization of one tenant gets the external ID of another, which gets the first one's, or one that is free. */
  function rename(from: string, to: string): void {
    const [one, other] = [list.get(from), list.get(to)];
    const isFree = other === undefined && !isSaved(to) && holderOf(to) === undefined;
    if (
      one === undefined ||
      from === to ||
      !isSettled ||
      !isSaved(from) ||
      !(isFree || (other !== undefined && isSaved(to)))
    )
      return;
    const [ofOne, ofOther] = [known.get(from), known.get(to)];
    list.delete(from);
    list.set(to, { ...one, externalId: to, formerExternalId: from });
    keep(to, ofOne);
    keep(from, undefined);
    isSettled = false;
    if (other === undefined) {
      tally.renamed++;
      return;
    }
    list.set(from, { ...other, externalId: from, formerExternalId: to });
    keep(from, ofOther);
    tally.swapped++;
  }

  function keep(key: string, id: string | undefined): void {
    if (id === undefined) known.delete(key);
    else known.set(key, id);
  }

  async function live({ steps, faults, ends, refreshes }: Round): Promise<void> {
    for (const step of steps) await take(step);
    for (const key of known.keys()) if (!list.has(key)) known.delete(key);
    const before = others();
    for (const fault of faults) emulator.fail(fault);
    if (refreshes) await refresh().catch(() => {});
    await up(ends);
    emulator.heal();
    expect(others()).toBe(before);
    await settle();
  }

  /** Without faults, one or two runs come to what the list says. */
  async function settle(): Promise<void> {
    await refresh();
    let failure = await up();
    // Somebody else's organization has an external ID of the list. Its owner gives it up.
    const squatters = [...foreign].filter((id) =>
      emulator.organizations().some((one) => one.id === id && list.has(one.external_id ?? "")),
    );
    if (squatters.length > 0) {
      expect(failure?.message).toMatch(/Scalekit|external ID/);
      tally.refused++;
      for (const id of squatters) {
        await endpoints.remove(id);
        foreign.delete(id);
      }
      failure = await up();
    }
    expect(failure?.message).toBeUndefined();
    expectSettled();
    expect(await process().diff(saved?.state ?? {}, inputs())).toMatchObject({ isChanged: false });
    await refresh();
    expect(await process().diff(saved?.state ?? {}, inputs())).toMatchObject({ isChanged: false });
    for (const [key, tenant] of list) {
      const { formerExternalId: _, ...rest } = tenant;
      list.set(key, rest as Tenant);
      keep(key, holderOf(key)?.id);
    }
    // Once the argument is gone, it may be said anew.
    const sent = emulator.requests.length;
    expect(await up()).toBeUndefined();
    expect(emulator.requests.length).toBe(sent);
    isSettled = true;
  }

  function expectSettled(): void {
    const own = emulator.organizations().filter(({ id }) => !foreign.has(id));
    expect(own.map((one) => one.external_id).sort()).toEqual([...list.keys()].sort());
    for (const { id, external_id, display_name, metadata, features } of own) {
      const key = external_id ?? "";
      const tenant = list.get(key);
      expect(display_name).toBe(tenant?.displayName);
      if (tenant?.["metadata"] !== undefined) expect(metadata).toEqual(tenant["metadata"]);
      for (const [name, on] of Object.entries((tenant?.["features"] ?? {}) as object))
        expect(features[name === "dirSync" ? "dir_sync" : name] ?? false).toBe(on);
      if (known.has(key)) expect(id).toBe(known.get(key));
    }
  }

  return { live, [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose]() };
}
