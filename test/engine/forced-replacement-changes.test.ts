import { readdirSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { command } from "../support/command.ts";
import { ways as deaths, endAt, unlock } from "../support/crash.ts";
import { oneOfEach } from "../support/one-of-each.ts";
import { below, expectRefusedAndThenReplaced, flat, refusal, resource, thingsOf } from "../support/replacing.ts";
import { expectSuccess } from "../support/stack.ts";
import { type Means, type Stack, story } from "../support/story.ts";

/** Replacements that a user forces in the run in which something else changes too, and what hangs on what is replaced. */

const declare = (stack: Stack, program: object) =>
  writeFile(join(stack.folder, "program.json"), JSON.stringify(program));

const taint = async (stack: Stack, name: string) =>
  expectSuccess(stack.pulumi("state", "taint", (await resource(stack, name))?.urn ?? "", "--yes"));

async function begin({ emulate, stackOn }: Means, program: object = {}, source = oneOfEach) {
  const emulator = await emulate();
  const stack = await stackOn(emulator, { source });
  await declare(stack, program);
  await expectSuccess(stack.up());
  const named = (externalId: string) =>
    emulator.organizations().filter(({ external_id }) => external_id === externalId);
  const things = () => thingsOf(emulator);
  return { emulator, stack, named, things };
}

interface Case {
  readonly change: string;
  readonly args: object;
  readonly way: "taint" | "--replace" | "replacementTrigger";
}

const cases: readonly Case[] = [
  { change: "nothing", args: {}, way: "taint" },
  { change: "the external ID", args: { externalId: "CUST-2" }, way: "--replace" },
  {
    change: "the external ID and the slug",
    args: { externalId: "CUST-2", slug: "mega" },
    way: "replacementTrigger",
  },
  { change: "the slug, where there is no external ID", args: { slug: "mega" }, way: "taint" },
];

story.concurrent.for(cases)(
  "an organization and all that hangs on it stay where what is to replace it is refused, by $way when $change changes",
  { timeout: 600_000 },
  async ({ change, args, way }, { means }) => {
    const source = change.includes("no external ID") ? oneOfEach.replace('externalId: "CUST-1", ', "") : oneOfEach;
    const opts = (value: string) => (way === "replacementTrigger" ? { megasoft: { replacementTrigger: value } } : {});
    const { emulator, stack, things } = await begin(means, { opts: opts("1") }, source);
    const [before] = emulator.organizations().filter(({ slug }) => slug === "megasoft");
    const there = things();
    const urn = (await resource(stack, "megasoft"))?.urn ?? "";
    if (way === "taint") await taint(stack, "megasoft");
    await declare(stack, { opts: opts("2"), args: { megasoft: args } });
    const flags = way === "--replace" ? ["--replace", urn] : [];
    const preview = await stack.preview(...flags);
    for (const name of below) expect(preview.text).toMatch(new RegExp(` ${name} +(delete-)?replace`));
    const says = `Organization ${before?.id} is unchanged`;
    await expectRefusedAndThenReplaced({ emulator, stack, before, there, flags, says });
  },
);

story.concurrent(
  "what hangs on an organization that alone is replaced is made anew by the next run",
  { timeout: 600_000 },
  async ({ means }) => {
    const { emulator, stack, things } = await begin(means);
    const counts = things().map((some) => some.length);
    await expectSuccess(stack.up("--target-replace", (await resource(stack, "megasoft"))?.urn ?? ""));
    expect(emulator.organizations()).toHaveLength(2);
    await expectSuccess(stack.up());
    const id = (await resource(stack, "megasoft"))?.id;
    for (const name of below) {
      expect((await resource(stack, name))?.inputs, name).toMatchObject({ organizationId: id });
    }
    expect(things().map((some) => some.length)).toEqual(counts);
    await expectSuccess(stack.up("--expect-no-changes"));
    await expectSuccess(stack.refresh("--expect-no-changes"));
  },
);

story.concurrent(
  "an organization whose state is of an earlier version is known by its external ID, until a state says whose it is",
  { timeout: 600_000 },
  async ({ means }) => {
    const { emulator, stack, named } = await begin(means);
    const file = join(stack.folder, "state.json");
    await expectSuccess(stack.pulumi("stack", "export", "--file", file));
    const state = await readFile(file, "utf8");
    await writeFile(file, state.replaceAll(/("claim": "[\w-]{4})[^"]+"/g, '$1"'));
    await expectSuccess(stack.pulumi("stack", "import", "--file", file));
    // It is known by its external ID, if that stays.
    await taint(stack, "megasoft");
    emulator.fail({ ...refusal, count: 1 });
    expect((await stack.up()).text).toContain("is unchanged");
    expect(named("CUST-1")).toHaveLength(1);
    await expectSuccess(stack.up());
    // The new one's state says it.
    const [before] = named("CUST-1");
    await taint(stack, "megasoft");
    await declare(stack, { args: { megasoft: { externalId: "CUST-2" } } });
    emulator.fail({ ...refusal, count: 1 });
    expect((await stack.up()).code).not.toBe(0);
    expect(named("CUST-1")).toMatchObject([{ id: before?.id }]);
    await expectSuccess(stack.up());
    expect(emulator.organizations()).toHaveLength(2);
    // So does that of one that was updated since.
    const sandbox = await resource(stack, "sandbox");
    expect(sandbox?.outputs["__notes"]).toMatchObject({ claim: expect.stringMatching(/^.{4}$/) });
    await declare(stack, {
      text: "Second",
      args: { megasoft: { externalId: "CUST-2" }, sandbox: { externalId: "S" } },
    });
    await expectSuccess(stack.up());
    expect((await resource(stack, "sandbox"))?.outputs["__notes"]).toMatchObject({
      claim: expect.stringMatching(/^.{10}$/),
    });
  },
);

/** What the journal of the stack has in it so far. */
function journalOf({ folder }: Stack): string {
  try {
    const files = join(folder, "home", "scalekit");
    return readdirSync(files)
      .filter((file) => file.endsWith(".jsonl"))
      .map((file) => readFileSync(join(files, file), "utf8"))
      .join("");
  } catch {
    return "";
  }
}

const kill = deaths["kill -9 of the CLI, the program and the provider"];
const path = "/api/v1/organizations";
/** Requests that are held up for the kill to come before their end, and what tells that they are under way. */
const moments = {
  "before the new one is asked for": { method: "POST", when: "before", sign: /"parked"/ },
  "before it is known that the new one is made": { method: "POST", when: "after", sign: /"parked"/ },
  "before the old one is deleted": { method: "DELETE", when: "before", sign: /"by"/ },
  "before it is known that the old one is deleted": { method: "DELETE", when: "after", sign: /"by"/ },
} as const;

story.concurrent.for(Object.keys(moments) as (keyof typeof moments)[])(
  "an organization that gets another external ID too, and whose replacement is killed %s, is neither lost nor doubled",
  { timeout: 600_000 },
  async (moment, { means }) => {
    const { method, when, sign } = moments[moment];
    const { emulator, stack, named, things } = await begin(means);
    const [before] = named("CUST-1");
    const counts = things().map((some) => some.length);
    await taint(stack, "megasoft");
    await declare(stack, { args: { megasoft: { externalId: "CUST-2" } } });
    emulator.fail({ method, path, count: 100, effect: { kind: "delay", milliseconds: 5_000, when } });
    const reached = await endAt(1, kill, stack, () => (sign.test(journalOf(stack)) ? 1 : 0));
    expect(reached).toBe(1);
    emulator.heal();
    await unlock(stack);
    if (method === "POST") expect(named("CUST-1")).toMatchObject([{ id: before?.id }]);
    // A request that the kill has cut off may still arrive.
    await expectSuccess(stack.up());
    expect(named("CUST-1")).toEqual([]);
    expect(named("CUST-2")).toHaveLength(1);
    expect(emulator.organizations()).toHaveLength(2);
    expect((await resource(stack, "megasoft"))?.id).toBe(named("CUST-2")[0]?.id);
    expect(things().map((some) => some.length)).toEqual(counts);
    await expectSuccess(stack.up("--expect-no-changes"));
  },
);

story.concurrent(
  "an organization that was noted to go stays where the user takes the taint back after a kill",
  { timeout: 600_000 },
  async ({ means }) => {
    const { emulator, stack, named, things } = await begin(means);
    const [before] = named("CUST-1");
    const there = things();
    await taint(stack, "megasoft");
    emulator.fail({
      method: "PATCH",
      path,
      count: 100,
      effect: { kind: "delay", milliseconds: 5_000, when: "before" },
    });
    await endAt(1, kill, stack, () => (/"parked"/.test(journalOf(stack)) ? 1 : 0));
    emulator.heal();
    await unlock(stack);
    const old = await resource(stack, "megasoft");
    const isStillHad = (old as { pendingReplacement?: boolean } | undefined)?.pendingReplacement !== true;
    if (isStillHad) await expectSuccess(stack.pulumi("state", "untaint", old?.urn ?? "", "--yes"));
    await expectSuccess(stack.up());
    expect(named("CUST-1")).toMatchObject([{ slug: "megasoft" }]);
    expect(emulator.organizations()).toHaveLength(2);
    expect((await resource(stack, "megasoft"))?.id).toBe(named("CUST-1")[0]?.id);
    if (isStillHad) {
      expect(named("CUST-1")).toMatchObject([{ id: before?.id }]);
      expect(things()).toEqual(there);
    }
    await expectSuccess(stack.up("--expect-no-changes"));
  },
);

story.concurrent(
  "two organizations that are replaced and swap their external IDs are each lost in no run, of which one is refused",
  { timeout: 600_000 },
  async ({ means: { emulate, stackOn } }) => {
    const emulator = await emulate();
    const stack = await stackOn(emulator);
    const program = (first: string, second: string) =>
      stack.write({
        first: { args: { displayName: "First", externalId: first } },
        second: { args: { displayName: "Second", externalId: second } },
      });
    await program("A", "B");
    await expectSuccess(stack.up());
    const before = emulator.organizations().map(({ id }) => id);
    await taint(stack, "first");
    await taint(stack, "second");
    await program("B", "A");
    emulator.fail({ ...refusal, count: 1 });
    const refused = await stack.up();
    expect(refused.code, refused.text).not.toBe(0);
    // Of each there is the old one or the new one.
    const names = () => emulator.organizations().map(({ display_name }) => display_name);
    expect(names().sort()).toEqual(["First", "Second"]);
    emulator.heal();
    await expectSuccess(stack.up());
    expect(names().sort()).toEqual(["First", "Second"]);
    const now = Object.fromEntries(emulator.organizations().map((one) => [one.display_name, one]));
    expect(now["First"]?.external_id).toBe("B");
    expect(now["Second"]?.external_id).toBe("A");
    expect(before).not.toContain(now["First"]?.id);
    expect(before).not.toContain(now["Second"]?.id);
    expect((await resource(stack, "first"))?.id).toBe(now["First"]?.id);
    expect((await resource(stack, "second"))?.id).toBe(now["Second"]?.id);
    await expectSuccess(stack.up("--expect-no-changes"));
  },
);

story.concurrent.for(["taken out of the program", "destroyed"])(
  "an organization whose replacement was refused and is then given up, as its resource is %s, is spoken of and can be had again",
  { timeout: 600_000 },
  async (way, { means }) => {
    const { emulator, stack, named } = await begin(means);
    const [before] = named("CUST-1");
    await taint(stack, "megasoft");
    emulator.fail(refusal);
    const refused = await stack.up();
    expect(flat(refused.text)).toContain(`nothing deletes ${before?.id}: delete it in Scalekit's dashboard`);
    emulator.heal();
    await declare(stack, { without: ["megasoft"] });
    await expectSuccess(way === "destroyed" ? stack.destroy() : stack.up());
    expect(named("CUST-1")).toMatchObject([{ id: before?.id }]);
    const doctor = () => command(["doctor"], { cwd: stack.folder, env: stack.env });
    expect(flat((await doctor()).stdout)).toContain(`${before?.id} should have been replaced by a new organization`);
    const imported = await command(["import", `${before?.id}`, "--name", "megasoft", "--run", "--yes"], {
      cwd: stack.folder,
      env: stack.env,
    });
    expect(imported.code, imported.stderr).toBe(0);
    await declare(stack, {});
    await expectSuccess(stack.up());
    expect((await resource(stack, "megasoft"))?.id).toBe(before?.id);
    expect(named("CUST-1")).toMatchObject([{ id: before?.id }]);
    expect((await doctor()).stdout).not.toContain("replacement");
    await expectSuccess(stack.up("--expect-no-changes"));
  },
);
