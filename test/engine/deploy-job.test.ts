import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { parse } from "yaml";
import { descendants, kill, unlock } from "../support/crash.ts";
import { repository } from "../support/stack.ts";
import { type Means, type Stack, story } from "../support/story.ts";

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly with?: { readonly path?: string };
}

const file = join(repository, "examples", "ci", ".github", "workflows", "deploy.yaml");
const { env, steps } = parse(readFileSync(file, "utf8")).jobs.up as { env: Record<string, string>; steps: Step[] };
const deploy = steps.find(({ id }) => id === "deploy")?.run ?? "";
/** As the steps that fetch and keep it have it, in the folder of the checkout. */
const journal = env["SCALEKIT_JOURNAL"]?.replace(/^.*\}\}\//, "") ?? "";

/** A machine that runs the step as GitHub does, with nothing of an earlier one's but the journal. */
async function machine(name: string, stack: Stack, journalBefore?: string) {
  const home = join(stack.folder, name);
  const kept = join(home, journal);
  await mkdir(home);
  if (journalBefore !== undefined) await cp(journalBefore, kept, { recursive: true });
  const child = spawn("bash", ["-e", "-c", deploy], {
    cwd: stack.folder,
    env: { ...stack.env, STACK: "test", PULUMI_HOME: join(home, "pulumi"), SCALEKIT_JOURNAL: kept },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part) => (text += part));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, text }));
  return {
    kept,
    ended,
    async die() {
      const pid = child.pid ?? 0;
      for (const one of [pid, ...(await descendants(pid))]) kill(one);
      await ended;
    },
  };
}

/** A run whose machine is killed after an organization was made, and before its answer came. */
async function killed({ emulate, stackOn }: Means) {
  const emulator = await emulate();
  emulator.fail({ method: "POST", effect: { kind: "delay", milliseconds: 3_600_000, when: "after" } });
  const stack = await stackOn(emulator);
  await stack.write({ megasoft: { args: { displayName: "Megasoft Inc", externalId: "CUST-1" } } });
  const first = await machine("first", stack);
  await expect.poll(() => emulator.organizations()).toHaveLength(1);
  await first.die();
  await unlock(stack);
  return { emulator, stack, first };
}

story("a deploy job that keeps the journal finishes on another machine what a killed one began", async ({ means }) => {
  expect(steps.flatMap((step) => step.with?.path ?? [])).toEqual([journal, journal]);
  const { emulator, stack, first } = await killed(means);
  const second = await machine("second", stack, first.kept);
  expect(await second.ended).toMatchObject({ code: 0 });
  expect(emulator.organizations()).toHaveLength(1);
  expect((await stack.organizations()).map(({ id }) => id)).toEqual(emulator.organizations().map(({ id }) => id));
});

story("a deploy job that lost the journal learns of the organization, and makes no second one", async ({ means }) => {
  const { emulator, stack } = await killed(means);
  const { code, text } = await (await machine("second", stack)).ended;
  expect(code).not.toBe(0);
  expect(text).toContain(emulator.organizations()[0]?.id);
  expect(emulator.organizations()).toHaveLength(1);
});
