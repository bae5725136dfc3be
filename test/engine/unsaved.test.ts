import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { providersOfStories } from "../support/both-types.ts";
import { command } from "../support/command.ts";
import { endAt, unlock, ways } from "../support/crash.ts";
import type { Run } from "../support/stack.ts";
import { type Means, story } from "../support/story.ts";

/** The engine saves the state at the end of a run only. */
const unsaved = { PULUMI_SKIP_CHECKPOINTS: "true", PULUMI_EXPERIMENTAL: "true" };

/** How many organizations, and how often each way of dying is tried. `npm run soak` raises both. */
const size = Number(process.env["UNSAVED_SIZE"] ?? 60);
const rounds = Number(process.env["UNSAVED_ROUNDS"] ?? 1);
const customers = Array.from({ length: size }, (_, n) => `customer-${n}`);

/** An answer that does not come in any test's time. */
const endless = { kind: "delay", milliseconds: 3_600_000 } as const;

async function begin({ emulate, stackOn }: Means, env: Record<string, string> = {}) {
  const emulator = await emulate({ seed: [{ display_name: "customer-0", external_id: "somebody-else" }] });
  const stack = await stackOn(emulator, {
    env: { ...unsaved, SCALEKIT_MAX_REQUESTS_PER_MINUTE: "1000000", ...env },
  });
  const declare = (names: readonly string[], more: object = {}) =>
    stack.write(
      Object.fromEntries(names.map((name) => [name, { args: { displayName: name, externalId: name, ...more } }])),
    );
  return { emulator, stack, declare, foreign: emulator.organizations() };
}

story.concurrent.for(
  Object.entries(ways).flatMap(([name, end]) => Array.from({ length: rounds }, (_, n) => [name, n + 1, end] as const)),
)(
  `a run of ${size} organizations without checkpoints that ends half way by %s is finished by the next (round %i)`,
  { timeout: 600_000 },
  async ([way, , end], { means }) => {
    const { emulator, stack, declare, foreign } = await begin(means);
    await declare(customers);
    // The last are not answered, so that a run is not over before it is killed. Ctrl-C would wait for their answers.
    if (way !== "Ctrl-C") emulator.fail({ method: "POST", skip: size - 5, count: 5, effect: endless });
    const reached = await endAt(Math.floor(size / 2), end, stack, emulator);
    emulator.heal();
    const saved = (await stack.organizations()).length;
    // What was killed has forgotten everything; Ctrl-C lets the engine save what it knows.
    if (way === "Ctrl-C") expect(saved).toBe(emulator.organizations().length - foreign.length);
    else expect(saved).toBe(0);

    await unlock(stack);
    const [made, requests] = [emulator.organizations().length, emulator.requests.length];
    const up = await stack.up();
    expect(up, `ended at ${reached}: ${up.text}`).toMatchObject({ code: 0 });
    // What was made is read by pages, all but the few whose answers were lost.
    expect(emulator.requests.length - requests).toBeLessThanOrEqual(size - made + Math.ceil(size / 50) + 20);
    const organizations = emulator.organizations();
    expect(organizations.map((one) => one.external_id).sort()).toEqual([...customers, "somebody-else"].sort());
    expect(organizations).toEqual(expect.arrayContaining(foreign));
    const known = (await stack.organizations()).map(({ id }) => id).sort();
    const own = organizations.filter((one) => one.external_id !== "somebody-else").map(({ id }) => id);
    expect(known).toEqual(own.sort());
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
  },
);

story.concurrent("an update and a destroy that are killed without checkpoints are done again", async ({ means }) => {
  const { emulator, stack, declare, foreign } = await begin(means);
  await declare(customers);
  expect(await stack.up()).toMatchObject({ code: 0 });
  const kill = ways["kill -9 of the CLI, the program and the provider"];
  const changed = () => emulator.organizations().filter(({ metadata }) => metadata["tier"] === "gold").length;

  await declare(customers, { metadata: { tier: "gold" } });
  emulator.fail({ method: "PATCH", skip: size - 5, count: 5, effect: endless });
  await endAt(10, kill, stack, changed);
  emulator.heal();
  await unlock(stack);
  expect(await stack.up()).toMatchObject({ code: 0, changes: { update: size } });
  expect(changed()).toBe(size);

  await endAt(10, kill, stack, () => size + foreign.length - emulator.organizations().length, "destroy");
  await unlock(stack);
  expect(await stack.destroy()).toMatchObject({ code: 0 });
  expect(emulator.organizations()).toEqual(foreign);
});

story.concurrent("what a killed run would leave in doubt is refused without checkpoints", async ({ means }) => {
  const { emulator, stack, foreign } = await begin(means);
  await stack.write({ nameless: { args: { displayName: "Nameless" } } });
  expect(errorsOf(await stack.preview())).toMatch(
    /externalId is needed to create an organization while PULUMI_SKIP_CHECKPOINTS is set/,
  );

  await stack.write({ megasoft: { args: { displayName: "Megasoft", externalId: "CUST-1" } } });
  expect(await stack.up()).toMatchObject({ code: 0 });
  const replaced = await stack.up("--replace", "**megasoft");
  expect(errorsOf(replaced)).toMatch(/is not replaced while PULUMI_SKIP_CHECKPOINTS is set.* It was not deleted/);
  expect(emulator.organizations()).toHaveLength(foreign.length + 1);
});

story.concurrent("without checkpoints, nothing is created that the journal cannot note", async ({ means }) => {
  const { emulator, stack, declare, foreign } = await begin(means, { SCALEKIT_JOURNAL: "/dev/null/journal" });
  await declare(["megasoft"]);
  expect(errorsOf(await stack.preview())).toMatch(/journal .* cannot be written \(ENOTDIR\).*Set SCALEKIT_JOURNAL/);
  expect(errorsOf(await stack.up())).toContain("cannot be written");
  expect(emulator.organizations()).toEqual(foreign);
});

story.concurrent.for(providersOfStories)(
  "$provider: `pulumi-scalekit up` takes off checkpoints for organizations, notes in the journal what it saved, and refuses any other resource",
  async ({ module }, { means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator, { module, source: mixed(module) });
    stack.env["SCALEKIT_JOURNAL"] = join(stack.folder, "journal");
    const up = (...args: string[]) => command(["up", ...args], { cwd: stack.folder, env: stack.env });
    await stack.write({ megasoft: { args: { displayName: "Megasoft" } } });
    // What the provider refuses at its preview, it refuses only without checkpoints.
    expect(await up("--", "--yes")).toMatchObject({ code: 1, stderr: expect.stringContaining("externalId is needed") });
    expect(emulator.organizations()).toEqual([]);

    await stack.write({ megasoft: { args: { displayName: "Megasoft", externalId: "CUST-1" } } });
    const ended = await up("--stack", "test", "--", "--yes", "--non-interactive");
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    expect(ended.stdout).toMatch(/\+ .*2 created/);
    const [made] = await stack.organizations();
    const journals = await readdir(stack.env["SCALEKIT_JOURNAL"]);
    const lines = await Promise.all(journals.map((name) => readFile(join(stack.folder, "journal", name), "utf8")));
    expect(lines.join("")).toContain(JSON.stringify({ saved: [made?.id], kind: "Organization" }));

    await stack.write({ other: { args: {} } });
    const declared = await up("--", "--yes");
    expect(declared).toMatchObject({ code: 1, stdout: "" });
    expect(declared.stderr).toContain(
      "The stack would have more than this package's resources: pulumi-nodejs:dynamic:Resource::other.",
    );
    expect(await stack.up("--target-dependents", "--target", "**other")).toMatchObject({ code: 0 });
    expect((await up("--", "--yes")).stderr).toContain("The stack has more than this package's resources");
    expect(await up("--", "--yes", "--no-such-option")).toMatchObject({ code: 1 });
  },
);

/** A program with an organization of each name but "other", which is a resource of another kind. */
const mixed = (module: string) => `
const pulumi = require("@pulumi/pulumi");
const { Organization } = require("${module}");
const program = require("./program.json");
const provider = { create: async () => ({ id: "1", outs: {} }) };
for (const [name, { args }] of Object.entries(program)) {
  if (name === "other") new pulumi.dynamic.Resource(provider, name, args);
  else new Organization(name, args);
}
`;

/** What a run said that failed, on one line. */
function errorsOf({ code, text }: Run): string {
  expect(code, text).not.toBe(0);
  return text.replaceAll(/\s+/g, " ");
}
