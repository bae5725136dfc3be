import { Command, Option } from "commander";
import { asJson, report } from "./drift-report.ts";
import { aboutSettings, openEnvironment, type Verbosity, verboseOption } from "./environment.ts";
import { type Drift, findDrift } from "./findings.ts";
import { explanation } from "./help.ts";
import { withProgress } from "./progress.ts";
import { kindsNamed, kindsOption } from "./resource-types.ts";
import { type Managed, stateInFile, stateOfStack } from "./stack-state.ts";

const about = `
It compares what a stack's state says that the program declared with what is at
Scalekit, and changes neither: its organizations, and its permissions, roles,
domains, API clients and session policies. It also tells of organizations that
are in the state and gone from Scalekit, of those at Scalekit that none of the
given stacks has (unmanaged), and of those that more than one has (shared). What
a program declares is what it did at its last \`up\`.

Secrets are never printed. Values that the state keeps encrypted are compared
with --compare-secrets only.
${aboutSettings}

It reads organizations a hundred at a time, and single ones only to be sure of a
difference. With --managed-only it stops as soon as it has seen those of the
stacks, or as reading the rest by themselves takes fewer requests. Of the other
kinds it reads a list for each organization that has several in the stacks. With
--unmanaged it looks for unmanaged ones of those kinds too, in every
organization, which takes a request for each.

Examples:
  $ pulumi-scalekit drift
  $ pulumi-scalekit drift --stack prod --json
  $ pulumi-scalekit drift --stack a/prod --stack b/prod --fail-on unmanaged
  $ pulumi-scalekit drift --stack sandbox --managed-only
  $ pulumi-scalekit drift --unmanaged roles permissions --fail-on unmanaged
  $ pulumi stack export | pulumi-scalekit drift --state -

Exit codes: 0 no drift, 2 drift (something changed or gone, and what --fail-on
adds), 1 failed.`;

interface Options extends Verbosity {
  stack?: string[];
  state?: string[];
  failOn?: (typeof more)[number][];
  managedOnly?: true;
  unmanaged?: string[];
  compareSecrets?: true;
  json?: true;
}

/** Findings that are reported, and count as drift only with --fail-on. */
const more = ["unmanaged", "uncompared", "shared"] as const;

/** `pulumi-scalekit drift`: compares what is at Scalekit with what a stack declares. */
export function driftCommand(): Command {
  return new Command("drift")
    .description("compare what a stack declares with what is at Scalekit, changing neither")
    .option("--stack <name>", "a stack to compare; may be repeated (default: the selected one)", another)
    .option("--state <file>", "a state that `pulumi stack export` wrote; may be repeated; - reads stdin", another)
    .addOption(new Option("--fail-on <what...>", "what counts as drift too").choices(more))
    .option("--managed-only", "do not look for unmanaged organizations, which takes fewer requests")
    .addOption(
      kindsOption("--unmanaged <kinds...>", "look for unmanaged ones of these kinds too").conflicts("managedOnly"),
    )
    .option("--compare-secrets", "let Pulumi decrypt the secrets of stacks, to compare them too")
    .addOption(verboseOption())
    .option("--json", "report as JSON")
    .addHelpText("after", explanation(about))
    .action(async (options: Options) => {
      const managed = await managedBy(options);
      await using environment = await openEnvironment(options.stack?.[0], options);
      const drift = await withProgress(options, (progress) =>
        findDrift(managed, environment.client, {
          environment: environment.url,
          managedOnly: options.managedOnly === true,
          kinds: kindsNamed(options.unmanaged),
          progress,
        }),
      );
      process.stdout.write(options.json ? asJson(environment.url, drift) : report(environment.url, drift));
      process.exitCode = isDrift(drift, options.failOn ?? []) ? 2 : 0;
    });
}

async function managedBy({ stack, state, compareSecrets }: Options): Promise<Managed[]> {
  const found = await Promise.all((state ?? []).map(stateInFile));
  for (const name of stack ?? (state ? [] : [undefined])) {
    found.push(await stateOfStack(name, compareSecrets === true));
  }
  return found.flat();
}

function isDrift(drift: Drift, failOn: readonly (typeof more)[number][]): boolean {
  const { changed, gone, uncompared, shared } = drift;
  const counts = { uncompared, shared, unmanaged: [...(drift.unmanaged ?? []), ...drift.unmanagedThings] };
  return changed.length > 0 || gone.length > 0 || failOn.some((kind) => counts[kind].length > 0);
}

const another = (text: string, before: readonly string[] = []): string[] => [...before, text];
