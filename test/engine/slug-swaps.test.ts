import { expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { endAt, unlock, ways } from "../support/crash.ts";
import { seed } from "../support/seed.ts";
import { type Stack, story } from "../support/story.ts";

/** A program of organizations with these keys, by their names. */
const declare = (stack: Stack, keys: Readonly<Record<string, { externalId?: string; slug?: string }>>) =>
  stack.write(
    Object.fromEntries(Object.entries(keys).map(([name, own]) => [name, { args: { displayName: name, ...own } }])),
  );

/** The keys at Scalekit, by the names of the organizations. */
const held = (emulator: Emulator): Readonly<Record<string, string>> =>
  Object.fromEntries(
    emulator.organizations().map((one) => [one.display_name, `${one.external_id ?? "-"} ${one.slug ?? "-"}`]),
  );

const expectUp = async (stack: Stack, ...flags: string[]) => {
  const run = await stack.up(...flags);
  expect(run, run.text).toMatchObject({ code: 0 });
};

const expectStill = async (stack: Stack) => {
  const preview = await stack.preview("--expect-no-changes");
  expect(preview, preview.text).toMatchObject({ code: 0 });
  expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
};

story("two organizations swap slugs in one run, and three hand theirs round", async ({ means }) => {
  const emulator = await means.emulate();
  const stack = await means.stackOn(emulator);
  await declare(stack, { one: { slug: "a" }, other: { slug: "b" }, third: { externalId: "C", slug: "c" } });
  await expectUp(stack);
  const ids = () => emulator.organizations().map(({ id }) => id);
  const before = ids();
  for (const [slugs, ...flags] of [
    [["b", "a", "c"]],
    [["a", "c", "b"], "--parallel", "1"],
    [["c", "b", "a"], "--parallel", "2"],
  ] as const) {
    const [one, other, third] = slugs;
    await declare(stack, { one: { slug: one }, other: { slug: other }, third: { externalId: "C", slug: third } });
    await expectUp(stack, ...flags);
    expect(held(emulator)).toEqual({ one: `- ${one}`, other: `- ${other}`, third: `C ${third}` });
  }
  expect(ids()).toEqual(before);
  await expectStill(stack);
});

story("external IDs and slugs change hands at once, each its own way", async ({ means }) => {
  const emulator = await means.emulate();
  const stack = await means.stackOn(emulator);
  const programs = [
    ["A a", "B b", "C c"],
    ["B b", "A a", "C c"],
    ["A c", "C b", "B a"],
    ["C b", "B a", "A c"],
  ].map((keys) =>
    Object.fromEntries(
      keys.map((pair, n) => {
        const [externalId = "", slug = ""] = pair.split(" ");
        return [["one", "other", "third"][n] ?? "", { externalId, slug }];
      }),
    ),
  );
  for (const [n, program] of programs.entries()) {
    await declare(stack, program);
    await expectUp(stack, ...(n === 2 ? ["--parallel", "1"] : []));
    expect(held(emulator)).toEqual(
      Object.fromEntries(Object.entries(program).map(([name, own]) => [name, `${own.externalId} ${own.slug}`])),
    );
  }
  await expectStill(stack);
});

story("a slug of somebody else's stays with them, and the refusal says once who has it", async ({ means }) => {
  const emulator = await means.emulate();
  const stack = await means.stackOn(emulator);
  const [foreign = ""] = await seed(emulator, [{ display_name: "theirs", slug: "theirs" }]);
  await declare(stack, { one: { slug: "a" }, other: { slug: "b" } });
  await expectUp(stack);
  const before = held(emulator);
  await declare(stack, { one: { slug: "theirs" }, other: { slug: "b" } });
  for (const flags of [["--parallel", "1"], []]) {
    const refused = await stack.up(...flags);
    expect(refused.code).not.toBe(0);
    expect(refused.text.replaceAll(/\s+/g, " ").split(`its new slug belongs to ${foreign}`)).toHaveLength(2);
    expect(held(emulator)).toEqual(before);
  }
  await declare(stack, { one: { slug: "a" }, other: { slug: "b" }, third: { slug: "theirs" } });
  const refused = await stack.up();
  expect(refused.code).not.toBe(0);
  expect(refused.text.replaceAll(/\s+/g, " ")).toContain(`Its slug belongs to ${foreign}, and a slug is unique`);
  expect(held(emulator)).toEqual(before);
});

story("a kill between the spare slug and the declared one is repaired by the next run", async ({ means }) => {
  const emulator = await means.emulate();
  const stack = await means.stackOn(emulator);
  const kill = ways["kill -9 of the CLI, the program and the provider"];
  const one = { externalId: "A", slug: "a" };
  const other = { externalId: "B", slug: "b" };
  await declare(stack, { one, other });
  expect(await stack.up()).toMatchObject({ code: 0 });
  const swapped = { one: other, other: one };
  // The next run goes on with the program that was killed, and the last one goes back to the program before.
  for (const begun of [swapped, { one, other }]) {
    await declare(stack, begun);
    // The spare keys are there, and the answer to that does not come in time.
    emulator.fail({
      method: "PATCH",
      path: "/api/v1/organizations",
      count: 100,
      effect: { kind: "delay", milliseconds: 3000, when: "after" },
    });
    const moving = () => emulator.organizations().filter(({ slug }) => slug?.startsWith("moving-")).length;
    await endAt(1, kill, stack, moving);
    expect(moving()).toBeGreaterThan(0);
    emulator.heal();
    await unlock(stack);
    await declare(stack, swapped);
    await expectUp(stack);
    expect(held(emulator)).toEqual({ one: "B b", other: "A a" });
    await expectStill(stack);
  }
});
