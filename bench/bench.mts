import { copyFile, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { startEmulator } from "pulumi-scalekit/emulator";
import { ensureEngine } from "../tools/engine/engine.mts";
import { output } from "../tools/engine/process.mts";

const help = `Measures state, requests and seconds per organization on the real engine, beside a naive provider in the same run.

  npm run bench                      100 organizations
  npm run bench -- --size 1000       more of them
  npm run bench -- --json            as JSON
`;

const { values } = parseArgs({
  options: { size: { type: "string", default: "100" }, json: { type: "boolean" }, help: { type: "boolean" } },
});
const size = Number(values.size);
const say = (line: string) => process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const engine = await ensureEngine(say);
  const results = [];
  for (const [provider, program] of [
    ["pulumi-scalekit", "program.js"],
    ["naive", "naive-program.js"],
  ] as const) {
    say(`${provider}: ${size} organizations …`);
    results.push({ provider, ...(await measure(program, engine.bin)) });
  }
  process.stdout.write(values.json ? `${JSON.stringify(results, null, 2)}\n` : table(results));
}

type Measured = Awaited<ReturnType<typeof measure>>;

async function measure(program: string, engineBin: string) {
  await using emulator = await startEmulator();
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-bench-"));
  try {
    await copyFile(join(import.meta.dirname, program), join(folder, "index.js"));
    await symlink(join(import.meta.dirname, "..", "node_modules"), join(folder, "node_modules"));
    await writeFile(
      join(folder, "Pulumi.yaml"),
      "name: bench\nruntime: { name: nodejs, options: { typescript: false } }\n",
    );
    await writeFile(join(folder, "package.json"), '{"name":"bench"}');
    await writeFile(join(folder, "organizations.json"), JSON.stringify(organizations()));
    const env = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PULUMI|SCALEKIT)_/.test(name))),
      ...emulator.environment,
      SCALEKIT_DELETION_PROTECTION: "false",
      PATH: `${engineBin}${delimiter}${process.env["PATH"]}`,
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const pulumi = (...args: string[]) => output("pulumi", [...args, "--non-interactive"], { cwd: folder, env });
    await pulumi("stack", "init", "bench");

    async function timed(...args: string[]) {
      const before = emulator.requests.length;
      const started = performance.now();
      await pulumi(...args);
      return { seconds: (performance.now() - started) / 1000, requests: emulator.requests.length - before };
    }

    const up = await timed("up", "--yes", "--skip-preview");
    const again = await timed("up", "--yes", "--skip-preview");
    const refresh = await timed("refresh", "--yes", "--skip-preview");
    const state = JSON.parse(await pulumi("stack", "export")) as { deployment: { resources: Resource[] } };
    const made = state.deployment.resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic"));
    const destroy = await timed("destroy", "--yes", "--skip-preview");
    return {
      providerBytes: bytes(made[0]?.inputs["__provider"] ?? ""),
      stateBytes: Math.round(made.reduce((sum, one) => sum + bytes(JSON.stringify(one)), 0) / made.length),
      inputsAndOutputsBytes: Math.round(
        made.reduce((sum, { inputs, outputs }) => sum + bytes(JSON.stringify({ inputs, outputs })), 0) / made.length,
      ),
      up,
      again,
      refresh,
      destroy,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Resource {
  readonly type: string;
  readonly inputs: Record<string, string>;
  readonly outputs: Record<string, unknown>;
}

const bytes = (text: string): number => Buffer.byteLength(text);

const organizations = () =>
  Object.fromEntries(
    Array.from({ length: size }, (_, n) => [
      `customer-${n}`,
      { displayName: `Customer ${n}`, externalId: `CUST-${n}`, metadata: { tier: "gold", plan: "annual" } },
    ]),
  );

function table(results: ({ provider: string } & Measured)[]): string {
  const rows: [string, (one: Measured) => string][] = [
    ["__provider, bytes", (one) => String(one.providerBytes)],
    ["state of one organization, bytes", (one) => String(one.stateBytes)],
    ["of that, inputs and outputs, bytes", (one) => String(one.inputsAndOutputsBytes)],
    ...(["up", "again", "refresh", "destroy"] as const).map((verb): [string, (one: Measured) => string] => [
      `${verb === "again" ? "up, nothing changed" : verb}: requests, seconds`,
      (one) => `${one[verb].requests}, ${one[verb].seconds.toFixed(1)}`,
    ]),
  ];
  const header = `| ${size} organizations | ${results.map(({ provider }) => provider).join(" | ")} |\n| --- |${" --- |".repeat(results.length)}\n`;
  return `${header}${rows.map(([what, of]) => `| ${what} | ${results.map(of).join(" | ")} |\n`).join("")}`;
}

if (values.help) process.stdout.write(help);
else await main();
