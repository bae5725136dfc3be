import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { startEmulator } from "pulumi-scalekit/emulator";
import { ensureEngine } from "../tools/engine/engine.mts";
import { output } from "../tools/engine/process.mts";

const help = `Measures the seconds that the policy pack adds to a preview, with and without it in turn.

  npm run bench:policy                                1,000 organizations, 3 rounds
  npm run bench:policy -- --size 100 --rounds 5       others
  npm run bench:policy -- --json                      as JSON
`;

const { values } = parseArgs({
  options: {
    size: { type: "string", default: "1000" },
    rounds: { type: "string", default: "3" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});

/** Each rule has something to look at in every organization. */
const pack = `require("pulumi-scalekit/policy").scalekitPolicyPack(${JSON.stringify({
  externalIdPattern: { pattern: "^CUST-[0-9]+$" },
  metadataKeysRequired: { keys: { tier: { allowed: ["gold", "silver"] }, owner: { pattern: "^[a-z-]+$" } } },
  metadataKeysForbidden: { keys: ["internal_*"] },
  displayNameConventions: { pattern: "^Customer", forbiddenWords: ["test"] },
})});`;

const program = `
const { Organization } = require("pulumi-scalekit");
for (let n = 1; n <= ${Number(values.size)}; n++) {
  const metadata = { tier: n % 2 ? "gold" : "silver", owner: "emea-north", plan: "annual", crm_id: "0015g00000ABcDe" + n };
  new Organization("customer-" + n, { displayName: "Customer " + n, externalId: "CUST-" + n, metadata });
}`;

async function main(): Promise<void> {
  const engine = await ensureEngine((line) => process.stderr.write(`${line}\n`));
  await using emulator = await startEmulator();
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-bench-"));
  try {
    await mkdir(join(folder, "pack"));
    await symlink(join(import.meta.dirname, "..", "node_modules"), join(folder, "node_modules"));
    for (const [file, text] of Object.entries({
      "Pulumi.yaml": "name: bench\nruntime: { name: nodejs, options: { typescript: false } }\n",
      "package.json": '{"name":"bench"}',
      "index.js": program,
      "pack/PulumiPolicy.yaml": "runtime: { name: nodejs, options: { typescript: false } }\n",
      "pack/package.json": '{"version":"1.0.0"}',
      "pack/index.js": pack,
    })) {
      await writeFile(join(folder, file), text);
    }
    const env = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PULUMI|SCALEKIT)_/.test(name))),
      ...emulator.environment,
      PATH: `${engine.bin}${delimiter}${process.env["PATH"]}`,
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const pulumi = (...args: string[]) => output("pulumi", [...args, "--non-interactive"], { cwd: folder, env });
    await pulumi("stack", "init", "bench");

    const seconds: { without: number[]; withPack: number[] } = { without: [], withPack: [] };
    for (let round = 1; round <= Number(values.rounds); round++) {
      for (const [kind, args] of [
        ["without", []],
        ["withPack", ["--policy-pack", "pack"]],
      ] as const) {
        const started = performance.now();
        await pulumi("preview", ...args);
        seconds[kind].push((performance.now() - started) / 1000);
        process.stderr.write(`round ${round}, ${kind}: ${seconds[kind].at(-1)?.toFixed(1)} s\n`);
      }
    }
    const without = median(seconds.without);
    const withPack = median(seconds.withPack);
    const result = { organizations: Number(values.size), without, withPack, adds: withPack - without };
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ ...result, seconds })}\n`
        : `A preview of ${result.organizations} new organizations, median of ${values.rounds}: ` +
            `${without.toFixed(1)} s without the pack, ${withPack.toFixed(1)} s with it: it adds ${result.adds.toFixed(1)} s.\n`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

if (values.help) process.stdout.write(help);
else await main();
