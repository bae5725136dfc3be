import { expect } from "vitest";
import type { Dialect } from "../../src/definitions/definition.ts";
import { organization } from "../../src/definitions/organization.ts";
import type { Want } from "../../src/definitions/want.ts";
import type { FaultOptions, SemanticsOptions, StoredOrganization } from "../../src/emulator/index.ts";
import type { Lifecycle } from "../../src/lifecycle/lifecycle.ts";
import { clientWith } from "./lifecycle.ts";
import { type Failure, smallEngine } from "./small-engine.ts";
import { countOf, smallStack } from "./small-stack.ts";

export const names = ["ada", "bob", "cyd"] as const;
export type Name = (typeof names)[number];

/** What a program declares of an organization. */
export interface OrganizationArgs {
  readonly displayName: string;
  readonly externalId?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly metadataOwnership?: "all" | "declared" | undefined;
  readonly slug?: string | undefined;
  readonly logoUrl?: string | undefined;
  readonly features?: Readonly<Record<string, boolean>> | undefined;
  readonly deletionProtection?: boolean;
  readonly adopt?: boolean;
}

/** What happens before a run: to the program, or by hand at Scalekit. */
export type Step =
  | { do: "declare"; name: Name; args: Omit<OrganizationArgs, "deletionProtection"> }
  | { do: "drop"; name: Name }
  | { do: "swap"; a: Name; b: Name }
  | { do: "rename"; a: Name; b: Name }
  | Edit
  | Vanish
  | { do: "squat"; externalId: string }
  | { do: "nothing" };

interface Edit {
  readonly do: "edit";
  readonly name: Name;
  readonly displayName: string;
  readonly metadata: Record<string, string> | undefined;
  readonly clears: boolean;
  /** Whether the feature is to be on, if that is changed too. */
  readonly features: Readonly<Record<string, boolean>>;
}

interface Vanish {
  readonly do: "vanish";
  readonly name: Name;
}

/** A refresh during which somebody works by hand, and the list fails. */
export interface BusyRefresh {
  /** One before each request. */
  readonly hands: readonly (Edit | Vanish)[];
  readonly faults: readonly FaultOptions[];
}

export interface Round {
  readonly step: Step;
  readonly busy: BusyRefresh;
  readonly faults: readonly FaultOptions[];
  /** Resources whose outcome a killed engine does not save. */
  readonly killed: readonly Name[];
  /** Resources that the state forgets after that run, as by `pulumi state delete` or by an older state. */
  readonly forgotten: readonly Name[];
}

/** What a model run came to, for a reader to see that it was no idle one. */
export const tally = {
  programs: 0,
  operations: 0,
  faults: 0,
  failures: 0,
  killed: 0,
  forgotten: 0,
  forgottenAfterError: 0,
  takenOver: 0,
  refused: 0,
  listed: 0,
  changedMeanwhile: 0,
  goneMeanwhile: 0,
};

/** A program, its state, an environment, and what must hold of them after every run. */
export async function newWorld(options: SemanticsOptions) {
  const stack = await smallStack({ semantics: options }, (line) => {
    if (line.startsWith("Took over")) tally.takenOver++;
  });
  const { emulator, client, saved, journal, process, faultsToCome } = stack;
  const organizations = client.of(organization);
  const program = new Map<Name, OrganizationArgs>();
  const foreign = new Set<string>();
  /** By organization, what the program has declared of it at any time. */
  const everDeclared = new Map<string, Set<string>>();
  tally.programs++;

  const stored = (id: string | undefined) => emulator.organizations().find((one) => one.id === id);
  const holderOf = (externalId: string) => emulator.organizations().find((one) => one.external_id === externalId);
  const others = () => JSON.stringify(emulator.organizations().filter(({ id }) => foreign.has(id)));
  const declared = () =>
    new Map([...program].map(([name, args]) => [name, { definition: organization, args: { ...args } }]));

  /** One run of the engine, which is one process of the provider. */
  async function run(dies?: (name: string) => boolean) {
    const provider = process();
    const engine = smallEngine(provider, saved);
    await engine.refresh();
    const { failures, ops } = await engine.up([declared], dies);
    tally.operations += ops.length;
    tally.failures += failures.length;
    for (const [name, args] of program) {
      const id = saved.get(name)?.id;
      if (id !== undefined) everDeclared.set(id, new Set([...(everDeclared.get(id) ?? []), ...wordsOf(args)]));
    }
    unique();
    // Without a fault the same process sees what it has done, whatever it had read before.
    if (failures.length === 0 && (await faultsToCome()) === 0) {
      for (const { id, outs } of saved.values()) {
        expect((await provider(organization).read(id, outs)).props?.["updateTime"]).toBe(stored(id)?.update_time);
      }
    }
    return failures;
  }

  /** What each read gives is what the organization was at some moment of the refresh, and what is gone was gone. */
  async function busyRefresh({ hands, faults }: BusyRefresh) {
    const left = [...hands];
    const moments = [emulator.organizations()];
    const remember = () => void moments.push(emulator.organizations());
    let handsOff: Promise<void> = Promise.resolve();
    const meanwhile = (): Promise<void> => {
      const step = left.shift();
      if (step !== undefined) handsOff = handsOff.then(() => act(step, remember)).catch(withoutEffect);
      return handsOff;
    };
    // A fault may meet the hand's request too: an ended token is everybody's. Then what there is now is what it has come to.
    const withoutEffect = (error: Error): void => {
      if (!/^Could not (?!read).* 401 UNAUTHENTICATED/.test(error.message)) throw error;
      remember();
    };
    const provider = process(
      clientWith(client, (endpoints) => ({
        async get(id) {
          await meanwhile();
          return endpoints.get(id);
        },
        async page(owner, token) {
          await meanwhile();
          tally.listed++;
          return endpoints.page(owner, token);
        },
      })),
    );

    for (const fault of faults) emulator.fail(fault);
    const looking = (lifecycle: Lifecycle): Lifecycle => ({
      ...lifecycle,
      read: async (id, state) => seen(id, await lifecycle.read(id, state)),
    });
    const engine = smallEngine((definition) => looking(provider(definition)), saved);
    for (const { message } of (await engine.refresh()).failures)
      expect(message).toMatch(/^Could not read organization/);
    emulator.heal();

    function seen(id: string, found: Awaited<ReturnType<Lifecycle["read"]>>) {
      const versions = moments.map((organizations) => organizations.find((one) => one.id === id));
      if (found.props === undefined) {
        expect(versions).toContain(undefined);
        if (versions[0] !== undefined) tally.goneMeanwhile++;
        return found;
      }
      const { displayName, externalId, metadata, metadataOwnership, features, updateTime } = found.props as State;
      const version = versions.find((one) => one?.update_time === updateTime);
      expect(version).toMatchObject({ display_name: displayName, external_id: externalId ?? null });
      for (const name of Object.keys(wireFeatures)) expect(isOn(version, name), name).toBe(features?.[name] ?? false);
      if (metadataOwnership === undefined) expect(version?.metadata).toEqual(metadata ?? {});
      if (version?.update_time !== versions[0]?.update_time) tally.changedMeanwhile++;
      return found;
    }
  }

  async function live({ step, busy, faults, killed, forgotten }: Round) {
    await act(step);
    await busyRefresh(busy);
    let before = others();
    const untouched = [...saved].filter(([name]) => program.has(name as Name)).map(([, { id }]) => stored(id));

    for (const fault of faults) emulator.fail(fault);
    const dies = (name: string) => {
      if (!killed.includes(name as Name)) return false;
      tally.killed++;
      return true;
    };
    const failed = await run(dies);
    for (const { message } of failed) expect(message).toMatch(/^(Could not|Organization|The )/);
    expect(others()).toBe(before);
    for (const name of forgotten) await forget(name, failed);
    before = others();
    tally.faults += countOf(faults) - (await faultsToCome());

    // With the faults over it converges, once a user has done what the errors say.
    emulator.heal();
    let failures = await run();
    for (let tries = 0; tries < 3 && failures.length > 0; tries++) {
      expect(others()).toBe(before);
      for (const { message } of failures) await obey(message);
      if (others() !== before || failures.some(({ message }) => isDoomed(holderIn(message)))) return;
      failures = await run();
    }
    expect(others()).toBe(before);
    if (failures.length > 0 && clearsNothing(options)) {
      for (const { message } of failures) expect(message).toMatch(/did not clear|answered 400/);
      return;
    }
    expect(failures.map(({ message }) => message)).toEqual([]);
    matches();
    for (const one of untouched) if (one !== undefined) leftAlone(one);
    expect(await smallEngine(process(), saved).up([declared])).toEqual({ failures: [], ops: [] });
  }

  /** What the state has no more is no more the stack's: nothing takes it over, changes it or deletes it. */
  async function forget(name: Name, failed: readonly Failure[]): Promise<void> {
    const id = saved.get(name)?.id;
    const now = stored(id);
    // One whose slug is taken does not learn it by its id.
    if (id === undefined || now === undefined || now.slug) return;
    // One that another resource has, or is to adopt, is the stack's all the same.
    if ([...saved].some(([other, one]) => other !== name && one.id === id)) return;
    if ([...program.values()].some(({ adopt, externalId }) => adopt && externalId === now.external_id)) return;
    const byError = failed.some((one) => one.id === id);
    // What the program does once it knows an id.
    if (!byError) await journal.append(JSON.stringify({ saved: [id], kind: organization.name }));
    tally.forgotten++;
    if (byError) tally.forgottenAfterError++;
    saved.delete(name);
    foreign.add(id);
  }

  /** Whether it is this program's own and about to go, which another failure of the run has kept from happening. */
  const isDoomed = (id: string | undefined): boolean =>
    [...saved].some(([name, one]) => one.id === id && !program.has(name as Name));

  /** Does by hand what an error asks for. */
  async function obey(message: string): Promise<void> {
    const [, candidate] = /(?:It may be|has made) (org_\d+)(?:,| already)/.exec(message) ?? [];
    if (candidate !== undefined) {
      const made = stored(candidate);
      const [name] =
        [...program].find(([key, args]) => !saved.has(key) && args.displayName === made?.display_name) ?? [];
      if (name === undefined) throw new Error(`nobody asked for ${candidate}`);
      foreign.delete(candidate);
      // What the program does not say of it stays as it is.
      const { props } = await process()(organization).read(candidate, {});
      saved.set(name, { definition: organization, id: candidate, outs: { ...props, deletionProtection: false } });
    }
    const squatter = holderIn(message);
    if (squatter === undefined || isDoomed(squatter)) return;
    tally.refused++;
    // One of this program's own that could not get what it was to have is in the way until it can.
    if ([...saved.values()].some(({ id }) => id === squatter)) return;
    expect([...foreign]).toContain(squatter);
    foreign.delete(squatter);
    await organizations.remove(squatter);
  }

  async function act(step: Step, remember: () => void = () => {}): Promise<void> {
    switch (step.do) {
      case "declare": {
        const others = [...program].filter(([name]) => name !== step.name).map(([, other]) => other);
        const unnamed = others.some(({ externalId }) => externalId === step.args.externalId)
          ? withExternalId(step.args, undefined)
          : step.args;
        const { slug, ...rest } = unnamed;
        const args = others.some((other) => other.slug === slug) ? rest : unnamed;
        // Display names tell organizations without an external ID apart.
        program.set(step.name, { ...args, displayName: `${args.displayName} ${step.name}`, deletionProtection: false });
        return;
      }
      case "drop":
        program.delete(step.name);
        return;
      case "swap": {
        const [a, b] = [program.get(step.a), program.get(step.b)];
        if (a === undefined || b === undefined || step.a === step.b) return;
        program.set(step.a, withExternalId(a, b.externalId));
        program.set(step.b, withExternalId(b, a.externalId));
        return;
      }
      case "rename": {
        // Without an alias: to the engine one that goes and one that comes, which has to adopt.
        const args = program.get(step.a);
        if (args?.externalId === undefined || program.has(step.b)) return;
        // Whoever has the external ID is adopted, and then it is the program's.
        foreign.delete(holderOf(args.externalId)?.id ?? "");
        program.delete(step.a);
        program.set(step.b, { ...args, adopt: true });
        return;
      }
      case "edit": {
        const id = stored(saved.get(step.name)?.id)?.id;
        if (id === undefined) return;
        const { displayName, metadata } = step;
        const wants = {
          displayName: { set: displayName },
          ...(metadata && { metadata: { set: metadata, unset: "others" } }),
          ...(step.clears && { externalId: cleared, slug: cleared, logoUrl: cleared }),
        } satisfies Record<string, Want>;
        for (const dialect of ["plain", "mask", "null"] as const satisfies Dialect[]) {
          await organizations.update({ id }, wants, dialect).catch(() => {});
          remember();
        }
        const before = await organizations.get(id);
        if (before !== undefined) await organizations.updateField(before, "features", { set: step.features });
        remember();
        return;
      }
      case "vanish": {
        const id = saved.get(step.name)?.id;
        if (id !== undefined) await organizations.remove(id);
        remember();
        return;
      }
      case "squat":
        if (holderOf(step.externalId) !== undefined) return;
        foreign.add(
          (await organizations.create(undefined, { displayName: "Somebody else's", externalId: step.externalId })).id,
        );
        return;
      case "nothing":
    }
  }

  /** Every organization of the program is there as declared, and there are no others but somebody else's. */
  function matches() {
    const own = emulator.organizations().filter(({ id }) => !foreign.has(id));
    expect(own.map(({ id }) => id).sort()).toEqual([...saved.values()].map(({ id }) => id).sort());
    expect([...saved.keys()].sort()).toEqual([...program.keys()].sort());
    for (const [name, args] of program) {
      const organization = stored(saved.get(name)?.id);
      expect(organization?.display_name).toBe(args.displayName);
      if (args.externalId !== undefined) expect(organization?.external_id).toBe(args.externalId);
      if (args.slug !== undefined) expect(organization?.slug).toBe(args.slug);
      if (args.logoUrl !== undefined) expect(organization?.logo_url).toBe(args.logoUrl);
      for (const [name, on] of Object.entries(args.features ?? {})) expect(isOn(organization, name), name).toBe(on);
      if (args.metadata === undefined) continue;
      if (args.metadataOwnership === "declared") expect(organization?.metadata).toMatchObject(args.metadata);
      else expect(organization?.metadata).toEqual(args.metadata);
    }
  }

  /** What the program never declared of an organization is as it was. */
  function leftAlone(before: StoredOrganization) {
    const after = stored(before.id);
    const words = everDeclared.get(before.id) ?? new Set();
    if (after === undefined) return;
    if (!words.has("externalId")) expect(after.external_id).toBe(before.external_id);
    if (!words.has("slug")) expect(after.slug).toBe(before.slug);
    if (!words.has("logoUrl")) expect(after.logo_url).toBe(before.logo_url);
    for (const name of Object.keys(wireFeatures)) {
      if (!words.has(`features.${name}`)) expect(isOn(after, name), name).toBe(isOn(before, name));
    }
    if (!words.has("metadata")) expect(after.metadata).toEqual(before.metadata);
    if (words.has("all metadata")) return;
    for (const [key, value] of Object.entries(before.metadata)) {
      if (!words.has(`metadata.${key}`)) expect(after.metadata[key]).toBe(value);
    }
  }

  function unique() {
    const taken = emulator.organizations().flatMap(({ external_id }) => external_id ?? []);
    expect(new Set(taken).size).toBe(taken.length);
  }

  return {
    live,
    [Symbol.asyncDispose]: stack[Symbol.asyncDispose],
  };
}

const cleared = { unset: true } as const;

/** What a state holds of an organization. */
interface State extends Partial<OrganizationArgs> {
  readonly updateTime?: string;
}

const holderIn = (message: string): string | undefined =>
  /belongs to (org_\d+)|Organization (org_\d+) has its external ID now/.exec(message)?.slice(1).find(Boolean);

const wireFeatures: Readonly<Record<string, string>> = {
  sso: "sso",
  dirSync: "dir_sync",
  sessionPolicy: "session_policy",
};

const isOn = (organization: StoredOrganization | undefined, name: string): boolean =>
  organization?.features[wireFeatures[name] ?? name] ?? false;

const wordsOf = ({ externalId, metadata, metadataOwnership, slug, logoUrl, features }: OrganizationArgs): string[] => [
  ...(slug === undefined ? [] : ["slug"]),
  ...(logoUrl === undefined ? [] : ["logoUrl"]),
  ...Object.keys(features ?? {}).map((name) => `features.${name}`),
  ...(externalId === undefined ? [] : ["externalId"]),
  ...(metadata === undefined ? [] : ["metadata", ...Object.keys(metadata).map((key) => `metadata.${key}`)]),
  ...(metadata !== undefined && metadataOwnership !== "declared" ? ["all metadata"] : []),
];

const withExternalId = <T extends { externalId?: unknown }>(
  { externalId: _, ...args }: T,
  externalId: string | undefined,
) => (externalId === undefined ? args : { ...args, externalId }) as T;

const clearsNothing = (options: SemanticsOptions): boolean =>
  options.externalIdClear === "never" ||
  options.logoUrlClear === "never" ||
  ((options.metadata === "merge" || options.emptyMetadata === "ignored") && options.metadataRemoval === "never");
