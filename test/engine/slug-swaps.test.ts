import { expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { endAt, ways } from "../support/crash.ts";
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

story("slugs change hands in one run, by themselves and together with external IDs", async ({ means }) => {
  const emulator = await means.emulate();
  const stack = await means.stackOn(emulator);
  const [foreign = ""] = await seed(emulator, [{ display_name: "Theirs", slug: "theirs" }]);
  const up = async (...flags: string[]) => {
    const run = await stack.up(...flags);
    expect(run, run.text).toMatchObject({ code: 0 });
  };

  await declare(stack, { one: { slug: "a" }, other: { slug: "b" }, third: { externalId: "C", slug: "c" } });
  await up();
  const ids = () => Object.fromEntries(emulator.organizations().map(({ display_name, id }) => [display_name, id]));
  const before = ids();

  await declare(stack, { one: { slug: "b" }, other: { slug: "a" }, third: { externalId: "C", slug: "c" } });
  await up();
  expect(held(emulator)).toEqual({ Theirs: "- theirs", one: "- b", other: "- a", third: "C c" });

  for (const [slugs, ...flags] of [
    [["a", "c", "b"], "--parallel", "1"],
    [["c", "b", "a"]],
    [["b", "a", "c"], "--parallel", "2"],
  ] as const) {
    const [one, other, third] = slugs;
    await declare(stack, { one: { slug: one }, other: { slug: other }, third: { externalId: "C", slug: third } });
    await up(...flags);
    expect(held(emulator)).toEqual({ Theirs: "- theirs", one: `- ${one}`, other: `- ${other}`, third: `C ${third}` });
  }

  await declare(stack, {
    one: { externalId: "A", slug: "b" },
    other: { externalId: "B", slug: "a" },
    third: { externalId: "C", slug: "c" },
  });
  await up();
  for (const flags of [[], ["--parallel", "1"]]) {
    const now = held(emulator);
    const [[A = "", a] = [], [B = "", b] = [], [C = "", c] = []] = ["one", "other", "third"].map((name) =>
      now[name]?.split(" "),
    );
    // Each gets its external ID from one and its slug from the other.
    await declare(stack, {
      one: { externalId: B, slug: `${c}` },
      other: { externalId: C, slug: `${a}` },
      third: { externalId: A, slug: `${b}` },
    });
    await up(...flags);
    expect(held(emulator)).toEqual({ Theirs: "- theirs", one: `${B} ${c}`, other: `${C} ${a}`, third: `${A} ${b}` });
  }
  expect(ids()).toEqual(before);
  const again = await stack.preview("--expect-no-changes");
  expect(again, again.text).toMatchObject({ code: 0 });
  expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });

  // Somebody else's is refused once, with who has it, at whatever place the program has it.
  const now = held(emulator);
  const keysOf = (name: string) => {
    const [externalId = "", slug = ""] = now[name]?.split(" ") ?? [];
    return { externalId, slug };
  };
  const rest = { other: keysOf("other"), third: keysOf("third") };
  await declare(stack, { one: { ...keysOf("one"), slug: "theirs" }, ...rest });
  for (const flags of [["--parallel", "1"], []]) {
    const refused = await stack.up(...flags);
    expect(refused.code).not.toBe(0);
    expect(refused.text.replaceAll(/\s+/g, " ").split(`its new slug belongs to ${foreign}`)).toHaveLength(2);
    expect(held(emulator)).toEqual(now);
  }
  await declare(stack, { one: keysOf("one"), ...rest, fourth: { slug: "theirs" } });
  const refused = await stack.up();
  expect(refused.code).not.toBe(0);
  expect(refused.text.replaceAll(/\s+/g, " ")).toContain(`Its slug belongs to ${foreign}, and a slug is unique`);
  expect(held(emulator)).toEqual(now);
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
    await stack.pulumi("cancel", "--yes");
    await declare(stack, swapped);
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0 });
    expect(held(emulator)).toEqual({ one: "B b", other: "A a" });
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
  }
});
