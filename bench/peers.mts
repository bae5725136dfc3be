import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const help = `Brings what users would pick instead of this package into a folder, for \`npm run bench -- --sets --peers <folder>\`.

  node bench/peers.mts <folder>

alchemy comes by npm. OpenTofu and its provider for any REST API are built from their Go modules, which takes Go and some
minutes. It says what it cannot bring, and the benchmark leaves that out. None of it is a dependency of this package.
`;

const versions = {
  alchemy: "0.94.0",
  opentofu: "github.com/opentofu/opentofu@v1.10.6",
  restapi: "github.com/Mastercard/terraform-provider-restapi@v1.20.0",
};

const run = promisify(execFile);
const folder = resolve(process.argv[2] ?? "");

async function main(): Promise<void> {
  await mkdir(folder, { recursive: true });
  await bring("alchemy", join("node_modules", "alchemy"), () => install(`alchemy@${versions.alchemy}`));
  await bring("OpenTofu", "tofu", () => build(versions.opentofu, "./cmd/tofu", "tofu"));
  await bring("its provider for any REST API", restapi, () => build(versions.restapi, ".", restapi));
}

/** The name by which OpenTofu finds a provider. */
const restapi = "terraform-provider-restapi";

async function bring(what: string, path: string, work: () => Promise<void>): Promise<void> {
  if (existsSync(join(folder, path))) return say(`${what} is there.`);
  say(`${what} is being brought.`);
  try {
    await work();
    say(`${what} is there.`);
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    say(`${what} is left out: ${(stderr || message).trim().split("\n").at(-1)}`);
  }
}

async function install(what: string): Promise<void> {
  await run("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", what]);
}

/** A module is built in a copy with its own go.mod, since its replacements hold only there. */
async function build(module: string, main: string, name: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "pulumi-scalekit-peer-"));
  try {
    const { stdout } = await run("go", ["mod", "download", "-json", module], { cwd: work });
    const source = join(work, "source");
    await cp((JSON.parse(stdout) as { Dir: string }).Dir, source, { recursive: true });
    await run("chmod", ["-R", "u+w", source]);
    await run("go", ["build", "-trimpath", "-ldflags", "-s -w", "-o", join(work, name), main], { cwd: source });
    await rename(join(work, name), join(folder, name)).catch(() => cp(join(work, name), join(folder, name)));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

if (process.argv[2] === undefined || process.argv[2].startsWith("-")) process.stdout.write(help);
else await main();
