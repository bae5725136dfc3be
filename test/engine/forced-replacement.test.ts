import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { ways as deaths, endAt, unlock } from "../support/crash.ts";
import { oneOfEach } from "../support/one-of-each.ts";
import { expectSuccess, type Resource } from "../support/stack.ts";
import { type Means, type Stack, story } from "../support/story.ts";

/**
 * The ways in which a user forces a replacement. For none of them does the engine ask the provider whether the old one has
 * to go first, and for two it does not even tell that there is an old one.
 */
const ways: Readonly<Record<string, (stack: Stack, name: string) => ReturnType<Stack["up"]>>> = {
  async taint(stack, name) {
    await expectSuccess(stack.pulumi("state", "taint", await urnOf(stack, name), "--yes"));
    return stack.up();
  },
  "--replace": async (stack, name) => stack.up("--replace", await urnOf(stack, name)),
  async replacementTrigger(stack, name) {
    // The sandbox comes first, and keeps what it was given.
    await declare(stack, triggers("2", name === "sandbox" ? "1" : "2"));
    return stack.up();
  },
};

const triggers = (sandbox: string, megasoft: string) => ({
  opts: { sandbox: { replacementTrigger: sandbox }, megasoft: { replacementTrigger: megasoft } },
});

const declare = (stack: Stack, program: object) =>
  writeFile(join(stack.folder, "program.json"), JSON.stringify(program));

const resources = async (stack: Stack): Promise<Resource[]> =>
  JSON.parse((await expectSuccess(stack.pulumi("stack", "export"))).text).deployment.resources;
const urnOf = async (stack: Stack, name: string): Promise<string> =>
  (await resources(stack)).find(({ urn }) => urn.endsWith(`::${name}`))?.urn ?? "";
const idOf = async (stack: Stack, name: string): Promise<string> =>
  (await resources(stack)).find(({ urn }) => urn.endsWith(`::${name}`))?.id ?? "";

async function begin({ emulate, stackOn }: Means, opts: object = {}) {
  const emulator = await emulate();
  const stack = await stackOn(emulator, { source: oneOfEach });
  await declare(stack, { opts });
  await expectSuccess(stack.up());
  return { emulator, stack };
}

story.concurrent.for(Object.keys(ways))(
  "an organization that is replaced by %s right after the run that made it has all that the old one had",
  { timeout: 400_000 },
  async (way, { means }) => {
    const { emulator, stack } = await begin(means, way === "replacementTrigger" ? triggers("1", "1").opts : {});
    for (const name of ["sandbox", "megasoft"]) {
      const before = await idOf(stack, name);
      const run = await (ways[way] as (typeof ways)[string])(stack, name);
      expect(run, run.text).toMatchObject({ code: 0 });
      expect(run.text).not.toMatch(/Took over|belongs to|adopt/);
      const after = await idOf(stack, name);
      expect(after).not.toBe(before);
      const stored = emulator.organizations();
      expect(stored.map(({ id }) => id)).toContain(after);
      expect(stored.map(({ id }) => id)).not.toContain(before);
    }
    expect(emulator.organizations()).toHaveLength(2);
    expect(emulator.organizations().find(({ external_id }) => external_id === "CUST-1")).toMatchObject({
      slug: "megasoft",
      display_name: "First",
    });
    await expectSuccess(stack.up("--expect-no-changes"));
    await expectSuccess(stack.refresh());
    await expectSuccess(stack.destroy());
    expect(emulator.organizations()).toEqual([]);
  },
);

story.concurrent(
  "an organization stays as it was where the one that is to replace it is refused, and goes once that is made",
  { timeout: 400_000 },
  async ({ means }) => {
    const { emulator, stack } = await begin(means);
    const [before] = emulator.organizations().filter(({ external_id }) => external_id === "CUST-1");
    emulator.fail({ method: "POST", count: 100, effect: { kind: "status", status: 403 } });
    await expectSuccess(stack.pulumi("state", "taint", await urnOf(stack, "megasoft"), "--yes"));
    for (let run = 0; run < 2; run++) {
      const refused = await stack.up();
      expect(refused.code, refused.text).not.toBe(0);
      expect(refused.text.replaceAll(/\s+/g, " ")).toContain(
        `Organization ${before?.id} is unchanged, since its replacement was not created.`,
      );
      const now = emulator.organizations().find(({ id }) => id === before?.id);
      expect(now).toEqual({ ...before, update_time: now?.update_time });
    }
    emulator.heal();
    await expectSuccess(stack.up());
    expect(emulator.organizations().map(({ id }) => id)).not.toContain(before?.id);
    expect(emulator.organizations().filter(({ external_id }) => external_id === "CUST-1")).toMatchObject([
      { slug: "megasoft" },
    ]);
    await expectSuccess(stack.up("--expect-no-changes"));
  },
);

story.concurrent(
  "nothing of another kind is lost where what is to replace it is refused",
  { timeout: 400_000 },
  async ({ means }) => {
    const { emulator, stack } = await begin(means);
    const kinds = ["clients", "domains", "roles", "permissions"] as const;
    const there = () => kinds.map((kind) => emulator.all(kind));
    const before = there();
    const names = ["robot", "domain", "auditor", "billing", "write"];
    emulator.fail({ method: "POST", count: 100, effect: { kind: "status", status: 403 } });
    for (const name of names) {
      const refused = await stack.up("--replace", await urnOf(stack, name));
      expect(refused.code, refused.text).not.toBe(0);
      expect(there()).toEqual(before);
    }
    emulator.heal();
    // What has no key is replaced; what has one is refused, with what lets it be replaced.
    const robot = await idOf(stack, "robot");
    await expectSuccess(stack.up("--replace", await urnOf(stack, "robot")));
    expect(await idOf(stack, "robot")).not.toBe(robot);
    expect(emulator.all("clients")).toHaveLength(1);
    for (const name of names.slice(1)) {
      const refused = await stack.up("--replace", await urnOf(stack, name));
      expect(refused.code, refused.text).not.toBe(0);
      expect(refused.text.replaceAll(/\s+/g, " ")).toContain("set the option `deleteBeforeReplace: true` on it");
    }
    expect(there().slice(1)).toEqual(before.slice(1));
    await declare(stack, {
      opts: Object.fromEntries(names.slice(1).map((name) => [name, { deleteBeforeReplace: true }])),
    });
    for (const name of names.slice(1)) await expectSuccess(stack.up("--replace", await urnOf(stack, name)));
    for (const name of ["sessions", "users"]) await expectSuccess(stack.up("--replace", await urnOf(stack, name)));
    expect(emulator.all("session_policies")).toMatchObject([{ absolute: 50 }]);
    expect(emulator.all("user_management_settings")).toMatchObject([{ max_allowed_users: 5 }]);
    await expectSuccess(stack.up("--expect-no-changes"));
  },
);

story.concurrent(
  "an organization whose replacement is killed is neither lost nor doubled, whatever the next run asks for",
  { timeout: 600_000 },
  async ({ means }) => {
    const { emulator, stack } = await begin(means);
    const named = () => emulator.organizations().filter(({ external_id }) => external_id === "CUST-1");
    const [before] = named();
    const kill = deaths["kill -9 of the CLI, the program and the provider"];
    // The answers of the create and of what comes before it do not come in time.
    for (const method of ["PATCH", "POST"] as const) {
      const [now] = named();
      await expectSuccess(stack.pulumi("state", "taint", await urnOf(stack, "megasoft"), "--yes"));
      const from = emulator.requests.length;
      emulator.fail({
        method,
        path: "/api/v1/organizations",
        count: 100,
        effect: { kind: "delay", milliseconds: 5_000, when: "after" },
      });
      const asked = () =>
        emulator.organizations().filter(({ external_id }) => /^moving:/.test(`${external_id}`)).length;
      await endAt(1, kill, stack, asked);
      emulator.heal();
      await unlock(stack);
      expect(emulator.requests.length, method).toBeGreaterThan(from);
      await expectSuccess(stack.up());
      expect(named(), `${method} of ${now?.id}`).toHaveLength(1);
      expect(emulator.organizations(), method).toHaveLength(2);
      await expectSuccess(stack.up("--expect-no-changes"));
      expect(await idOf(stack, "megasoft")).toBe(named()[0]?.id);
    }
    expect(named()[0]?.id).not.toBe(before?.id);
  },
);
