import { Command, InvalidArgumentError } from "commander";
import { ScalekitError } from "../errors.ts";
import { howToDelete } from "../lifecycle/protection.ts";
import { explanation } from "./help.ts";
import { stepsInFile, stepsNow } from "./preview.ts";
import { onStack } from "./pulumi.ts";
import { readFlags } from "./pulumi-flags.ts";
import { type Removal, removalsIn } from "./removals.ts";
import { countsInWords, nameWith, stackKindsOption } from "./resource-types.ts";
import { table } from "./table.ts";

const about = `
It reads a preview, or has Pulumi make one, and counts the resources of this
package that the update would delete or replace: a replaced organization is
deleted too, with its connections and directories. Of what goes with an
organization, that counts which the stack has, and each tenant that leaves a set
counts as an organization. With --kind only some kinds count. It changes
nothing. A policy cannot tell, because Pulumi shows a policy only the resources
that stay. What is left at Scalekit is not counted: what has the option
retainOnDelete, and connections.

Run it before \`pulumi up\`, on the same commit. What comes after -- goes to
\`pulumi preview\`.

Examples:
  $ pulumi-scalekit guard --stack prod
  $ pulumi-scalekit guard --max-deletes 5 && pulumi up --yes
  $ pulumi-scalekit guard --stack prod -- --refresh --policy-pack policies
  $ pulumi-scalekit guard --kind organizations
  $ pulumi-scalekit guard --kind roles --kind permissions --max-deletes 2
  $ pulumi preview --json | pulumi-scalekit guard --preview - --json

Exit codes: 0 no more than --max-deletes, 2 more, 1 failed (so did the preview,
or it could not be read).`;

interface Options {
  stack?: string;
  preview?: string;
  maxDeletes: number;
  kind?: string[];
  json?: true;
}

/** `pulumi-scalekit guard`: a cap on what one update deletes. */
export function guardCommand(): Command {
  return new Command("guard")
    .description("stop a pipeline whose next update would delete or replace too much")
    .argument("[arguments...]", "more arguments for `pulumi preview`, after --")
    .option("--stack <name>", "the stack to preview (default: the selected one)")
    .option("--preview <file>", "what `pulumi preview --json` wrote; - reads stdin")
    .option("--max-deletes <number>", "how many deletes are allowed", count, 0)
    .addOption(stackKindsOption("--kind <kind...>", "count these kinds only; may be repeated (default: all)"))
    .option("--json", "report as JSON")
    .addHelpText("after", explanation(about))
    .action(async (more: string[], options: Options) => {
      const { stack, preview, maxDeletes, kind: wanted = ["all"], json } = options;
      if (preview !== undefined && (stack !== undefined || more.length > 0)) {
        throw new ScalekitError("Give either --preview alone, or --stack and arguments for a new preview.");
      }
      if (stack !== undefined && readFlags(more).flags.some(({ name }) => name === "stack")) {
        throw new ScalekitError("There is a stack before the -- and another after it: give one of the two.");
      }
      const steps = preview === undefined ? await stepsNow([...onStack(stack), ...more]) : await stepsInFile(preview);
      const removals = removalsIn(steps).filter(
        ({ definition }) => wanted.includes("all") || wanted.includes(definition.plural),
      );
      const tooMany = goingOf(removals).length > maxDeletes;
      process.stdout.write(json ? asJson(removals, maxDeletes, tooMany) : report(removals, maxDeletes, tooMany));
      process.exitCode = tooMany ? 2 : 0;
    });
}

const goingOf = (removals: readonly Removal[]): Removal[] => removals.filter(({ retained }) => !retained);

/** For a person. */
function report(removals: readonly Removal[], maxDeletes: number, tooMany: boolean): string {
  const verdict = tooMany ? `more than the ${maxDeletes} that --max-deletes allows` : "as --max-deletes allows";
  const rows = removals.map(({ definition, name, set, id, action, retained }) => [
    retained ? "leave at Scalekit" : action,
    definition.name,
    nameWith(name, set),
    id,
  ]);
  return [
    `The update would delete or replace ${counted(goingOf(removals))}, ${verdict}.\n`,
    ...(rows.length > 0 ? [table(["ACTION", "KIND", "NAME", "ID"], rows)] : []),
    ...aboutProtected(removals.filter(({ isProtected }) => isProtected)),
  ].join("");
}

function aboutProtected(kept: readonly Removal[]): string[] {
  const [first] = kept;
  if (first === undefined) return [];
  const those = kept.length === 1 ? "1 of these is" : `${kept.length} of these are`;
  return [`The update would fail: ${those} protected from deletion. ${howToDelete(first.definition, "one")}\n`];
}

/** For a program, on one line. */
const asJson = (removals: readonly Removal[], maxDeletes: number, tooMany: boolean): string =>
  `${JSON.stringify({ maxDeletes, tooMany, removals: removals.map(({ definition, isProtected, ...rest }) => ({ kind: definition.name, ...rest, ...(isProtected && { isProtected }) })) })}\n`;

function counted(going: readonly Removal[]): string {
  const kinds = Map.groupBy(going, ({ definition }) => definition.plural);
  const counts = countsInWords(new Map([...kinds].map(([plural, { length }]) => [plural, length])));
  if (kinds.size === 1) return counts;
  return kinds.size === 0 ? "0 resources" : `${going.length} resources (${counts})`;
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number, such as 5.");
  return Number(text);
}
