import { Command, InvalidArgumentError } from "commander";
import { ScalekitError } from "../errors.ts";
import { stepsInFile, stepsNow } from "./preview.ts";
import { onStack } from "./pulumi.ts";
import { type Removal, removalsIn } from "./removals.ts";
import { table } from "./table.ts";

const about = `
It reads a preview, or has Pulumi make one, and counts the organizations that the update would delete or replace: a
replaced organization is deleted too, with its connections and directories. It changes nothing. A policy cannot tell,
because Pulumi shows a policy only the resources that stay. Organizations with the option retainOnDelete are left at
Scalekit, and not counted.

Run it before \`pulumi up\`, on the same commit. What comes after -- goes to \`pulumi preview\`.

Examples:
  $ pulumi-scalekit guard --stack prod
  $ pulumi-scalekit guard --stack prod --max-deletes 5 && pulumi up --stack prod --yes
  $ pulumi-scalekit guard --stack prod --max-deletes 5 -- --refresh --policy-pack policies
  $ pulumi preview --json > preview.json; pulumi-scalekit guard --preview preview.json --json

Exit codes: 0 no more than --max-deletes, 2 more, 1 failed (so did the preview, or it could not be read).`;

interface Options {
  stack?: string;
  preview?: string;
  maxDeletes: number;
  json?: true;
}

/** `pulumi-scalekit guard`: a cap on the organizations that one update deletes. */
export function guardCommand(): Command {
  return new Command("guard")
    .description("stop a pipeline whose next update would delete or replace too many organizations")
    .argument("[arguments...]", "more arguments for `pulumi preview`, after --")
    .option("--stack <name>", "the stack to preview (default: the selected one)")
    .option("--preview <file>", "what `pulumi preview --json` wrote; - reads stdin")
    .option("--max-deletes <number>", "how many organizations may go", count, 0)
    .option("--json", "report as JSON")
    .addHelpText("after", about)
    .action(async (more: string[], options: Options) => {
      const { stack, preview, maxDeletes, json } = options;
      if (preview !== undefined && (stack !== undefined || more.length > 0)) {
        throw new ScalekitError("Give --preview alone, or else --stack and arguments for a preview that is made now.");
      }
      const steps = preview === undefined ? await stepsNow([...onStack(stack), ...more]) : await stepsInFile(preview);
      const removals = removalsIn(steps);
      const tooMany = removals.filter(({ retained }) => !retained).length > maxDeletes;
      process.stdout.write(
        json ? `${JSON.stringify({ maxDeletes, tooMany, removals })}\n` : report(removals, maxDeletes),
      );
      process.exitCode = tooMany ? 2 : 0;
    });
}

function report(removals: readonly Removal[], maxDeletes: number): string {
  const going = removals.filter(({ retained }) => !retained).length;
  const verdict =
    going > maxDeletes ? `more than the ${maxDeletes} that --max-deletes lets go` : "as --max-deletes lets";
  const rows = removals.map(({ name, id, action, retained }) => [retained ? "leave at Scalekit" : action, name, id]);
  return [
    `The update would delete or replace ${going} ${going === 1 ? "organization" : "organizations"}, ${verdict}.\n`,
    ...(rows.length > 0 ? [table(["ACTION", "ORGANIZATION", "ID"], rows)] : []),
  ].join("");
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number, such as 5.");
  return Number(text);
}
