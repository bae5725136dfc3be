import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { endAt, unlock, ways } from "../support/crash.ts";
import { seed } from "../support/seed.ts";
import { type Means, type Stack, story } from "../support/story.ts";

/** How many organizations change hands; an even number. */
const size = Number(process.env["SWAPS"] ?? 60);

type Move = (n: number) => number;
const stay: Move = (n) => n;
const farPairs: Move = (n) => size - 1 - n;
const nearPairs: Move = (n) => (n ^ 1) % size;
const onwards: Move = (n) => (n + 1) % size;
const backwards: Move = (n) => (n + size - 1) % size;

const declare = (stack: Stack, move: Move) =>
  stack.write(
    Object.fromEntries(
      Array.from({ length: size }, (_, n) => [
        `customer-${n}`,
        { args: { displayName: `Customer ${n}`, externalId: `CUST-${move(n)}` } },
      ]),
    ),
  );

/** The external IDs at Scalekit, by the order in the program. */
const held = (emulator: Emulator): (string | null)[] =>
  emulator
    .organizations()
    .map(({ display_name, external_id }) => [Number(display_name.split(" ")[1]), external_id ?? null] as const)
    .sort(([a], [b]) => a - b)
    .map(([, externalId]) => externalId);

const wanted = (move: Move): string[] => Array.from({ length: size }, (_, n) => `CUST-${move(n)}`);

async function begin({ emulate, stackOn }: Means) {
  const emulator = await emulate();
  const stack = await stackOn(emulator, { env: { SCALEKIT_MAX_REQUESTS_PER_MINUTE: "100000" } });
  await declare(stack, stay);
  expect(await stack.up()).toMatchObject({ code: 0, changes: { create: size } });
  return { emulator, stack };
}

describe("external IDs change hands in one run", () => {
  story("however far apart, and with however many workers", async ({ means }) => {
    const { emulator, stack } = await begin(means);
    const runs: [Move, ...string[]][] = [
      [nearPairs],
      [farPairs],
      [stay, "--parallel", "4"],
      [onwards, "--parallel", "1"],
      [backwards],
    ];
    for (const [move, ...flags] of runs) {
      await declare(stack, move);
      const up = await stack.up(...flags);
      expect(up, up.text).toMatchObject({ code: 0, changes: { update: size } });
      expect(held(emulator)).toEqual(wanted(move));
    }
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
    // What the journal says of them is not needed, only quicker.
    const forgetful = { SCALEKIT_JOURNAL: `${stack.folder}/elsewhere` };
    Object.assign(stack.env, forgetful);
    expect(await stack.up()).toMatchObject({ code: 0 });
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
    expect(held(emulator)).toEqual(wanted(backwards));
  });

  story("which a kill may interrupt anywhere, with the journal kept or not", async ({ means }) => {
    const { emulator, stack } = await begin(means);
    let before: Move = stay;
    for (const [round, end] of Object.values(ways).entries()) {
      const move = before === farPairs ? onwards : farPairs;
      await declare(stack, move);
      const patches = () => emulator.requests.filter(({ method }) => method === "PATCH").length;
      const from = patches();
      await endAt(Math.floor(size * (0.3 + 0.3 * round)), end, stack, () => patches() - from);
      await unlock(stack);
      if (round % 2 === 1) Object.assign(stack.env, { SCALEKIT_JOURNAL: `${stack.folder}/journal-${round}` });
      const up = await stack.up();
      expect(up, up.text).toMatchObject({ code: 0 });
      expect(held(emulator)).toEqual(wanted(move));
      before = move;
    }
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
  });
});

story("two swap though one depends on the other, and the program goes on when it has that", async ({ means }) => {
  const emulator = await means.emulate();
  const program = (one: string, other: string) => `
    const { Organization } = require("pulumi-scalekit");
    const one = new Organization("one", { displayName: "One", externalId: "${one}" });
    const had = new Promise((resolve) => one.externalId.apply(resolve));
    had.then(() => new Promise((resolve) => setTimeout(resolve, 1000))).then(() => {
      new Organization("other", { displayName: "Other", externalId: "${other}" }, { dependsOn: one });
    });
    new Organization("third", { displayName: one.externalId.apply((id) => "Beside " + id) });`;
  const stack = await means.stackOn(emulator, { source: program("A", "B") });
  expect(await stack.up()).toMatchObject({ code: 0, changes: { create: 3 } });
  await writeFile(join(stack.folder, "index.js"), program("B", "A"));
  const up = await stack.up();
  expect(up, up.text).toMatchObject({ code: 0, changes: { update: 3 } });
  const held = emulator.organizations().map(({ display_name, external_id }) => `${display_name} ${external_id ?? ""}`);
  expect(held.sort()).toEqual(["Beside B ", "One B", "Other A"]);
  expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
});

describe("what does not change hands", () => {
  const two = (one: string, other: string) => ({
    one: { args: { displayName: "One", externalId: one } },
    other: { args: { displayName: "Other", externalId: other } },
  });

  story("a swap of which --target leaves one out is refused, and made by the next run", async ({ means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator);
    await stack.write(two("A", "B"));
    await stack.up();
    const has = async (name: string) => (await stack.organizations()).find(({ urn }) => urn.endsWith(`::${name}`));
    const [one, other] = [await has("one"), await has("other")];
    const externalIds = () =>
      [one, other].map((it) => emulator.organizations().find(({ id }) => id === it?.id)?.external_id);
    await stack.write(two("B", "A"));
    const urn = one?.urn ?? "";
    for (const flags of [[], ["--parallel", "1"]]) {
      const targeted = await stack.up("--target", urn, ...flags);
      expect(targeted.code).not.toBe(0);
      expect(targeted.text.split(`belongs to ${other?.id}`)).toHaveLength(2);
      expect(targeted.text).toContain("was left out by `--target`");
      expect(externalIds()).toEqual(["A", "B"]);
    }
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0 });
    expect(externalIds()).toEqual(["B", "A"]);
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
  });

  story(
    "an organization of somebody else's keeps its own, whatever wants it and wherever that stands",
    async ({ means }) => {
      const { emulator, stack } = await begin(means);
      const [foreign = ""] = await seed(emulator, [{ display_name: "Customer 1000", external_id: "FOREIGN" }]);
      const program = (first: string) =>
        Object.fromEntries(
          Array.from({ length: size }, (_, n) => [
            `customer-${n}`,
            { args: { displayName: `Customer ${n}`, externalId: n === 0 ? first : `CUST-${n}` } },
          ]),
        );
      await stack.write(program("FOREIGN"));
      for (const flags of [["--parallel", "1"], []]) {
        const up = await stack.up(...flags);
        expect(up.code).not.toBe(0);
        expect(up.text.split(`belongs to ${foreign}`)).toHaveLength(2);
        expect(held(emulator)).toEqual([...wanted(stay), "FOREIGN"]);
        expect((await stack.preview("--expect-no-changes")).code).not.toBe(0);
      }
      await stack.write(program("CUST-0"));
      expect(await stack.up()).toMatchObject({ code: 0 });
      expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
      expect(held(emulator)).toEqual([...wanted(stay), "FOREIGN"]);
    },
  );

  story("many external IDs that others have are refused within seconds, each in one message", async ({ means }) => {
    const emulator = await means.emulate();
    const ids = Array.from({ length: 30 }, (_, n) => `CUST-${n}`);
    const theirs = ids.map((external_id) => ({ display_name: "Theirs", external_id }));
    const holders = await seed(emulator, theirs);
    const stack = await means.stackOn(emulator);
    const ours = ids.map((externalId) => [externalId, { args: { displayName: "Ours", externalId } }] as const);
    await stack.write(Object.fromEntries(ours));
    const up = await stack.up("--parallel", "30");
    expect(up).toMatchObject({ code: 1, changes: { failed: 30 } });
    for (const holder of holders) expect(up.text.split(`belongs to ${holder}`)).toHaveLength(2);
    expect(Buffer.byteLength(up.text)).toBeLessThan(30_000);
    expect(Number(/Duration: (\d+)s/.exec(up.text)?.[1])).toBeLessThan(60);
    expect(emulator.organizations().map(({ display_name }) => display_name)).toEqual(ids.map(() => "Theirs"));
  });
});
