import { expect, test } from "vitest";
import type { Values } from "../../src/definitions/definition.ts";
import type { SemanticsOptions } from "../../src/emulator/index.ts";
import { mostLooks } from "../../src/lifecycle/taken-keys.ts";
import { begin } from "../support/lifecycle.ts";

const tenant = (n: number): Values => ({ displayName: `Customer ${n}`, externalId: `CUST-${n}` });

/** An environment with organizations of somebody else's. */
const occupied = (ids: readonly number[], semantics?: SemanticsOptions) =>
  begin(
    semantics,
    ids.map((n) => ({ display_name: `Theirs ${n}`, external_id: `CUST-${n}` })),
  );

/** Previews creates, as many at a time as an engine does, and returns how many requests that took, the token aside. */
async function previews(
  { lifecycle, emulator }: Awaited<ReturnType<typeof begin>>,
  ids: readonly number[],
  atOnce = 16,
) {
  const before = emulator.requests.length;
  const waiting = ids.values();
  const worker = async () => {
    for (const n of waiting) await lifecycle.previewConflict(tenant(n), `Organization c${n}`, `urn::c${n}`);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return emulator.requests.slice(before).filter(({ path }) => path.startsWith("/api/")).length;
}

const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, n) => from + n);

test("each create whose external ID is taken says so, and by which organization", async () => {
  const begun = await occupied([3, 500]);
  expect(await previews(begun, [3])).toBe(1);
  const holder = begun.emulator.organizations().find(({ external_id }) => external_id === "CUST-3");
  expect(begun.said).toEqual([
    `Organization c3 cannot be created as things are: ${holder?.id}, created ${holder?.create_time}, has its ` +
      "external ID, and an external ID is unique in an environment. To take over what exists, set `adopt: true`. If it is this " +
      "stack's and the program has renamed it, use the `aliases` option.",
  ]);
  await previews(begun, [500]);
  expect(begun.said[1]).toMatch(
    /^Organization c500 cannot be created as things are: org_\d+, created \S+, has its external ID too\.$/,
  );
});

test("a thousand creates into a new environment cost a page", async () => {
  const begun = await occupied([]);
  expect(await previews(begun, upTo(1000))).toBeLessThanOrEqual(2);
  expect(begun.said).toEqual([]);
});

test("a second stack of forty-one learns of all of them from a page or two", async () => {
  const begun = await occupied(upTo(41));
  expect(await previews(begun, upTo(41))).toBeLessThanOrEqual(2);
  expect(begun.said).toHaveLength(41);
});

test.each([16, 64, 1])("of a list of eleven pages all are found, %i at a time", async (atOnce) => {
  const begun = await occupied(upTo(1100));
  expect(await previews(begun, upTo(60, 1070), atOnce)).toBeLessThanOrEqual(22);
  expect(begun.said).toHaveLength(30);
});

test("one create in a long list costs a look", async () => {
  const begun = await occupied(upTo(1100));
  expect(await previews(begun, [1099])).toBe(1);
  expect(begun.said).toHaveLength(1);
});

test("no preview costs more than its limit, whatever the list says", async () => {
  for (const semantics of [{}, { totalSize: "absent" }] as const) {
    const begun = await occupied(upTo(6000), semantics);
    expect(await previews(begun, upTo(200))).toBeLessThanOrEqual(mostLooks);
    expect(begun.said.length).toBeGreaterThan(10);
  }
});

test("what the program has, made and did not save, or adopts is no conflict", async () => {
  const begun = await begin();
  const made = await begun.process().create(tenant(1), "urn::c1");
  const run = begun.process();
  await run.diff(made.id, made.outs, { ...tenant(1), externalId: "CUST-2" });
  await run.previewConflict(tenant(1), "Organization other", "urn::other");
  await begun.process().previewConflict(tenant(1), "Organization c1", "urn::c1");
  await begun.process().previewConflict({ ...tenant(1), adopt: true }, "Organization c1", "urn::c1");
  await begun.process().previewConflict({ displayName: "Without" }, "Organization c1", "urn::c1");
  expect(begun.said).toEqual([]);
});

test("a look that fails fails nothing, and is not made again", async () => {
  const begun = await occupied([1, 2]);
  begun.emulator.fail({ method: "GET", count: 100, effect: { kind: "status", status: 403 } });
  expect(await previews(begun, [1], 1)).toBe(1);
  expect(begun.said).toEqual([]);
});
