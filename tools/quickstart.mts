import { mkdir } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startEmulator } from "pulumi-scalekit/emulator";
import { ensureEngine } from "./engine/engine.mts";
import { output, run } from "./engine/process.mts";
import { ensureYamlHost } from "./engine/yaml-host.mts";

const root = join(import.meta.dirname, "..");

/** The programs that there are to try, and what each keeps apart. */
const quickstarts = {
  typescript: {
    script: "npm run quickstart",
    program: "examples/quickstart/index.ts",
    project: root,
    stack: { emulator: "emulator", live: "live" },
    data: "organizations.db",
  },
  yaml: {
    script: "npm run quickstart:yaml",
    program: "examples/yaml/Pulumi.yaml",
    project: join(root, "examples", "yaml"),
    // Their settings stand in the example's own folder, where the stacks of whoever tries it by hand have theirs.
    stack: { emulator: "quickstart", live: "quickstart-live" },
    data: "yaml.db",
  },
};
const isYaml = process.argv[2] === "--yaml";
const { script, program, project, stack: stacks, data } = quickstarts[isYaml ? "yaml" : "typescript"];
const padded = (text: string) => text.padEnd(`${script} -- preview --diff    `.length);

const help = `Runs the quickstart with the real Pulumi CLI: ${program}, on the embedded emulator.

  ${padded(script)}pulumi up, then the organizations as the API has them
  ${padded(`${script} -- preview --diff`)}any other Pulumi command on the same stack
  ${script} -- refresh --yes
  ${script} -- destroy --yes
  ${script} -- stack export

With SCALEKIT_ENVIRONMENT_URL, SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET set, the same program runs against that
Scalekit environment, in a stack of its own, and Pulumi asks before it changes anything. Organizations are protected from
deletion there; SCALEKIT_DELETION_PROTECTION=false takes that off.

Everything it keeps is in .quickstart/; your own Pulumi login and stacks are not touched.
`;

const next = `What next:
  ${padded(script)}again: nothing changes
  ${padded(`edit ${program}`)}and run it again
  ${padded(`${script} -- preview --diff`)}what would change; any Pulumi command goes here
  ${padded(`${script} -- destroy --yes`)}delete the organizations
  ${padded("rm -r .quickstart")}and forget everything
`;

const folder = resolve(process.env["PULUMI_SCALEKIT_QUICKSTART"] ?? join(root, ".quickstart"));
const say = (line: string) => process.stderr.write(`${line}\n`);

try {
  process.exitCode = await main(process.argv.slice(isYaml ? 3 : 2));
} catch (error) {
  say(`quickstart: ${(error as Error).message}`);
  process.exitCode = 1;
}

async function main(command: string[]): Promise<number> {
  if (parseArgs({ args: command, strict: false }).values["help"] && command.length === 1) {
    process.stdout.write(help);
    return 0;
  }
  const live = liveSettings();
  const found = await ensureEngine(say);
  const engine = isYaml ? await ensureYamlHost(found, say) : found;
  await mkdir(join(folder, "state"), { recursive: true });
  // Pulumi gets Ctrl-C too and ends its work in order; this process outlives it, to stop the emulator after that.
  process.on("SIGINT", () => {});
  await using emulator = live ? undefined : await startEmulator({ state: join(folder, data) });
  // Everything on the emulator is for trying out, so the user need not confirm a delete.
  const settings = live ?? { ...emulator?.environment, SCALEKIT_DELETION_PROTECTION: "false" };
  const stack = live ? stacks.live : stacks.emulator;
  const env = {
    // Nothing of this user's own Pulumi: no login, no stack, no passphrase.
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_"))),
    ...settings,
    PATH: `${engine.bin}${delimiter}${process.env["PATH"]}`,
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  say(
    `Pulumi ${engine.version} and ${emulator ? `the emulator at ${emulator.url}` : `Scalekit at ${live?.["SCALEKIT_ENVIRONMENT_URL"]}`}`,
  );
  await output("pulumi", ["stack", "select", "--create", stack], { cwd: project, env });

  const isDefault = command.length === 0;
  const code = await run("pulumi", isDefault ? ["up", ...(live ? [] : ["--yes", "--skip-preview"])] : command, {
    cwd: project,
    env,
  });
  if (!isDefault || code !== 0) return code;
  const ids = await organizationIds(env);
  process.stdout.write(
    `The organizations, as the API has them:\n${JSON.stringify(await organizationsAt(settings, ids), null, 2)}\n\n${next}`,
  );
  return 0;
}

/** The three settings if all are given, nothing if none is. Some without the rest is a mistake, not a choice. */
function liveSettings(): Record<string, string> | undefined {
  const names = ["SCALEKIT_ENVIRONMENT_URL", "SCALEKIT_CLIENT_ID", "SCALEKIT_CLIENT_SECRET"];
  const given = names.filter((name) => process.env[name]);
  if (given.length === 0) return undefined;
  const missing = names.filter((name) => !given.includes(name));
  if (missing.length > 0)
    throw new Error(`${given.join(" and ")} is set, ${missing.join(" and ")} is not: set all three, or none`);
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? ""]));
}

async function organizationIds(env: NodeJS.ProcessEnv): Promise<string[]> {
  const state = JSON.parse(await output("pulumi", ["stack", "export"], { cwd: project, env }));
  return (state.deployment.resources as { urn: string; type: string; id: string }[])
    .filter(({ type }) => /(^scalekit:index|\/scalekit):Organization$/.test(type))
    .sort((a, b) => (a.urn < b.urn ? -1 : 1))
    .map(({ id }) => id);
}

/** Asks the API directly, since this confirms what the provider says. */
async function organizationsAt(settings: Record<string, string>, ids: readonly string[]): Promise<unknown[]> {
  const at = (path: string) => new URL(path, settings["SCALEKIT_ENVIRONMENT_URL"]);
  const credentials = {
    grant_type: "client_credentials",
    client_id: settings["SCALEKIT_CLIENT_ID"] ?? "",
    client_secret: settings["SCALEKIT_CLIENT_SECRET"] ?? "",
  };
  const token = await fetch(at("/oauth/token"), { method: "POST", body: new URLSearchParams(credentials) });
  const { access_token } = (await token.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };
  return Promise.all(
    ids.map(async (id) => {
      const answer = await fetch(at(`/api/v1/organizations/${id}`), { headers });
      return ((await answer.json()) as { organization: unknown }).organization;
    }),
  );
}
