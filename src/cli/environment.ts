import { Option } from "commander";
import { type Client, newClient } from "../api/client.ts";
import { isDebugging } from "../config/engine-variables.ts";
import { plainSecretsIn, readDeletionProtection, readSettings, type StackConfig } from "../config/settings.ts";
import { ConfigurationError, isScalekitError } from "../errors.ts";
import { parseJson } from "../text/json.ts";
import { visible } from "../text/visible.ts";
import { onStack, projectFolder, pulumiOutput } from "./pulumi.ts";

/** The Scalekit environment that a command works on. */
export interface Environment extends AsyncDisposable {
  readonly url: string;
  readonly client: Client;
  /** Whether the stack's programs protect organizations from deletion where their code does not say. */
  readonly deletionProtection: boolean;
  /** Secrets that stand in the stack's configuration in plain text. */
  readonly plainSecrets: readonly string[];
}

/** For the help of every command that has one. */
export const aboutSettings = `
The Scalekit environment and its credentials are those that the provider would
use: in a Pulumi project, the configuration of the stack (--stack, or the
selected one), and otherwise, setting by setting, SCALEKIT_ENVIRONMENT_URL,
SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET. No secret is ever taken from the
command line.`;

export async function openEnvironment(stack: string | undefined, talk: Verbosity): Promise<Environment> {
  const { settings, ...others } = await settingsOf(stack);
  const client = newClient({ ...settings, ...speech(talk) });
  return { url: settings.environmentUrl, client, ...others, [Symbol.asyncDispose]: () => client.close() };
}

export interface Verbosity {
  readonly verbose?: true;
}

/** For every command that asks Scalekit. */
export const verboseOption = () =>
  new Option("--verbose", "show a line for each request on stderr, as SCALEKIT_DEBUG=1 does");

/** What a client tells on stderr. */
export function speech({ verbose }: Verbosity) {
  const say = (line: string): void => void process.stderr.write(`${visible(line)}\n`);
  return { say, trace: verbose || isDebugging() ? say : undefined };
}

/** The settings as the provider would have them. A named stack must exist; a selected one is optional. */
export async function settingsOf(stack?: string) {
  let config: ReadConfig = nothing;
  let unread: Error | undefined;
  try {
    if (stack !== undefined || projectFolder() !== undefined) config = await stackConfig(stack);
  } catch (error) {
    if (stack !== undefined || !isScalekitError(error)) throw error;
    unread = error;
  }
  try {
    const settings = readSettings(config);
    if (unread) process.stderr.write(`${unreadable(unread)} The settings are read from the environment alone.\n`);
    return { settings, deletionProtection: readDeletionProtection(config), plainSecrets: config.plainSecrets };
  } catch (error) {
    if (!isScalekitError(error) || unread === undefined) throw error;
    throw new ConfigurationError(`${unreadable(unread)}\n${error.message}`);
  }
}

const unreadable = ({ message }: Error): string => `The stack's configuration could not be read: ${message}.`;

/** A stack's configuration, and which of its secrets are in plain text. */
interface ReadConfig extends StackConfig {
  readonly plainSecrets: readonly string[];
}

const nothing: ReadConfig = { get: () => undefined, plainSecrets: [] };

async function stackConfig(stack?: string): Promise<ReadConfig> {
  const text = await pulumiOutput(["config", "--json", "--show-secrets", ...onStack(stack)]);
  const values = parseJson(text) as Record<string, { value?: string; secret?: boolean }>;
  const texts = Object.fromEntries(Object.entries(values).map(([key, { value = "" }]) => [key, value]));
  return {
    get: (key) => values[key]?.value,
    plainSecrets: plainSecretsIn(texts, (key) => values[key]?.secret === true),
  };
}
