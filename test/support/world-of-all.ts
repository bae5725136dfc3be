import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect } from "vitest";
import type { Live } from "../../src/api/codec.ts";
import {
  type Definition,
  isAdoptable,
  isOwned,
  isReadable,
  isSetting,
  keyFieldsOf,
  keysOf,
  makerOf,
  ownerField,
  protectionField,
} from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { isOn, same } from "../../src/definitions/want.ts";
import type { FaultOptions, SemanticsOptions } from "../../src/emulator/index.ts";
import { editorOf } from "./lifecycle.ts";
import { type Args, changeable, valuesOf } from "./samples.ts";
import { type Failure, type Program, smallEngine } from "./small-engine.ts";
import { countOf, smallStack } from "./small-stack.ts";

export const kinds: readonly Definition[] = Object.values(definitions);
export const owners = ["one", "two"] as const;
type Owner = (typeof owners)[number];

/** A resource that a program may have: two of each kind, that ask for nothing that the other may ask for. */
export interface Slot {
  readonly kind: Definition;
  readonly n: 0 | 1;
}
export const slots: readonly Slot[] = kinds.flatMap((kind) =>
  // Counterexamples name it instead of spelling its definition.
  ([0, 1] as const).map((n) => ({ kind, n, [fc.toStringMethod]: () => `${kind.name} ${n}` })),
);

/** What happens before a run: to the program, or by hand at Scalekit. */
export type Step =
  | { do: "declare"; slot: Slot; owner: Owner; args: Args }
  | { do: "drop"; slot: Slot }
  | { do: "rename"; slot: Slot }
  | { do: "edit"; slot: Slot; args: Args }
  | { do: "vanish"; slot: Slot }
  | { do: "squat"; slot: Slot; args: Args }
  | { do: "lose organization"; owner: Owner }
  | { do: "nothing" };

/** What a model run came to, for a reader to see that it was no idle one. */
export const tally = {
  programs: 0,
  operations: 0,
  replaced: 0,
  faults: 0,
  failures: 0,
  killed: 0,
  takenOver: 0,
  adopted: 0,
  notCleared: 0,
  refused: 0,
  doubtful: 0,
};

/** Keys that no other slot asks for, and that nothing is called by to which samples refer. */
export const keyValuesOf = ({ kind, n }: Slot, name: string): readonly unknown[] =>
  kind.fields["name"]?.replaces && name === "name"
    ? ["a", "b", "c", "d"].slice(2 * n, 2 * n + 2).map((letter) => `${isOwned(kind) ? "its" : "own"}_${letter}`)
    : valuesOf(kind.fields[name] as never).filter((_, at) => at % 2 === n);

export const isKey = (kind: Definition, name: string): boolean =>
  name !== ownerField && keysOf(kind).some(({ fields }) => fields.includes(name));

export async function newResourceWorld(options: SemanticsOptions) {
  // What somebody else makes is from another time than this program's requests, as far as clocks tell.
  let earlier = 0;
  const stack = await smallStack({ semantics: options, now: () => Date.now() - earlier }, say);
  const { emulator, client, saved, process, faultsToCome } = stack;
  /** By slot, what the program says of it; `turn` counts how often it was renamed. */
  const program = new Map<Slot, { owner: Owner; args: Args; turn: number }>();
  const foreign = new Map<string, Definition>();
  /** By resource, what the program has declared of it at any time. */
  const everDeclared = new Map<string, Set<string>>();
  tally.programs++;

  function say(line: string): void {
    if (line.startsWith("Took over")) tally.takenOver++;
    // Organizations are called by their ids alone.
    const [, noun = definitions.Organization.noun, id] = /^Adopted (?:the (.+) )?(\S+), which/.exec(line) ?? [];
    if (id === undefined) return;
    tally.adopted++;
    // A program that says so takes it over, and then it is the program's.
    for (const kind of kinds) if (kind.noun === noun) foreign.delete(keyed(kind, id));
  }
  const keyed = (kind: Definition, id: string) => `${kind.name} ${id}`;
  const endpoints = (kind: Definition) => client.of(kind);
  const live = async (kind: Definition, id: string | undefined) =>
    id === undefined || !isReadable(kind) ? undefined : endpoints(kind).get(id);
  const nameOf = (slot: Slot) => `${slot.kind.name} ${slot.n}.${program.get(slot)?.turn ?? 0}`;
  const savedOf = (slot: Slot) => saved.get(nameOf(slot));
  const ownerOf = (owner: Owner) => saved.get(owner)?.id ?? "";

  function argsOf(slot: Slot, { owner, args }: { owner: Owner; args: Args }): Args {
    const deletable = protectionField in slot.kind.fields ? { [protectionField]: false } : {};
    const within = ownerOf(isSetting(slot.kind.api) ? (owners[slot.n] ?? "one") : owner);
    return { ...args, ...deletable, ...(isOwned(slot.kind) && { [ownerField]: within }) };
  }

  const above = (): Program => new Map(owners.map((owner) => [owner, organizationOf(owner)]));
  const declared = (): Program =>
    new Map([...program].map(([slot, said]) => [nameOf(slot), { definition: slot.kind, args: argsOf(slot, said) }]));

  for (const kind of kinds) for (const field of Object.values(kind.fields)) await plant(field);

  /** What samples refer to is somebody else's. */
  async function plant(field: Definition["fields"][string]): Promise<void> {
    const kind = kinds.find(({ name }) => name === field.references);
    if (kind === undefined) return;
    for (const name of new Set(valuesOf(field).flat() as string[])) {
      if ((await endpoints(kind).get(name)) !== undefined) continue;
      const { id } = await endpoints(kind).create(undefined, { name, displayName: name });
      foreign.set(keyed(kind, id), kind);
    }
  }

  /** What no program makes is made by hand, before it is declared and where an error says that it is not there. */
  function plantConnection(slot: Slot): void {
    const said = program.get(slot);
    if (said === undefined || makerOf(slot.kind) === undefined) return;
    const { organizationId, connectionId: id } = argsOf(slot, said) as { organizationId: string; connectionId: string };
    const isThere = emulator.all("connections").some((one) => one.organization_id === organizationId && one.id === id);
    if (!isThere) emulator.connect(organizationId, { id });
  }

  /** One run of the engine, which is one process of the provider. */
  async function run(dies: (name: string) => boolean = () => false, refreshes = true) {
    const engine = smallEngine(process(), saved);
    if (refreshes) await engine.refresh();
    // What depends on the organizations waits for them.
    const { failures, ops } = await engine.up([above, declared], dies);
    tally.operations += ops.length;
    tally.replaced += ops.filter((op) => op.startsWith("replace")).length;
    tally.failures += failures.length;
    for (const [slot, { args }] of program) {
      const known = savedOf(slot);
      if (known === undefined) continue;
      const key = keyed(slot.kind, known.id);
      everDeclared.set(key, new Set([...(everDeclared.get(key) ?? []), ...Object.keys(args)]));
    }
    return { failures, ops };
  }

  async function round(step: Step, faults: readonly FaultOptions[], killed: readonly Slot[]) {
    if (owners.some((owner) => !saved.has(owner))) await run();
    await act(step);
    const before = await others();
    const untouched = await seen();
    for (const fault of faults) emulator.fail(fault);
    const names = killed.map(nameOf);
    const dies = (name: string) => {
      if (names.includes(name)) tally.killed++;
      return names.includes(name);
    };
    for (const { message } of (await run(dies)).failures) expect(message).toMatch(/^(Could not|Organization|The )/);
    tally.faults += countOf(faults) - (await faultsToCome());

    // With the faults over it converges, once a user has done what the errors say.
    emulator.heal();
    let { failures } = await run();
    for (let tries = 0; tries < 4 && failures.length > 0; tries++) {
      for (const failure of failures) await obey(failure);
      failures = (await run()).failures;
    }
    expect(failures.map(({ message }) => message)).toEqual([]);
    const after = await others();
    for (const [key, value] of before) if (foreign.has(key)) expect(after.get(key), key).toEqual(value);
    await matches();
    await leftAlone(untouched);
    expect(await run(undefined, false)).toEqual({ failures: [], ops: [] });
  }

  /** What is somebody else's, as it is. */
  async function others(): Promise<Map<string, Live | undefined>> {
    const found = new Map<string, Live | undefined>();
    for (const [key, kind] of foreign) found.set(key, await live(kind, idIn(key)));
    return found;
  }

  const idIn = (key: string): string => key.slice(key.indexOf(" ") + 1);

  /** What the program's own are before a run. */
  async function seen(): Promise<Map<Slot, Live>> {
    const found = new Map<Slot, Live>();
    for (const slot of program.keys()) {
      const one = await live(slot.kind, savedOf(slot)?.id);
      if (one !== undefined) found.set(slot, one);
    }
    return found;
  }

  /** Does by hand what an error asks for. */
  async function obey({ name, message }: Failure): Promise<void> {
    const slot = [...program.keys()].find((one) => nameOf(one) === name);
    if (slot !== undefined && message.includes("there is none with")) return plantConnection(slot);
    const uncleared = /did not clear ([\w ]+)\. .*Declare the value/.exec(message)?.[1];
    if (uncleared !== undefined && slot !== undefined) {
      tally.notCleared++;
      const now = await live(slot.kind, savedOf(slot)?.id);
      for (const field of uncleared.split(" and ")) declareAs(slot, field, now?.[field]);
      return;
    }
    const doubtful = /(?:It may be|has made) (?:.* or )?(?:the [\w ]+? )?(\S+?)(?:,| already)/.exec(message)?.[1];
    if (doubtful !== undefined && slot !== undefined) {
      tally.doubtful++;
      expect(foreign.has(keyed(slot.kind, doubtful))).toBe(false);
      await endpoints(slot.kind).remove(doubtful);
      return;
    }
    const holder = /its [\w ]+ belongs to (?:the [a-zA-Z ]+? )?(\S+?)[,.]? ?(?:created|and)/
      .exec(message)?.[1]
      ?.replace(/,$/, "");
    const taken = slot && [...foreign].filter(([, kind]) => kind === slot.kind).map(([key]) => key);
    if (slot === undefined || taken === undefined) return;
    for (const key of taken) {
      const squatted =
        holder === undefined ? squatters.has(key) && message.includes("already exists") : idIn(key) === holder;
      if (!squatted) continue;
      tally.refused++;
      foreign.delete(key);
      await endpoints(slot.kind).remove(idIn(key));
    }
  }

  const touched = new Set<Definition>();
  const squatters = new Set<string>();

  function declareAs(slot: Slot, field: string, value: unknown): void {
    const said = program.get(slot);
    if (said !== undefined) program.set(slot, { ...said, args: { ...said.args, [field]: value } });
  }

  async function act(step: Step): Promise<void> {
    if ("slot" in step) touched.add(step.slot.kind);
    switch (step.do) {
      case "declare":
        if (!(await fits(step.slot, step.args))) return;
        program.set(step.slot, { owner: step.owner, args: step.args, turn: program.get(step.slot)?.turn ?? 0 });
        plantConnection(step.slot);
        return;
      case "drop":
        program.delete(step.slot);
        return;
      case "rename": {
        // Without an alias: to the engine one that goes and one that comes.
        const said = program.get(step.slot);
        if (said === undefined || savedOf(step.slot) === undefined) return;
        // What has no key to be adopted by may have another that only one can have.
        const { kind } = step.slot;
        if (isAdoptable(kind) && !keyFieldsOf(kind)?.every((name) => name === ownerField || name in said.args)) return;
        const adopt = isAdoptable(kind) ? { adopt: true } : {};
        program.set(step.slot, { ...said, args: { ...said.args, ...adopt }, turn: said.turn + 1 });
        return;
      }
      case "edit": {
        const id = savedOf(step.slot)?.id;
        if (id === undefined || (await live(step.slot.kind, id)) === undefined) return;
        const { kind } = step.slot;
        if (!(await fits(step.slot, { ...step.args, ...program.get(step.slot)?.args }))) return;
        if (!(await fits(step.slot, step.args))) return;
        // As far as the API takes it.
        await editorOf(kind, endpoints(kind))(id, step.args).catch(() => {});
        return;
      }
      case "vanish": {
        // What no public endpoint tells is not seen.
        const id = savedOf(step.slot)?.id;
        if (id !== undefined && isReadable(step.slot.kind)) await endpoints(step.slot.kind).remove(id);
        return;
      }
      case "squat": {
        const { kind } = step.slot;
        const said = program.get(step.slot);
        if (isSetting(kind.api) || makerOf(kind) || said?.args["adopt"] === true) return;
        const owner = isOwned(kind) ? ownerOf(said?.owner ?? "one") : undefined;
        const keys = Object.entries(said?.args ?? {}).filter(([name]) => isKey(kind, name));
        const own = savedOf(step.slot)?.id;
        if (own !== undefined && keys.length > 0) await endpoints(kind).remove(own);
        earlier = 3_600_000;
        const made = await endpoints(kind)
          .create(owner, { ...step.args, ...Object.fromEntries(keys) })
          .catch(() => undefined);
        earlier = 0;
        // What is called by its name is the same again when somebody makes it again.
        if (made === undefined || made.id === own) return;
        foreign.set(keyed(kind, made.id), kind);
        squatters.add(keyed(kind, made.id));
        return;
      }
      case "lose organization": {
        const id = ownerOf(step.owner);
        await endpoints(definitions.Organization).remove(id);
        for (const key of [...foreign.keys()]) if (idIn(key).startsWith(`${id}/`)) foreign.delete(key);
        return;
      }
      case "nothing":
    }
  }

  /** Whether `args` and what is undeclared go together: what one field may be may depend on another. */
  async function fits(slot: Slot, args: Args): Promise<boolean> {
    const now = { ...(await live(slot.kind, savedOf(slot)?.id)), ...args };
    return (slot.kind.rules?.(now) ?? []).length === 0;
  }

  /** Everything that the program declares is there as declared, and there is nothing else but somebody else's. */
  async function matches(): Promise<void> {
    expect([...saved.keys()].sort()).toEqual([...owners, ...[...program.keys()].map(nameOf)].sort());
    for (const [slot, said] of program) {
      const known = savedOf(slot);
      const now = await live(slot.kind, known?.id);
      for (const [name, value] of Object.entries(argsOf(slot, said))) {
        if (name === "adopt" || slot.kind.fields[name]?.providerOnly) continue;
        const has = isReadable(slot.kind) ? now?.[name] : limitOf(known?.id);
        if (isReadable(slot.kind) || name !== ownerField)
          expect(isAsSaid(slot.kind, name, value, has, said.args), `${nameOf(slot)} ${name}`).toBe(true);
      }
      for (const [name, { createOnly }] of Object.entries(slot.kind.outputs))
        if (createOnly) opens(known?.id, known?.outs[name]);
    }
    for (const kind of touched) {
      if (isSetting(kind.api) || makerOf(kind)) continue;
      const ids: string[] = [];
      const places = isOwned(kind) ? owners.map(ownerOf) : [undefined];
      for (const place of places) for await (const { id } of endpoints(kind).list(place)) ids.push(id);
      const own = ids.filter((id) => !foreign.has(keyed(kind, id)) && !isPredefined(kind, id));
      const known = [...saved.values()].filter((one) => one.definition === kind).map(({ id }) => id);
      expect(own.sort(), kind.name).toEqual(known.sort());
    }
  }

  /** Predefined are those that were there first; lists of organizations' roles show the environment's too, and the other way round. */
  const isPredefined = (kind: Definition, id: string): boolean => {
    const name = id.slice(id.indexOf("/") + 1);
    if (kind.name === "Permission") return name.startsWith("sk_");
    const roles = emulator.all("roles").filter((one) => one.name === name);
    const isOwn = roles.some(
      ({ organization_id }) => (organization_id ?? "") === (isOwned(kind) ? id.split("/")[0] : ""),
    );
    return kind.name.endsWith("Role") && (!isOwn || name === "admin" || name === "member");
  };

  const limitOf = (id: string | undefined) =>
    emulator.all("user_management_settings").find((one) => one.organization_id === id)?.max_allowed_users;

  /** The secret that was saved is one that the client has. */
  function opens(id: string | undefined, secret: unknown): void {
    const stored = emulator.all("clients").find((one) => id?.endsWith(one.id));
    const hash = createHash("sha256").update(String(secret)).digest("base64url");
    expect(stored?.secrets.map((one) => one.hash)).toContain(hash);
  }

  /** What the program never declared of its own is as it was. */
  async function leftAlone(before: ReadonlyMap<Slot, Live>): Promise<void> {
    for (const [slot, then] of before) {
      const now = await live(slot.kind, savedOf(slot)?.id);
      if (now === undefined || now.id !== then.id) continue;
      const words = everDeclared.get(keyed(slot.kind, now.id)) ?? new Set();
      for (const name of changeable(slot.kind)) {
        if (!words.has(name)) expect(same(now[name], then[name]), `${nameOf(slot)} ${name}`).toBe(true);
      }
    }
  }

  return {
    round,
    [Symbol.asyncDispose]: stack[Symbol.asyncDispose],
  };
}

/** One that the others are below. */
const organizationOf = (owner: Owner) => ({
  definition: definitions.Organization,
  args: { displayName: owner, externalId: owner, features: { sessionPolicy: true }, [protectionField]: false },
});

/** Whether a field `has` what the program says of it: of flags each that it names, of a map what is its own. */
function isAsSaid({ fields }: Definition, name: string, value: unknown, has: unknown, args: Args): boolean {
  const rule = fields[name]?.rule;
  if (rule?.type === "flags") return Object.entries(value as object).every(([flag, on]) => isOn(has, flag) === on);
  if (rule?.type !== "map" || rule.ownedBy === undefined || args[rule.ownedBy] !== "declared") return same(has, value);
  return Object.entries(value as object).every(([key, one]) => (has as Args | undefined)?.[key] === one);
}
