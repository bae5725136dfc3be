import { existsSync } from "node:fs";
import { Command, Option } from "commander";
import type { Settings } from "../config/settings.ts";
import { isScalekitError, ScalekitError } from "../errors.ts";
import { isPrefix } from "../probe/asking/scratch.ts";
import { cleanAfter, type Probed, probe } from "../probe/probe.ts";
import { looksLikeProduction } from "../probe/production.ts";
import { questions } from "../probe/questions/index.ts";
import { aboutSettings, settingsOf, speech, type Verbosity, verboseOption } from "./environment.ts";
import { explanation } from "./help.ts";
import { writeAll } from "./output-files.ts";
import { programme, rehearse } from "./probe-rehearsal.ts";
import { probedFile, type Run, remains, report } from "./probe-report.ts";
import { onStack } from "./pulumi.ts";

const about = `
It makes some 14 organizations with random names, and a permission, tries on
them what Scalekit's documents leave open, and deletes them again, also after
Ctrl-C or a failure. It changes nothing else. It writes semantics.json: how the
environment behaves, as \`pulumi-scalekit emulator --semantics\` takes it, and
each answer with its requests and responses, without secrets and without what
the environment has of others. It takes an API client that may write
organizations; what it may not write otherwise (permissions, domains) is left
unanswered.

Use a development environment. One whose URL looks like production's is refused
without --production: every URL that does not end in scalekit.dev. --dry-run
shows the requests and sends nothing.
${aboutSettings}

Examples:
  $ pulumi-scalekit probe --dry-run
  $ pulumi-scalekit probe
  $ pulumi-scalekit probe --only metadata externalIdClear
  $ pulumi-scalekit probe --json | jq '.answers[] | select(.kind == "unlike")'
  $ pulumi-scalekit probe --clean pulumi-scalekit-probe-1a2b3c4d

Exit codes: 0 every question is answered, 2 some are not or not as the emulator
plays any, 3 something could not be deleted, 1 failed, 130 interrupted.`;

interface Options extends Verbosity {
  only?: string[];
  rateLimit?: true;
  production?: true;
  dryRun?: true;
  clean?: string;
  out: string;
  force?: true;
  stack?: string;
  json?: true;
}

/** `pulumi-scalekit probe`: how an environment behaves where nobody has written it down. */
export function probeCommand(): Command {
  return new Command("probe")
    .description("find out how an environment behaves where Scalekit's documents leave it open")
    .addOption(
      new Option("--only <names...>", "ask these questions only, and what they depend on").choices(
        questions.map(({ name }) => name),
      ),
    )
    .option("--rate-limit", "also send up to 3,000 requests in a row, to see the rate limit")
    .option("--production", "allow an environment that looks like production")
    .option("--dry-run", "show what it would ask, and send nothing")
    .option("--clean <prefix>", "delete what a run has left, and ask nothing")
    .option("--out <file>", "where to write what is found", "semantics.json")
    .option("--force", "replace the file if it is there")
    .option("--stack <name>", "the stack whose configuration names the environment (default: the selected one)")
    .addOption(verboseOption())
    .option("--json", "report as JSON, with requests and responses")
    .addHelpText("after", explanation(about))
    .action(async (options: Options) => {
      if (options.clean !== undefined) return clean(options.clean, options);
      if (options.dryRun) return show(options);
      const { settings } = await settingsOf(options.stack);
      const { environmentUrl } = settings;
      if (looksLikeProduction(environmentUrl) && !options.production) {
        throw new ScalekitError(
          `${environmentUrl} looks like production: development environments end in scalekit.dev. The probe makes ` +
            "organizations and deletes them again. Nothing was sent. To ask this environment all the same, add --production.",
        );
      }
      // This fails before the probe has asked anything, and not when it writes the answers.
      if (existsSync(options.out) && !options.force) {
        throw new ScalekitError(
          `${options.out} already exists. Nothing was sent. Replace it with --force, or write elsewhere with --out.`,
        );
      }
      await ask(settings, options);
    });
}

async function ask(settings: Settings, options: Options): Promise<void> {
  const { defaultSemantics } = await import("../emulator/index.ts");
  const stops = interruptions("Interrupted: cleaning up. Interrupt again to skip that and leave what was made.");
  const at = new Date().toISOString();
  const probed = await probe({
    settings: { ...settings, ...speech(options) },
    only: options.only,
    rateLimit: options.rateLimit,
    signal: stops.first,
    giveUp: stops.second,
    // If the output is for a program and stderr is no terminal, nobody would read it.
    tell: (line) => void (!options.json || process.stderr.isTTY ? process.stderr.write(`${line}\n`) : false),
    begun: (prefix) =>
      void process.stderr.write(
        `What this makes is named ${prefix}. If it is killed: ${cleaningOf(prefix, options.stack)}\n`,
      ),
  });
  const cleaning = cleaningOf(probed.prefix, options.stack);
  const run: Run = {
    environment: settings.environmentUrl,
    at,
    cleaning,
    defaults: defaultSemantics as Run["defaults"],
  };
  const found = probedFile(probed, run);
  let file: string | undefined;
  let failure: unknown;
  try {
    if (!probed.isInterrupted) writeAll(new Map([[options.out, `${JSON.stringify(found, null, 2)}\n`]]), true);
    file = probed.isInterrupted ? undefined : options.out;
  } catch (error) {
    failure = error;
  }
  process.stdout.write(options.json ? `${JSON.stringify(found)}\n` : report(probed, run, file));
  if (failure !== undefined) throw failure;
  process.exitCode = exitCodeOf(probed);
  // A request that nobody waits for any more may go on for minutes.
  if (probed.isInterrupted) process.exit();
}

function exitCodeOf({ left, isInterrupted, answers }: Probed): number {
  if (left.length > 0) return 3;
  if (isInterrupted) return 130;
  return answers.some(({ verdict }) => ["unlike", "unanswered"].includes(verdict.kind)) ? 2 : 0;
}

const cleaningOf = (prefix: string, stack: string | undefined): string =>
  ["npx pulumi-scalekit probe --clean", prefix, ...onStack(stack)].join(" ");

/** Deletes by a prefix that only a probe's objects have. */
async function clean(prefix: string, { stack, json, ...talk }: Options): Promise<void> {
  if (!isPrefix(prefix)) {
    throw new ScalekitError(
      "--clean takes the prefix that a run of the probe printed, such as pulumi-scalekit-probe-1a2b3c4d. Nothing was sent.",
    );
  }
  const { settings } = await settingsOf(stack);
  const stops = interruptions("Interrupted.");
  const { removed, left } = await cleanAfter(prefix, { ...settings, ...speech(talk) }, stops.first);
  const text =
    `Deleted ${removed.length} ${removed.length === 1 ? "organization" : "organizations"}.\n` +
    (left.length > 0 ? remains({ left }, { cleaning: cleaningOf(prefix, stack) }) : "Nothing of that run is left.\n");
  process.stdout.write(json ? `${JSON.stringify({ removed, left })}\n` : text);
  process.exitCode = left.length > 0 ? 3 : 0;
}

async function show({ only, stack, json, production, rateLimit }: Options): Promise<void> {
  const environment = await environmentUrlOf(stack);
  const rehearsal = await rehearse(only);
  const isRefused = environment !== undefined && looksLikeProduction(environment) && !production;
  if (json) {
    process.stdout.write(`${JSON.stringify({ environment, isRefused, ...rehearsal })}\n`);
    return;
  }
  const refusal = isRefused
    ? `\nIt would be refused without --production: ${environment} looks like production.\n`
    : "";
  const flood = rateLimit
    ? "\nrateLimit: up to 3,000 times GET /api/v1/organizations?page_size=10, until a 429 comes.\n"
    : "";
  process.stdout.write(`${programme(rehearsal, environment ?? "an environment, once one is set,")}${flood}${refusal}`);
}

async function environmentUrlOf(stack: string | undefined): Promise<string | undefined> {
  try {
    return (await settingsOf(stack)).settings.environmentUrl;
  } catch (error) {
    if (!isScalekitError(error)) throw error;
    return undefined;
  }
}

/** Two signals: for the first time that the user wants it to end, and for the second. */
function interruptions(line: string): { first: AbortSignal; second: AbortSignal } {
  const [first, second] = [new AbortController(), new AbortController()];
  const stop = () => {
    if (first.signal.aborted) return second.abort();
    process.stderr.write(`${line}\n`);
    first.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return { first: first.signal, second: second.signal };
}
