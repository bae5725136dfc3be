import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { checkpointsOff, type Setting } from "../plan/settings.mts";
import type { Contestant, Operation, StateBytes } from "../results/results.mts";
import type { Command } from "./command.mts";
import { asCsv, type Organizations } from "./organizations.mts";
import type { Tool, ToolOptions } from "./tool.mts";

/** A stack of the Pulumi CLI, whose program is that of the contestant. */
export async function pulumiTool(options: ToolOptions, setting: Setting): Promise<Tool> {
  const { folder, provider } = options;
  await layOut(folder, provider);
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Command => ({
    file: "pulumi",
    args: [...args, "--non-interactive"],
    env,
  });
  return {
    env: environment(options, setting),
    isReal: !["empty", "stack"].includes(provider),
    async declare(declared) {
      await writeFile(join(folder, "organizations.json"), JSON.stringify(declared));
      await writeFile(join(folder, "tenants.csv"), asCsv(declared));
    },
    begin: [run(["stack", "init", "bench"])],
    before: (operation) =>
      // Organizations are protected by default, so they are measured with protection, until their delete.
      operation === "destroy" && protecting.includes(provider)
        ? [run(commands.up, { ...checkpointsOff.env, SCALEKIT_DELETION_PROTECTION: "false" })]
        : [],
    command: (operation) => run([...commands[operation], ...(setting.args ?? [])]),
    state: (declared) => stateOf(join(folder, ".pulumi", "stacks", "bench", "bench.json"), declared),
  };
}

const protecting: readonly Contestant[] = ["ours", "native", "set", "nativeSet"];

/** In a run without changes, the engine itself fails if something changes. */
const commands: Record<Operation, readonly string[]> = {
  up: ["up", "--yes", "--skip-preview"],
  again: ["up", "--yes", "--skip-preview", "--expect-no-changes"],
  preview: ["preview", "--expect-no-changes"],
  refresh: ["refresh", "--yes", "--skip-preview", "--expect-no-changes"],
  update: ["up", "--yes", "--skip-preview"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

async function layOut(folder: string, provider: Contestant): Promise<void> {
  const programs = join(import.meta.dirname, "..", "programs");
  await copyFile(join(programs, `${provider}.js`), join(folder, "index.js"));
  await writeFile(
    join(folder, "Pulumi.yaml"),
    "name: bench\nruntime: { name: nodejs, options: { typescript: false } }\n" +
      (["native", "nativeSet"].includes(provider)
        ? "plugins: { providers: [{ name: scalekit, path: node_modules/pulumi-scalekit/plugin }] }\n"
        : ""),
  );
  await writeFile(join(folder, "package.json"), '{"name":"bench"}');
  const modules = join(folder, "node_modules");
  await mkdir(modules);
  await symlink(join(repository, "node_modules", "@pulumi"), join(modules, "@pulumi"), "junction");
  await symlink(repository, join(modules, "pulumi-scalekit"), "junction");
  await symlink(join(programs, "empty-provider"), join(modules, "empty-provider"), "junction");
}

const repository = resolve(import.meta.dirname, "..", "..");

/** Everything that Pulumi keeps is in the folder. */
const environment = ({ folder, engineBin }: ToolOptions, setting: Setting): Record<string, string> => ({
  PULUMI_BACKEND_URL: `file://${folder}${setting.backendQuery ?? ""}`,
  PULUMI_HOME: join(folder, "home"),
  PULUMI_CONFIG_PASSPHRASE: "",
  PULUMI_SKIP_UPDATE_CHECK: "true",
  // What is measured is the work, not the waiting for a minute to be over.
  SCALEKIT_MAX_REQUESTS_PER_MINUTE: "1000000",
  PATH: [engineBin, join(repository, "node_modules", ".bin"), process.env["PATH"]].join(delimiter),
  ...setting.env,
});

async function stateOf(file: string, declared: Organizations): Promise<StateBytes | undefined> {
  const { checkpoint } = JSON.parse(await readFile(file, "utf8")) as {
    checkpoint: { latest: { resources?: Resource[] } };
  };
  const made = (checkpoint.latest.resources ?? []).filter(({ type }) =>
    /^(pulumi-nodejs:dynamic\b|scalekit:index:)/.test(type),
  );
  if (made.length === 0) return undefined;
  const size = Object.keys(declared).length;
  const mean = (of: (one: Resource) => object[]) =>
    Math.round(made.reduce((sum, one) => sum + of(one).reduce((bytes, part) => bytes + sizeOf(part), 0), 0) / size);
  const whole = mean((one) => [one]);
  const inputsAndOutputs = mean(({ inputs, outputs }) => [inputs, outputs]);
  const args = Object.values(declared).reduce((sum, one) => sum + sizeOf(one), 0) / size;
  return { whole, inputsAndOutputs, added: Math.round(inputsAndOutputs - 2 * args) };
}

interface Resource {
  readonly type: string;
  readonly inputs: object;
  readonly outputs: object;
}

const sizeOf = (part: object): number => Buffer.byteLength(JSON.stringify(part));
