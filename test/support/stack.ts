import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { inject } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";

/** What one run of the CLI came to. */
export interface Run {
  readonly code: number;
  /** Both streams. */
  readonly text: string;
  /** Organizations by what the engine did or would do with them, such as `{ create: 2, same: 1 }`. */
  readonly changes: Readonly<Record<string, number>>;
  /** The same for every resource of this package. */
  readonly steps: Readonly<Record<string, number>>;
}

/** Organizations by resource name, with their arguments and resource options, as JSON. */
export type Program = Readonly<Record<string, { args: Record<string, unknown>; opts?: Record<string, unknown> }>>;

export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

export const repository = resolve(import.meta.dirname, "..", "..");

/**
 * A Pulumi project and stack of its own in a temporary folder, driven through the real CLI with a file backend.
 * Nobody's login, plugins or stacks are touched.
 */
export async function newStack(emulator: Pick<Emulator, "environment">, options: StackOptions = {}) {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "pulumi-scalekit-")));
  const project = options.project ?? folder;
  const name = options.name ?? "test";
  const settings: Record<string, string> = { ...emulator.environment, ...options.env };
  const env = stackEnvironment(folder, settings, options.bin);

  if (options.project === undefined) {
    await symlink(inject("modules"), join(folder, "node_modules"));
    await writeFile(join(folder, "Pulumi.yaml"), projectFile);
    await writeFile(join(folder, "package.json"), '{"name":"test"}');
    await writeFile(join(folder, "index.js"), options.source ?? programSource(options.module));
    await write({});
  }
  await expectSuccess(pulumi("stack", "init", name));

  async function write(program: Program): Promise<void> {
    await writeFile(join(folder, "program.json"), JSON.stringify(program));
  }

  /** Runs any command of the CLI in the project. */
  async function pulumi(...args: string[]): Promise<Run> {
    const log = join(folder, `events-${args[0]}-${process.hrtime.bigint()}.json`);
    const logged = ["up", "preview", "refresh", "destroy"].includes(args[0] ?? "") ? ["--event-log", log] : [];
    return new Promise((done) => {
      execFile(
        "pulumi",
        [...args, ...logged, "--non-interactive"],
        { cwd: project, env, maxBuffer: 64 * 1024 * 1024 },
        async (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
          const ops = logged.length > 0 ? await operationsIn(log) : [];
          const changes = countOf(ops.filter(({ type }) => isOrganization(type)));
          done({ code, text: `${stdout}${stderr}`, changes, steps: countOf(ops) });
        },
      );
    });
  }

  const act =
    (verb: string) =>
    (...args: string[]) =>
      pulumi(verb, "--yes", "--skip-preview", ...args);

  /** What the stack has of this package. */
  async function resources(): Promise<Resource[]> {
    const state = JSON.parse((await expectSuccess(pulumi("stack", "export"))).text);
    return ((state.deployment.resources ?? []) as Resource[]).filter(({ type }) => isOurs(type));
  }

  const organizations = async (): Promise<Resource[]> => (await resources()).filter(({ type }) => isOrganization(type));

  async function dispose(): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    if (options.project) await rm(join(project, `Pulumi.${name}.yaml`), { force: true });
  }

  return {
    folder,
    env,
    write,
    pulumi,
    up: act("up"),
    refresh: act("refresh"),
    destroy: act("destroy"),
    preview: (...args: string[]) => pulumi("preview", ...args),
    resources,
    organizations,
    [Symbol.asyncDispose]: dispose,
  };
}

export interface StackOptions {
  /** @default "test" */
  readonly name?: string;
  /** More environment variables, or others than the emulator's. */
  readonly env?: Readonly<Record<string, string>>;
  /** The program, in place of one that declares what `write` is given. */
  readonly source?: string;
  /**
   * What the program loads of this package, `pulumi-scalekit/native` for the native plugin.
   *
   * @default "pulumi-scalekit"
   */
  readonly module?: string;
  /** A project that exists, in place of one that reads `program.json`. */
  readonly project?: string;
  /** Where the state and all else is kept, in place of a folder made for it. It goes with the stack. */
  readonly folder?: string;
  /** The folder of another engine than most stories have. */
  readonly bin?: string | undefined;
}

export const organizationType = "pulumi-nodejs:dynamic/scalekit:Organization";
export const nativeOrganizationType = "scalekit:index:Organization";

const isOrganization = (type: string): boolean => [organizationType, nativeOrganizationType].includes(type);

/** A component is no resource of its own. */
const isOurs = (type: string): boolean => /^(pulumi-nodejs:dynamic\/scalekit|scalekit:index):(?!.*Fleet$)/.test(type);

/** The environment for CLI commands that keep everything in `folder`. */
export const stackEnvironment = (
  folder: string,
  settings: Readonly<Record<string, string>>,
  bin: string = inject("engine").bin,
): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(PULUMI|SCALEKIT)_/.test(key))),
  // Most stories delete what they made; those about the guard take this back.
  SCALEKIT_DELETION_PROTECTION: "false",
  ...settings,
  PATH: [bin, join(repository, "node_modules", ".bin"), process.env["PATH"]].join(delimiter),
  PULUMI_BACKEND_URL: `file://${folder}`,
  PULUMI_HOME: join(folder, "home"),
  PULUMI_CONFIG_PASSPHRASE: "test",
  PULUMI_SKIP_UPDATE_CHECK: "true",
  // For --event-log.
  PULUMI_DEBUG_COMMANDS: "true",
});

/** With both doors: a program that has no class of the plugin never starts it. */
const projectFile = `
name: test
runtime: { name: nodejs, options: { typescript: false } }
plugins: { providers: [{ name: scalekit, path: node_modules/pulumi-scalekit/plugin }] }
`;

const programSource = (module = "pulumi-scalekit") => `
const { Organization } = require("${module}");
for (const [name, { args, opts }] of Object.entries(require("./program.json"))) new Organization(name, args, opts);
`;

export async function expectSuccess(run: Promise<Run>): Promise<Run> {
  const ended = await run;
  if (ended.code !== 0) throw new Error(`pulumi ended with ${ended.code}:\n${ended.text}`);
  return ended;
}

interface EngineEvent {
  readonly resOutputsEvent?: { metadata: StepMetadata };
  readonly resourcePreEvent?: { metadata: StepMetadata };
  readonly resOpFailedEvent?: { metadata: StepMetadata };
}
interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
}

/** The last that the engine did or would do with each resource. */
async function operationsIn(log: string): Promise<Omit<StepMetadata, "urn">[]> {
  const lines = (await readFile(log, "utf8").catch(() => "")).split("\n").filter(Boolean);
  const last = new Map<string, Omit<StepMetadata, "urn">>();
  for (const line of lines) {
    const event = JSON.parse(line) as EngineEvent;
    const failed = event.resOpFailedEvent?.metadata;
    const step = failed ?? event.resOutputsEvent?.metadata ?? event.resourcePreEvent?.metadata;
    if (step !== undefined && isOurs(step.type))
      last.set(step.urn, { type: step.type, op: failed ? "failed" : step.op });
  }
  return [...last.values()];
}

function countOf(ops: readonly { readonly op: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { op } of ops) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}
