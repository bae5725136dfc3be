import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Definition, isReadable, isSetting, makerOf, type Values } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { organizationSet } from "../../src/definitions/organization-set.ts";
import { notesIn, type State } from "../../src/lifecycle/state.ts";
import { expectFrozen, frozenDefinitions, frozenTexts, newest } from "../support/golden.ts";
import { alike, sendable } from "../support/lifecycle.ts";
import { changedIn } from "../support/samples.ts";
import { beginStill, type Entry, forms, resourceUrn, type World } from "../support/state-forms.ts";
import { holdStill } from "../support/still.ts";

vi.mock("node:crypto", async (original) => {
  const { stillCrypto } = await import("../support/still.ts");
  return stillCrypto(original);
});

beforeEach(holdStill);
afterEach(() => {
  vi.useRealTimers();
});

type Entries = Readonly<Record<string, Entry>>;

test("a definition that was frozen stays", () => {
  expect([...Object.keys(definitions), organizationSet.name]).toEqual(expect.arrayContaining(frozenDefinitions()));
});

describe.each(Object.values<Definition>(definitions))("a state of the class $name", (definition) => {
  const { name, fields } = definition;

  test("is as it was frozen", async () => {
    const frozen = newest<Entries>(name, "state.json");
    const entries: Record<string, Entry> = {};
    for (const [way, { of, make }] of Object.entries(forms)) {
      if (of(definition)) entries[way] = await make(await beginStill(definition), frozen?.[way]);
    }
    expectFrozen(name, "state.json", `${JSON.stringify(entries, null, 2)}\n`);
  });

  const frozen = frozenTexts(name, "state.json").map((file) => JSON.parse(file) as Entries);

  test.skipIf(frozen.length === 0)("has every field in what was frozen", () => {
    const declared = frozen.flatMap((entries) => Object.values(entries).flatMap(({ args }) => Object.keys(args)));
    const missing = Object.keys(fields).filter(
      (field) => !declared.includes(field) && fields[field]?.fallback === undefined,
    );
    expect(
      missing,
      "these fields are new: freeze a form with them, in an empty state-2.json beside state.json",
    ).toEqual([]);
  });

  const read = frozen.flatMap((entries, form) => Object.entries(entries).map((one) => [form + 1, ...one] as const));

  test.each(read)("is read as it was frozen: form %i, %s", async (_, way, entry) => {
    const world = await worldOf(way, entry);
    const { unsure, owed } = notesIn(entry.state);
    if (unsure || owed !== undefined) await expectMadeUpFor(world, entry);
    else await expectUnchanged(world, entry);
  });

  test.each(read.filter(([, way]) => way !== "what is only read"))(
    "is changed and deleted from what was frozen: form %i, %s",
    async (_, way, entry) => {
      const { id, args, state } = entry;
      const { run, endpoints, live } = await worldOf(way, entry);
      const field = sendable(definition).find((one) => args[one] !== undefined && fields[one]?.rule.type !== "flags");
      if (field !== undefined) {
        const changed = changedIn(definition, args, field);
        expect(await run().diff(id, state, changed)).toMatchObject({ isChanged: true, replaces: [] });
        const before = await live();
        const { outs } = await run().update(id, state, changed, { urn: resourceUrn });
        expect(outs[field]).toEqual(changed[field]);
        const after = await live();
        for (const path of notesIn(state).undeclared ?? []) {
          const [whole = ""] = path.split(".");
          expect(after?.[whole], path).toEqual(before?.[whole]);
        }
      }
      await run().remove(id, state);
      const stays = isSetting(definition.api) || makerOf(definition) !== undefined;
      if (!stays) expect(await endpoints.get(id)).toBeUndefined();
    },
  );

  /** The environment that a frozen state is of, as it was then. */
  async function worldOf(way: string, entry: Entry) {
    const world = await beginStill(definition);
    const today = await forms[way]?.make(world, entry);
    expect(today?.id, "ids are others than they were: see support/still.ts").toBe(entry.id);
    /** What is there, as far as a public endpoint tells. */
    const live = async (): Promise<Values | undefined> =>
      isReadable(definition) ? world.endpoints.get(entry.id) : undefined;
    return { ...world, live };
  }

  async function expectUnchanged({ run, writes }: World, { id, args, state }: Entry): Promise<void> {
    const before = writes();
    const { props, inputs } = await run().read(id, state);
    expect(props).toEqual(state);
    if (Object.keys(args).length > 0) {
      expect(inputs).toEqual(args);
      for (const known of [state, props as State]) {
        expect(await run().diff(id, known, args)).toMatchObject({ isChanged: false, replaces: [] });
      }
    } else {
      expect(inputs).toEqual({});
    }
    expect(writes()).toBe(before);
  }

  async function expectMadeUpFor(
    { run, live }: World & { live: () => Promise<Values | undefined> },
    { id, args, state }: Entry,
  ): Promise<void> {
    expect((await run().diff(id, state, args)).isChanged).toBe(true);
    const { outs } = await run().update(id, state, args, { urn: resourceUrn });
    expect(notesIn(outs)).not.toHaveProperty("unsure");
    expect(notesIn(outs)).not.toHaveProperty("owed");
    expect(await run().diff(id, outs, args)).toMatchObject({ isChanged: false });
    const there = await live();
    for (const field of there === undefined ? [] : sendable(definition)) {
      if (args[field] !== undefined) expect(alike(fields[field], there?.[field], args[field]), field).toBe(true);
    }
  }
});
