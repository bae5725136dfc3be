import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { type Client, newClient } from "../api/client.ts";
import { isLoopback } from "../config/environment-url.ts";
import { journalFolder } from "../config/paths.ts";
import { proxyFor } from "../config/proxy.ts";
import { aboutPlainSecrets, insecureHosts, type Settings } from "../config/settings.ts";
import { organization } from "../definitions/organization.ts";
import { askDoctor, checkUrl, isScalekitError, isTransportError } from "../errors.ts";
import { journalFile } from "../lifecycle/journal-file.ts";
import { parkedAmong } from "../lifecycle/journal-marks.ts";
import { teardown } from "../lifecycle/protection.ts";
import { visible } from "../text/visible.ts";
import { coloured } from "./colour.ts";
import { settingsOf, speech, type Verbosity, verboseOption } from "./environment.ts";
import { explanation } from "./help.ts";
import { type Check, installation } from "./installation.ts";
import { pulumiOutput } from "./pulumi.ts";

const about = `
It changes nothing: it asks for a token, reads one page of organizations, and
looks at what is installed here and at what runs on this machine have left
unfinished. Whether the credentials may write and delete is only known by doing
so, and is not tried.

Examples:
  $ pulumi-scalekit doctor
  $ pulumi-scalekit doctor --stack prod
  $ pulumi-scalekit doctor --json | jq '.checks[] | select(.status != "ok")'

Exit codes: 0 nothing failed, 1 something did. A warning is no failure.`;

/** `pulumi-scalekit doctor`: whether all that the provider needs is there. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("check settings, credentials, connection and what is installed, and say what to fix")
    .option("--stack <name>", "the stack whose configuration is checked (default: the selected one)")
    .addOption(verboseOption())
    .option("--json", "report as JSON")
    .addHelpText("after", explanation(about))
    .action(async ({ stack, json, ...talk }: { stack?: string; json?: true } & Verbosity) => {
      const checks = [node(), await pulumi(), ...installation(), ...(await scalekit(stack, talk))];
      process.stdout.write(json ? `${JSON.stringify({ checks })}\n` : checks.map(line).join(""));
      process.exitCode = checks.some(({ status }) => status === "fail") ? 1 : 0;
    });
}

const colours = { ok: "green", warn: "yellow", fail: "red" } as const;

const line = ({ name, status, detail }: Check): string =>
  `${coloured(colours[status], status.padEnd(4))}  ${name.padEnd(11)}  ${detail
    .split("\n")
    .map(visible)
    .join(`\n${" ".repeat(19)}`)}\n`;

function node(): Check {
  const { version } = process;
  return atLeast(version, [22, 19])
    ? { name: "node", status: "ok", detail: `Node.js ${version}` }
    : { name: "node", status: "fail", detail: `Node.js ${version} is too old: install 22.19 or newer.` };
}

async function pulumi(): Promise<Check> {
  try {
    const version = (await pulumiOutput(["version"])).trim();
    if (!atLeast(version, [3, 216])) {
      return { name: "pulumi", status: "fail", detail: `Pulumi ${version} is too old: install 3.254 or newer.` };
    }
    return atLeast(version, [3, 254])
      ? { name: "pulumi", status: "ok", detail: `Pulumi ${version}` }
      : { name: "pulumi", status: "warn", detail: `Pulumi ${version} cannot import organizations: 3.254 can.` };
  } catch (error) {
    return { name: "pulumi", status: "fail", detail: messageOf(error) };
  }
}

/** For a person who waits: a few seconds for what the provider would try for minutes. */
const patience = { timeout: 5_000, operationTimeout: 5_000, isTimeoutFixed: true };

async function scalekit(stack: string | undefined, talk: Verbosity): Promise<Check[]> {
  let settings: Settings;
  let plainSecrets: readonly string[];
  let deletionProtection: boolean;
  try {
    ({ settings, plainSecrets, deletionProtection } = await settingsOf(stack));
  } catch (error) {
    return [{ name: "settings", status: "fail", detail: messageOf(error) }];
  }
  const set: Check =
    plainSecrets.length === 0
      ? { name: "settings", status: "ok", detail: settings.environmentUrl }
      : { name: "settings", status: "fail", detail: aboutPlainSecrets(plainSecrets, "") };
  const checks: Check[] = [set, protection(deletionProtection), ...plain(settings), ...proxy(settings)];
  const client = newClient({ ...settings, ...patience, ...speech(talk) });
  try {
    const token = await tried("credentials", () => client.authenticate(), "a token was given");
    checks.push(token);
    if (token.status === "ok") {
      checks.push(await tried("reading", () => readSome(client), "organizations can be read"), clock(client));
      for (const check of await replacements(client)) checks.push(check);
    }
  } finally {
    await client.close();
  }
  return checks;
}

/** Says so before a delete, since Pulumi itself advises something else when it refuses one. */
const protection = (isOn: boolean): Check => ({
  name: "protection",
  status: "ok",
  detail: isOn
    ? `organizations are protected from deletion unless the program says otherwise. To delete all of a stack: ${teardown}`
    : "organizations are deleted without protection unless the program says otherwise",
});

async function readSome(client: Client): Promise<void> {
  for await (const _ of client.of(organization).list()) return;
}

/** Organizations that a refused or interrupted replacement has left. If the program gives up their resource, no run mentions them. */
async function replacements(client: Client): Promise<Check[]> {
  const checks: Check[] = [];
  for (const id of await parked()) {
    // It may be gone, or in another environment.
    if (
      (await client
        .of(organization)
        .get(id)
        .catch(() => undefined)) === undefined
    )
      continue;
    const detail =
      `${id} should have been replaced by a new organization, but the replacement failed or was interrupted. If the program still has its resource, ` +
      `\`pulumi up\` creates the new one and deletes ${id}. If it does not, and \`pulumi stack --show-ids\` does not show ${id}, ` +
      `nothing deletes it: delete it in Scalekit's dashboard, or manage it again with \`npx pulumi-scalekit import ${id}\`.`;
    checks.push({ name: "replacement", status: "warn", detail });
  }
  return checks;
}

/** Reads the journals of all stacks, since only a program learns which of them is its own. */
async function parked(): Promise<string[]> {
  const files = filesIn(journalFolder()).filter((name) => name.endsWith(".jsonl"));
  const journals = await Promise.all(files.map((name) => journalFile(join(journalFolder(), name), () => {}).read()));
  return journals.flatMap(parkedAmong);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

async function tried(name: string, act: () => Promise<void>, detail: string): Promise<Check> {
  try {
    await act();
    return { name, status: "ok", detail };
  } catch (error) {
    const unreached = isTransportError(error);
    const fix = "Check the URL, the network and the proxy settings.";
    return {
      name: unreached ? "connection" : name,
      status: "fail",
      detail: messageOf(error).replace(unreached ? ` ${checkUrl}` : askDoctor, "") + (unreached ? ` ${fix}` : ""),
    };
  }
}

/** TLS and tokens go by the time. `Date` has whole seconds, and an answer takes its time, so a few seconds mean nothing. */
function clock(client: Pick<Client, "serverNow">): Check {
  const seconds = Math.round((Date.now() - client.serverNow()) / 1000);
  const off = Math.abs(seconds);
  if (off <= 5) return { name: "clock", status: "ok", detail: "this machine's clock agrees with Scalekit's" };
  const detail = `this machine's clock is ${off} s ${seconds > 0 ? "ahead of" : "behind"} Scalekit's: set it by NTP.`;
  return { name: "clock", status: off > 300 ? "fail" : "warn", detail };
}

/** Somebody has named the host, so it is no mistake. A line still says what it means. */
function plain({ environmentUrl }: Settings): Check[] {
  const url = new URL(environmentUrl);
  if (url.protocol === "https:" || isLoopback(url)) return [];
  const detail = `${insecureHosts.key} allows http:// to ${url.host}: everyone on the way there sees the credentials. Use it for test servers only.`;
  return [{ name: "plain HTTP", status: "warn", detail }];
}

/** A proxy's URL may hold a password, so only its host is shown. */
function proxy({ environmentUrl, proxies }: Settings): Check[] {
  if (proxies === undefined || isLoopback(new URL(environmentUrl))) return [];
  const kind = proxyFor(new URL(environmentUrl), proxies);
  const except = proxies.none === "" ? "" : `, except for ${proxies.none}`;
  const host = kind && URL.parse(proxies[kind])?.host;
  return [{ name: "proxy", status: "ok", detail: `${host ?? "none"}${except}` }];
}

function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [has = 0, hasMinor = 0] = (/(\d+)\.(\d+)/.exec(version)?.slice(1) ?? []).map(Number);
  return has > major || (has === major && hasMinor >= minor);
}

function messageOf(error: unknown): string {
  if (isScalekitError(error)) return error.message;
  throw error;
}
