import { Command } from "commander";
import { savingAtEndOnly } from "../config/engine-variables.ts";
import { resourceTypeOf } from "../definitions/index.ts";
import { ScalekitError } from "../errors.ts";
import { explanation } from "./help.ts";
import { notingSaved } from "./noting-saved.ts";
import { stepsNow } from "./preview.ts";
import { onStack, pulumiRun } from "./pulumi.ts";
import { harmless, isOn, readFlags } from "./pulumi-flags.ts";
import { resourcesOfStack } from "./stack-state.ts";
import type { StateResource } from "./state-resource.ts";

const about = `
Pulumi saves a stack's whole state at every step, so the time of \`pulumi up\`
grows with the square of a large stack. This runs \`pulumi up\` with the state
saved once, at the end (PULUMI_SKIP_CHECKPOINTS). A run that is killed then
leaves the state as it was before; the next one recognizes what it made by the
provider's journal and takes it over, or creates it again if it is an API
client, whose secret nobody has. So

  - the stack may hold components and this package's resources only, which is
    checked first, in its state and in a preview;
  - each new organization needs an external ID, and nothing may be deleted and
    created again, which the provider checks;
  - the journal (the folder scalekit beside Pulumi's own files, or
    SCALEKIT_JOURNAL) must still be there for the next run.

After a run that was killed, run it again, with the same options, and with
--refresh where that one changed, deleted or moved something, or where the
program has changed since. Ctrl-C ends a run in order: Pulumi saves the state.

Examples:
  $ pulumi-scalekit up
  $ pulumi-scalekit up --stack prod -- --yes
  $ pulumi-scalekit up --stack prod -- --refresh --parallel 32

Exit codes: that of \`pulumi up\`, or 1 if the command cannot run it.`;

/** `pulumi-scalekit up`: a large stack in a time that grows with its size and no faster. */
export function upCommand(): Command {
  return new Command("up")
    .description("run `pulumi up` on a large stack and save its state once, at the end")
    .argument("[arguments...]", "for `pulumi up`, after --")
    .option("--stack <name>", "the stack (default: the selected one)")
    .addHelpText("after", explanation(about))
    .action(async (args: string[], { stack }: { stack?: string }) => {
      const { flags } = requireNoOtherFlags(args);
      requireOursOnly("has", await resourcesOfStack(stack));
      process.stderr.write("Looking at what the program declares …\n");
      const steps = await stepsNow(onStack(stack), savingAtEndOnly());
      const created = steps.flatMap(({ op, urn, newState }) => (newState && op !== "read" ? { ...newState, urn } : []));
      requireOursOnly("would have", created);
      // That preview is enough if no person will look at another.
      const seen = isOn(flags, "yes") ? ["--skip-preview"] : [];
      process.exitCode = await notingSaved(stack, (environment) =>
        pulumiRun(["up", ...onStack(stack), ...seen, ...args], false, environment),
      );
    });
}

/** The command must look at the same stack that Pulumi updates. */
function requireNoOtherFlags(args: readonly string[]) {
  const read = readFlags(args);
  // Without its value, which can be a secret.
  const other = read.flags.find(({ name }) => !harmless.has(name));
  if (other !== undefined) {
    throw new ScalekitError(
      `--${other.name} can make \`pulumi up\` run something that this command did not check: give --stack before the --, run it in the project's folder, set configuration by \`pulumi config set\`, and leave the rest to \`pulumi up\` itself.`,
    );
  }
  if (read.words.length > 0) {
    throw new ScalekitError(
      "A word after the -- that belongs to no flag makes `pulumi up` run a template, which this command did not check. Give only flags there, with their values.",
    );
  }
  return read;
}

type Held = Pick<StateResource, "urn" | "type" | "custom" | "external">;

/** A component, like the stack itself, is nothing outside of the state. */
function requireOursOnly(has: string, resources: readonly Held[]): void {
  const others = resources.filter(
    ({ type, custom, external }) =>
      custom && !external && resourceTypeOf(type) === undefined && !type.startsWith("pulumi:providers:"),
  );
  if (others.length === 0) return;
  const named = others.slice(0, 3).map(({ urn }) => urn.split("::").slice(2).join("::"));
  throw new ScalekitError(
    `The stack ${has} more than this package's resources: ${named.join(", ")}${others.length > 3 ? ` and ${others.length - 3} more` : ""}. A run ` +
      "that is killed would lose track of them. Run `pulumi up` instead, or give the others a stack of their own.",
  );
}
