import { describe, expect, test } from "vitest";
import {
  type Definition,
  isReadable,
  isReplacing,
  isSetting,
  keyFieldsOf,
} from "../../../src/definitions/definition.ts";
import { definitions } from "../../../src/definitions/index.ts";
import { same } from "../../../src/definitions/want.ts";
import { notesKey } from "../../../src/lifecycle/state.ts";
import { beginWith } from "../../support/lifecycle.ts";
import { providerUrn, secret, startPlugin, urnOf } from "../../support/plugin.ts";
import { changedIn } from "../../support/samples.ts";

const all: readonly Definition[] = Object.values(definitions);
const clears = { emptyFields: "clears" } as const;

/** What the engine does with a native plugin, for each definition: a new one is tested by being defined. */
describe.each(all)("the plugin serves $name", (definition) => {
  const { name, fields, outputs } = definition;
  const urn = urnOf(name);

  async function begin() {
    const world = await beginWith(definition, clears);
    const { emulator } = world;
    const { clientId, clientSecret } = emulator.credentials;
    const settings = { environmentUrl: emulator.url, clientId, clientSecret: secret(clientSecret) };
    const run = async () => {
      const plugin = await startPlugin();
      await plugin.configure(settings, providerUrn);
      return plugin;
    };
    return { ...world, run };
  }

  test("from a preview to the delete", async () => {
    const { run, full, writes } = await begin();
    const before = writes();
    const preview = await run();
    expect((await preview.check(urn, full)).failures).toEqual([]);
    const expected = await preview.create(urn, full, true);
    expect(expected.state).toMatchObject(full);
    expect(writes()).toBe(before);

    const first = await run();
    const { inputs } = await first.check(urn, full);
    expect(inputs).toEqual(full);
    const { id, state } = await first.create(urn, inputs);
    // Everything that a preview left open has been decided, and nothing else has changed.
    for (const known of Object.keys(state)) if (known !== notesKey) expect(expected.state).toHaveProperty([known]);
    const made = writes();

    const second = await run();
    await second.check(urn, full, inputs);
    const nothing = await second.diff(urn, id, { state, oldInputs: inputs, inputs });
    expect(nothing).toEqual({ isChanged: false, replaces: [], details: {} });
    expect(await second.read(urn, id, { state, inputs })).toEqual({ id, state, inputs });
    expect(writes()).toBe(made);
    await second.remove(urn, id, { state, oldInputs: inputs });
  });

  test("each changed field shows by its path, and an update reaches it", async () => {
    const { run, full } = await begin();
    const plugin = await run();
    await plugin.check(urn, full);
    let { id, state } = await plugin.create(urn, full);
    let before = full;
    for (const field of Object.keys(fields)) {
      if (isReplacing(definition, field)) continue;
      const now = changedIn(definition, before, field);
      const { fallback } = fields[field] ?? {};
      if (same(now[field] ?? fallback, before[field] ?? fallback)) continue;
      const next = await run();
      await next.check(urn, now, before);
      const { isChanged, replaces, details } = await next.diff(urn, id, { state, oldInputs: before, inputs: now });
      expect([isChanged, replaces], field).toEqual([true, []]);
      expect(Object.keys(details).length, field).toBeGreaterThan(0);
      for (const path of Object.keys(details)) expect(path.split(/[.[]/)[0]).toBe(field);
      expect(await next.update(urn, id, { state, oldInputs: before, inputs: now }, true)).toMatchObject(now);
      state = await next.update(urn, id, { state, oldInputs: before, inputs: now });
      expect(same(state[field] ?? fallback, now[field]), field).toBe(true);
      before = now;
    }
  });

  test.runIf(isReadable(definition))(
    "one that exists is imported, by its id and by its key, and nothing is left to do",
    async () => {
      const { run, full } = await begin();
      const maker = await run();
      const { inputs: given } = await maker.check(urn, full);
      const { id } = await maker.create(urn, given);
      const key = isSetting(definition.api) ? undefined : keyFieldsOf(definition);
      const byKey = key?.map((field) => `${field}=${given[field]}`).join(",");
      for (const text of [id, ...(byKey === undefined ? [] : [byKey])]) {
        const plugin = await run();
        const found = await plugin.read(urn, text);
        expect(found.id).toBe(id);
        const { inputs, failures } = await plugin.check(urn, found.inputs, found.inputs);
        expect(failures).toEqual([]);
        const { isChanged } = await plugin.diff(urn, id, { state: found.state, oldInputs: found.inputs, inputs });
        expect(isChanged).toBe(false);
      }
    },
  );

  test("a secret of Scalekit's own is marked as one", async () => {
    const { run, full } = await begin();
    const plugin = await run();
    const { state } = await plugin.create(urn, (await plugin.check(urn, full)).inputs);
    for (const [output, { secret: isSecret, createOnly }] of Object.entries(outputs)) {
      if (state[output] === undefined) continue;
      const isMarked = typeof state[output] === "object";
      expect(isMarked, output).toBe(isSecret === true || createOnly === true);
    }
  });
});
