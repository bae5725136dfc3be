import { hostname, networkInterfaces } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import type { Emulator, SemanticsOptions } from "../emulator/index.ts";
import { ScalekitError } from "../errors.ts";
import { explanation } from "./help.ts";

const examples = `
Examples:
  $ pulumi-scalekit emulator
  $ pulumi-scalekit emulator --port 8080 --state organizations.db
  $ pulumi-scalekit emulator --seed organizations.json
  $ pulumi-scalekit emulator --semantics '{"metadata":"merge","duplicate":400}'
  $ pulumi-scalekit emulator --semantics semantics.json
  $ pulumi-scalekit emulator --json | jq .environment

It answers no web page of another site, and no request whose Host is not a name
of this machine: localhost, 127.0.0.1, [::1], or what --host says. GET / says
what it is, and GET /healthz that it lives. With --host 0.0.0.0 or another
address that lets others in, it may be any address, a name of one part (as
containers have), one under .internal or .local, and what --allow-host names.
POST /_emulator/… takes "content-type: application/json" or the header
"x-scalekit-emulator: 1".

It runs until Ctrl-C. With --state, organizations outlive it, and --seed fills
the file only while it holds none. A seed is a JSON array of organizations as
the API shows them: [{ "display_name": "Megasoft", "external_id": "CUST-1" }]`;

interface Options {
  port: number;
  host: string;
  allowHost?: string[];
  state?: string;
  seed?: string;
  semantics: string;
  json?: true;
}

/** `pulumi-scalekit emulator`: a local server that speaks Scalekit's organization API. */
export function emulatorCommand(): Command {
  return new Command("emulator")
    .description("run a local server that speaks Scalekit's organization API, for trying out and for tests")
    .option("--port <number>", "port to listen on; 0 takes any free one", port, 0)
    .option("--host <address>", "address to listen on; beyond this machine only if you say so", "127.0.0.1")
    .option("--allow-host <name...>", "another host name that requests may use, such as a proxy's")
    .option("--state <file>", "keep the organizations in this file (default: in memory)")
    .option("--seed <file>", "begin with the organizations in this JSON file, if there are none yet")
    .option("--semantics <json>", "how to behave where Scalekit's documents leave it open: JSON, or a file of it", "{}")
    .option("--json", "say where it listens as one line of JSON")
    .addHelpText("after", explanation(examples))
    .action(async (options: Options) => {
      // Only a run loads the database, and not a look at the help.
      const { readSeed, readSemantics, startEmulator } = await import("../emulator/index.ts");
      const semantics = isJson(options.semantics) ? json(options.semantics) : readSemantics(options.semantics);
      const seed = options.seed === undefined ? [] : readSeed(options.seed);
      const emulator = await startEmulator({ ...options, semantics, allowedHosts: options.allowHost, seed });
      const end = interrupted();
      process.stdout.write(options.json ? `${JSON.stringify(whereabouts(emulator))}\n` : greeting(emulator, options));
      await end;
      await emulator.close();
    });
}

const whereabouts = ({ url, environment }: Emulator) => ({ url, environment });

const greeting = (emulator: Emulator, { host, state }: Options): string =>
  `The Scalekit emulator listens on ${emulator.url} and keeps organizations ${state ? `in ${state}` : "in memory"}.

Let Pulumi use it:
${exportLines(emulator.environment)}${beyond(emulator, host)}
Ctrl-C ends it.
`;

const exportLines = (environment: Readonly<Record<string, string>>): string =>
  Object.entries(environment)
    .map(([name, value]) => `  export ${name}=${value}\n`)
    .join("");

/** What users of other machines need. They reach this one by its address, or by a name that only their network knows. */
function beyond(emulator: Emulator, host: string): string {
  if (!emulator.reachedByOthers || emulator.environment["SCALEKIT_INSECURE_HOSTS"]) return "";
  const { hostname: own, port } = new URL(emulator.url);
  return `
Others reach it on port ${port} of this machine's addresses (--host ${host}). The provider takes http:// to another
machine only where SCALEKIT_INSECURE_HOSTS (scalekit:insecureHosts) names it. For Pulumi there:
${exportLines(emulator.environmentFor(outerAddress()))}
or bring the port over, and use the settings above: ssh -L ${port}:${own}:${port} THIS-MACHINE
`;
}

function outerAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return addresses.find(({ internal, family }) => !internal && family === "IPv4")?.address ?? hostname();
}

const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65535) throw new InvalidArgumentError("a port is 0 to 65535");
  return number;
}

/** No file is likely to be called like JSON. */
const isJson = (text: string): boolean => /^\s*([{["\d]|null|true|false|$)/.test(text);

function json(text: string): SemanticsOptions {
  const advice = 'Give switches such as \'{"metadata":"merge"}\', or a file of them.';
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw new ScalekitError(`--semantics: that is not JSON. ${advice}`);
  }
  if (typeof found === "object" && found !== null) return found;
  throw new ScalekitError(`--semantics: that is not an object. ${advice}`);
}
