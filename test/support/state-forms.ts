import type { Client } from "../../src/api/client.ts";
import { type Definition, handedOver, isReadable, isSetting } from "../../src/definitions/definition.ts";
import { openJournal } from "../../src/lifecycle/journal.ts";
import { newLifecycle } from "../../src/lifecycle/lifecycle.ts";
import type { State } from "../../src/lifecycle/state.ts";
import { inMemory } from "./journal-storage.ts";
import { beginWith, type Kept, sendable } from "./lifecycle.ts";
import { type Args, changedIn } from "./samples.ts";
import { countFrom, stillTime } from "./still.ts";

export type World = Awaited<ReturnType<typeof beginStill>>;

/** A resource as the engine keeps it, with the arguments that it was saved for. */
export interface Entry {
  readonly id: string;
  readonly args: Args;
  readonly state: State;
}

/** A way in which a resource can stand in a state. */
export interface Form {
  /** Which definitions can have it. */
  readonly of: (definition: Definition) => boolean;
  /** @param frozen what is to come of it, where that is known; otherwise the samples say what to declare */
  readonly make: (world: World, frozen: Entry | undefined) => Promise<Entry>;
}

export const resourceUrn = "urn:pulumi:production::customers::scalekit:one";
export const environmentUrl = "https://acme.scalekit.com";

/** An environment for one definition in which time and chance are still. */
export async function beginStill(definition: Definition) {
  const world = await beginWith(definition, {}, () => countFrom(0));
  countFrom(1000);
  const client: Client = { ...world.client, serverNow: () => stillTime };
  const storage = inMemory();
  /** A run of the stack, away from this machine, so that states say where they are. */
  const run = () =>
    newLifecycle(definition, client, {
      journal: openJournal(environmentUrl, () => storage),
      environment: { host: new URL(environmentUrl).host },
    });
  return { ...world, definition, run };
}

export const forms: Readonly<Record<string, Form>> = {
  "all that can be declared": {
    of: () => true,
    make: (world, frozen) => created(world, frozen?.args ?? world.full),
  },
  "only what has to be declared": {
    of: () => true,
    make: (world, frozen) => created(world, frozen?.args ?? world.least),
  },
  "more at Scalekit than is declared": {
    of: (definition) => canChange(definition) && isReadable(definition),
    async make(world, frozen) {
      const entry = await created(world, frozen?.args ?? world.least);
      await world.edit(entry.id, fieldsOf(world, frozen?.state ?? world.full));
      return refreshed(world, entry);
    },
  },
  "fields that are owned entry by entry": {
    of: (definition) => owners(definition).length > 0,
    async make(world, frozen) {
      const declared = Object.fromEntries(owners(world.definition).map((field) => [field, "declared"]));
      const entry = await created(world, frozen?.args ?? { ...world.full, ...declared });
      for (const [name, { rule }] of Object.entries(world.definition.fields)) {
        const own = entry.args[name] as object;
        if (rule.type === "map") await world.edit(entry.id, { [name]: { ...own, theirs: "kept" } });
        if (rule.type === "flags") await world.edit(entry.id, { [name]: { ...own, dirSync: true } });
      }
      return refreshed(world, entry);
    },
  },
  "a change whose answer was lost": {
    of: canChange,
    async make(world, frozen) {
      const { api } = world.definition;
      const entry = await created(world, frozen?.args ?? world.full);
      const method = (!isSetting(api) && api.update?.method) || "PATCH";
      world.emulator.fail({ method, path: "/api/v1", count: 500, effect: { kind: "cut", when: "after" } });
      const [field = ""] = sendable(world.definition);
      const failure: Error & Kept = await world
        .run()
        .update(entry.id, entry.state, changedIn(world.definition, entry.args, field), { urn: resourceUrn })
        .then(() => Promise.reject(new Error("nothing was lost")))
        .catch((error) => error);
      world.emulator.heal();
      if (failure.properties === undefined) throw failure;
      return { ...entry, state: failure.properties };
    },
  },
  "a key that is left for later": {
    of: (definition) => movingKey(definition) !== undefined,
    async make(world, frozen) {
      const key = movingKey(world.definition) ?? "";
      const args = frozen?.args ?? { ...world.full, [key]: "TAKEN" };
      const entry = await created(world, { ...args, [key]: "FIRST" });
      const holder = await world.endpoints.create(undefined, { ...world.least, [key]: args[key] });
      const run = world.run();
      await run.diff(entry.id, entry.state, args);
      const guarantor = { isMoreToCome: () => true, owe: async () => {}, settle: async () => {} };
      const { outs } = await run.update(entry.id, entry.state, args, { urn: resourceUrn, guarantor });
      // The next run finds the key free.
      await world.endpoints.remove(holder.id);
      return { id: entry.id, args, state: outs };
    },
  },
  "what is only read": {
    of: () => true,
    async make(world, frozen) {
      const { id } = await created(world, { ...world.least, ...fieldsOf(world, frozen?.state ?? world.full) });
      const { props } = await world.run().read(id, {});
      return { id, args: {}, state: props as State };
    },
  },
};

async function created({ run }: World, args: Args): Promise<Entry> {
  const { id, outs } = await run().create(args, resourceUrn);
  return { id, args, state: outs };
}

async function refreshed({ run }: World, entry: Entry): Promise<Entry> {
  const { props } = await run().read(entry.id, entry.state);
  return { ...entry, state: props as State };
}

const fieldsOf = ({ definition }: World, values: Args): Args =>
  Object.fromEntries(Object.entries(values).filter(([name]) => name in definition.fields));

function canChange(definition: Definition): boolean {
  return sendable(definition).length > 0;
}

/** The fields that say whose the entries of another are. */
const owners = ({ fields }: Definition): string[] =>
  Object.values(fields).flatMap(({ rule }) =>
    rule.type === "map" && rule.ownedBy !== undefined ? [rule.ownedBy] : [],
  );

/** The field that may change hands. */
export const movingKey = (definition: Definition): string | undefined => handedOver(definition)[0];
