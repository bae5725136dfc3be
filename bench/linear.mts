import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { startEmulator } from "pulumi-scalekit/emulator";

const help = `Measures what one organization costs the provider and the program as their number grows: it is to stay the same.

  npm run bench:linear                          1,000 to 16,000 organizations, without the engine
  npm run bench:linear -- --sizes 1000,10000
  npm run bench:linear -- --json                as JSON

Each size has a process of its own. A create includes what the emulator does, which runs in the same process.
`;

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "1000,2000,4000,8000,16000" },
    json: { type: "boolean" },
    one: { type: "string" },
    help: { type: "boolean" },
  },
});

/** Microseconds an organization, and megabytes in all. */
type Costs = Record<string, number>;

async function main(): Promise<void> {
  const rows: [string, Costs][] = [];
  for (const size of values.sizes.split(",")) rows.push([size, await inProcessOfItsOwn(size)]);
  const names = Object.keys(rows[0]?.[1] ?? {});
  process.stdout.write(
    values.json
      ? `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`
      : `| µs an organization | ${names.join(" | ")} |\n| --- |${" --- |".repeat(names.length)}\n${rows
          .map(([size, costs]) => `| ${size} | ${names.map((name) => Math.round(costs[name] ?? 0)).join(" | ")} |\n`)
          .join("")}`,
  );
}

async function inProcessOfItsOwn(size: string): Promise<Costs> {
  const args = ["--expose-gc", import.meta.filename, "--one", size];
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout) as Costs;
}

async function measure(size: number): Promise<Costs> {
  await using emulator = await startEmulator();
  const journal = await mkdtemp(join(tmpdir(), "pulumi-scalekit-linear-"));
  Object.assign(process.env, emulator.environment, {
    SCALEKIT_JOURNAL: journal,
    SCALEKIT_MAX_REQUESTS_PER_MINUTE: "1000000",
  });
  try {
    return { ...(await provider(size)), ...(await program(size)) };
  } finally {
    await rm(journal, { recursive: true });
  }
}

/** The provider's calls as the engine makes them: eight at a time. */
async function provider(size: number): Promise<Costs> {
  const costs: Costs = {};
  const argsOf = (n: number) => ({
    displayName: `Customer ${n}`,
    externalId: `CUST-${n}`,
    metadata: { tier: "gold", plan: "annual" },
    __provider: "text",
  });
  const originOf = (n: number) => ({
    stack: "o/p/s",
    project: import.meta.dirname,
    urn: `urn:pulumi:s::p::T::customer-${n}`,
  });
  const made: { id: string; outs: object }[] = [];

  async function timed(name: string, work: (n: number) => Promise<unknown>): Promise<void> {
    const before = { wall: performance.now(), cpu: process.cpuUsage() };
    let next = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        while (next < size) await work(next++);
      }),
    );
    const { user, system } = process.cpuUsage(before.cpu);
    costs[name] = ((performance.now() - before.wall) * 1000) / size;
    costs[`${name}, CPU`] = (user + system) / size;
  }

  const run = async () => {
    const fresh = await newProvider();
    await fresh.configure({ config: { get: () => undefined } });
    return fresh;
  };
  const first = await run();
  await timed("create", async (n) => {
    await first.check({}, { ...argsOf(n), __origin: originOf(n) });
    made[n] = await first.create(argsOf(n));
  });
  // The next run has a journal in which every create of the first is still open.
  const second = await run();
  const noOp = async (n: number) => {
    const state = { ...made[n]?.outs, __provider: "text" };
    await second.check(argsOf(n), { ...argsOf(n), __origin: originOf(n) });
    const { changes } = await second.diff(made[n]?.id, state, argsOf(n));
    if (changes) throw new Error("the run changed something, and should have changed nothing");
  };
  await timed("no-op after create", noOp);
  await timed("no-op", noOp);
  globalThis.gc?.();
  costs["provider MB"] = process.memoryUsage().heapUsed / 1e6;
  return costs;
}

/** The provider as a process of its own would have it. */
async function newProvider() {
  const require = createRequire(import.meta.url);
  for (const file of Object.keys(require.cache)) if (/dist\/host\/provider/.test(file)) delete require.cache[file];
  return require("../dist/host/providers.js").providerOf("Organization");
}

async function program(size: number): Promise<Costs> {
  const pulumi = await import("@pulumi/pulumi");
  await pulumi.runtime.setMocks(
    { call: () => ({}), newResource: ({ name, inputs }) => ({ id: `org_${name}`, state: inputs }) },
    "project",
    "stack",
  );
  globalThis.gc?.();
  const before = { wall: performance.now(), heap: process.memoryUsage().heapUsed };
  const { OrganizationFleet } = await import("pulumi-scalekit");
  const tenants = Array.from({ length: size }, (_, n) => ({
    displayName: `Customer ${n}`,
    externalId: `CUST-${n}`,
    metadata: { tier: "gold" },
  }));
  const { ids } = new OrganizationFleet("fleet", { tenants });
  const declared = performance.now() - before.wall;
  const known = await new Promise<object>((done) => ids.apply((value) => done(value)));
  if (Object.keys(known).length !== size) throw new Error("organizations are missing");
  const wall = performance.now() - before.wall;
  globalThis.gc?.();
  return {
    "fleet declared": (declared * 1000) / size,
    "fleet registered": (wall * 1000) / size,
    "program MB": (process.memoryUsage().heapUsed - before.heap) / 1e6,
  };
}

if (values.help) process.stdout.write(help);
else if (values.one === undefined) await main();
else {
  process.stdout.write(JSON.stringify(await measure(Number(values.one))));
  process.exit();
}
