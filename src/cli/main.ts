#!/usr/bin/env node
import "../node-version.ts";

import { Command } from "commander";
import { visibleLines } from "../text/visible.ts";

/** Each command loads what it works with, and not what the others do. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  export: async () => (await import("./export.ts")).exportCommand(),
  import: async () => (await import("./import.ts")).importCommand(),
  drift: async () => (await import("./drift.ts")).driftCommand(),
  up: async () => (await import("./up.ts")).upCommand(),
  guard: async () => (await import("./guard.ts")).guardCommand(),
  doctor: async () => (await import("./doctor.ts")).doctorCommand(),
  probe: async () => (await import("./probe.ts")).probeCommand(),
  emulator: async () => (await import("./emulator.ts")).emulatorCommand(),
};

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough, such as `head`, is no failure.
  if (error.code === "EPIPE") process.exit();
  process.stderr.write(`pulumi-scalekit: Could not write the output: ${error.message}\n`);
  process.exit(1);
});
// There is nobody left to tell, and the exit code tells the rest.
process.stderr.on("error", () => {});

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`pulumi-scalekit: ${visibleLines(error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 1;
});

async function run(args: readonly string[]): Promise<void> {
  const program = new Command("pulumi-scalekit")
    .description("Scalekit organizations as code: the tools beside the Pulumi provider")
    .version(packageVersion());
  const [named = ""] = args;
  const asked = Object.hasOwn(commands, named) ? [named] : Object.keys(commands);
  for (const name of asked) {
    const command = await commands[name]?.();
    if (command) program.addCommand(command.showHelpAfterError("(run with --help for the options)"));
  }
  await program.parseAsync(args, { from: "user" });
}

function packageVersion(): string {
  return (require("../../package.json") as { version: string }).version;
}
