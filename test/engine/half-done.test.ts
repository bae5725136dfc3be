import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { namesOfEach, oneOfEach, partner, partnerConnection } from "../support/one-of-each.ts";
import { expectSuccess, type Resource, type Run } from "../support/stack.ts";
import { type Means, type Stack, story } from "../support/story.ts";

/** What a failure leaves in the state has to serve every later verb, not only the next `up`. */
const verbs: readonly [name: string, run: (stack: Stack) => Promise<Run>][] = [
  ["refresh", (stack) => stack.refresh()],
  ["preview --refresh", (stack) => stack.preview("--refresh")],
  ["up --refresh", (stack) => stack.up("--refresh")],
  ["up", (stack) => stack.up()],
];

const failures = {
  "create whose settings are refused": { method: "PATCH", effect: { kind: "status", status: 403 } },
  "change whose answer is lost": { effect: { kind: "cut", when: "after" } },
  "change that is refused after the first of its requests": { skip: 1, effect: { kind: "status", status: 403 } },
} as const;

const declare = (stack: Stack, program: object) =>
  writeFile(join(stack.folder, "program.json"), JSON.stringify({ ...program, connection: partnerConnection }));

async function halfDone(failure: keyof typeof failures, { emulate, stackOn }: Means) {
  const emulator = await emulate({ seed: [partner] });
  const stack = await stackOn(emulator, { source: oneOfEach, env: { SCALEKIT_OPERATION_TIMEOUT: "2" } });
  await declare(stack, {});
  if (failure.startsWith("change")) {
    await expectSuccess(stack.up());
    await declare(stack, { text: "Changed", args: { megasoft: { features: { sso: false } } } });
  }
  const fault = { count: 1000, ...failures[failure] };
  for (const method of ["PATCH", "PUT"] as const) emulator.fail({ ...fault, method });
  const failed = await stack.up("--continue-on-error");
  emulator.heal();
  expect(failed.code, failed.text).not.toBe(0);
  return { emulator, stack, text: failed.text };
}

const exported = async (stack: Stack): Promise<Resource[]> =>
  JSON.parse((await expectSuccess(stack.pulumi("stack", "export"))).text).deployment.resources;

/** What the stack could have made. */
const own = (emulator: Emulator): { readonly id?: unknown; readonly name?: unknown }[] => [
  ...emulator.organizations().filter(({ id }) => id !== partner.id),
  ...emulator.all("permissions").filter(({ name }) => name === "invoices:write"),
  ...emulator.all("roles").filter(({ name }) => ["billing", "auditor"].includes(`${name}`)),
];

story.concurrent.for(Object.keys(failures) as (keyof typeof failures)[])(
  "every verb works from the state that is left by a %s",
  { timeout: 600_000 },
  async (failure, { means }) => {
    const { emulator, stack } = await halfDone(failure, means);
    const ours = (await exported(stack)).filter(({ type }) => type.includes("scalekit:"));
    expect(ours.length).toBeGreaterThan(0);
    for (const { urn, outputs } of ours) {
      expect(outputs["__provider"], urn).toMatch(/^require\('pulumi-scalekit\/\w+'\)\(exports\)$/);
    }
    expect(JSON.stringify(await exported(stack))).not.toMatch(/"clientSecret":"test_/);

    const backup = join(stack.folder, "half-done.json");
    await expectSuccess(stack.pulumi("stack", "export", "--file", backup));
    const stored = emulator.organizations().map(({ id }) => id);
    // After a create that failed, an `up` makes what was left out, which the state of before then knows nothing of.
    for (const [verb, run] of failure.startsWith("change") ? verbs : verbs.slice(0, -1)) {
      await expectSuccess(stack.pulumi("stack", "import", "--file", backup));
      const ended = await run(stack);
      expect(ended, `${verb}: ${ended.text}`).toMatchObject({ code: 0 });
      // None is lost, doubled or made anew.
      expect(
        emulator.organizations().map(({ id }) => id),
        verb,
      ).toEqual(expect.arrayContaining(stored));
      expect(emulator.organizations().length, verb).toBeLessThanOrEqual(3);
    }
    await expectSuccess(stack.up("--expect-no-changes"));
    await expectSuccess(stack.pulumi("stack", "import", "--file", backup));
    await expectSuccess(stack.destroy());
    const left = own(emulator).map(({ id, name }) => id ?? name);
    // The state of before has no more than it had then.
    for (const { id } of ours) expect(left).not.toContain(id);
  },
);

story.concurrent.for(Object.keys(failures) as (keyof typeof failures)[])(
  "what is taken out of the program goes after a %s",
  { timeout: 600_000 },
  async (failure, { means }) => {
    const { emulator, stack } = await halfDone(failure, means);
    await declare(stack, { without: namesOfEach });
    await expectSuccess(stack.up());
    expect(own(emulator)).toEqual([]);
    // No program deletes a connection.
    expect(emulator.all("connections")).toHaveLength(1);
  },
);
