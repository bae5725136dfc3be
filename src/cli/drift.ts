import { Command, Option } from "commander";
import type { Client } from "../api/client.ts";
import { readAll } from "../lookups/selection.ts";
import type { Organization } from "../schema.ts";
import { compare } from "./comparison.ts";
import { asJson, type Drift, type Finding, report } from "./drift-report.ts";
import { aboutSettings, openEnvironment } from "./environment.ts";
import { progress } from "./progress.ts";
import { type Managed, stateInFile, stateOfStack } from "./stack-state.ts";

const about = `
It compares what a stack's state says that the program declared with what is at Scalekit, and changes neither. It also
tells of organizations that are in the state and gone from Scalekit, and of those at Scalekit that none of the given
stacks has. Secrets are never printed. Values that the state keeps encrypted are compared with --compare-secrets only.
${aboutSettings}

It reads organizations a hundred at a time, and single ones only to be sure of a difference.

Examples:
  $ pulumi-scalekit drift
  $ pulumi-scalekit drift --stack prod --json
  $ pulumi-scalekit drift --stack team-a/prod --stack team-b/prod --fail-on unmanaged
  $ pulumi stack export | pulumi-scalekit drift --state -

Exit codes: 0 no drift, 2 drift (an organization changed or gone, and what --fail-on adds), 1 failed.`;

interface Options {
  stack?: string[];
  state?: string[];
  failOn?: ("unmanaged" | "uncompared")[];
  compareSecrets?: true;
  json?: true;
}

/** `pulumi-scalekit drift`: what is at Scalekit beside what a stack declares. */
export function driftCommand(): Command {
  return new Command("drift")
    .description("compare what a stack declares with what is at Scalekit, changing neither")
    .option("--stack <name>", "a stack to compare; may be repeated (default: the selected one)", another)
    .option("--state <file>", "a state that `pulumi stack export` wrote; may be repeated; - reads stdin", another)
    .addOption(new Option("--fail-on <what...>", "what counts as drift too").choices(["unmanaged", "uncompared"]))
    .option("--compare-secrets", "have Pulumi decrypt the secrets of stacks, to compare them too")
    .option("--json", "report as JSON")
    .addHelpText("after", about)
    .action(async (options: Options) => {
      const managed = await managedBy(options);
      await using environment = await openEnvironment(options.stack?.[0]);
      const tell = progress(options);
      const all = await readAll(environment.client, (count) => tell(() => `Read ${count} organizations so far.`));
      const drift = await driftOf(managed, all, environment.client);
      process.stdout.write(options.json ? asJson(environment.url, drift) : report(environment.url, drift));
      process.exitCode = isDrift(drift, options.failOn ?? []) ? 2 : 0;
    });
}

async function managedBy({ stack, state, compareSecrets }: Options): Promise<Managed[]> {
  const found = (state ?? []).flatMap(stateInFile);
  for (const name of stack ?? (state ? [] : [undefined])) {
    found.push(...(await stateOfStack(name, compareSecrets === true)));
  }
  return found;
}

async function driftOf(managed: readonly Managed[], all: readonly Organization[], client: Client): Promise<Drift> {
  const listed = new Map(all.map((organization) => [organization.id, organization]));
  // Where not one is there, the environment is another one, and asking for each by itself would not help.
  const elsewhere = managed.length > 0 && !managed.some(({ id }) => listed.has(id));
  const findings = await inTurns(managed, async (one) => {
    const seen = findingOn(one, listed.get(one.id));
    // A list is read over a while, and may leave something out: what looks like drift is asked for once more.
    return elsewhere || (seen.live && seen.differences.length === 0) ? seen : findingOn(one, await client.get(one.id));
  });
  const ids = new Set(managed.map(({ id }) => id));
  return {
    managed: managed.length,
    changed: findings.filter(({ differences }) => differences.length > 0),
    gone: findings.filter(({ live }) => live === undefined),
    uncompared: findings.filter(({ uncompared }) => uncompared.length > 0),
    unmanaged: all.filter(({ id }) => !ids.has(id)),
    elsewhere,
  };
}

const findingOn = (managed: Managed, live: Organization | undefined): Finding => ({
  ...managed,
  live,
  ...(live ? compare(managed, live) : { differences: [], uncompared: [] }),
});

const isDrift = ({ changed, gone, unmanaged, uncompared }: Drift, failOn: readonly string[]): boolean =>
  changed.length > 0 ||
  gone.length > 0 ||
  (failOn.includes("unmanaged") && unmanaged.length > 0) ||
  (failOn.includes("uncompared") && uncompared.length > 0);

/** Some at a time, so that many differences are no burst of requests. */
async function inTurns<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let at = 0; at < items.length; at += 8) done.push(...(await Promise.all(items.slice(at, at + 8).map(act))));
  return done;
}

const another = (text: string, before: readonly string[] = []): string[] => [...before, text];
