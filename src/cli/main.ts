#!/usr/bin/env node
import "../node-version.ts";

import { Command } from "commander";
import { areColoursForbidden, forbidColours } from "../config/terminal.ts";
import { visibleLines } from "../text/visible.ts";
import { coloured } from "./colour.ts";
import { withHelp } from "./help.ts";

/** Each command loads only what it needs itself. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  export: async () => (await import("./export.ts")).exportCommand(),
  import: async () => (await import("./import.ts")).importCommand(),
  drift: async () => (await import("./drift.ts")).driftCommand(),
  up: async () => (await import("./up.ts")).upCommand(),
  guard: async () => (await import("./guard.ts")).guardCommand(),
  doctor: async () => (await import("./doctor.ts")).doctorCommand(),
  probe: async () => (await import("./probe.ts")).probeCommand(),
  emulator: async () => (await import("./emulator.ts")).emulatorCommand(),
  completion: async () => (await import("./completion.ts")).completionCommand(() => programWith(Object.keys(commands))),
};

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough, such as `head`, is no failure.
  if (error.code === "EPIPE") process.exit();
  process.stderr.write(`pulumi-scalekit: Could not write the output: ${error.message}\n`);
  process.exit(1);
});
// Nobody reads the output any more, and the exit code says the rest.
process.stderr.on("error", () => {});

if (areColoursForbidden()) forbidColours();

run(process.argv.slice(2)).catch((error: unknown) => {
  const text = visibleLines(error instanceof Error ? error.message : String(error));
  process.stderr.write(`${coloured("red", "pulumi-scalekit:", process.stderr)} ${text}\n`);
  process.exitCode = 1;
});

async function run(args: readonly string[]): Promise<void> {
  const [named = ""] = args;
  const program = await programWith(Object.hasOwn(commands, named) ? [named] : Object.keys(commands));
  await program.parseAsync(args, { from: "user" });
}

async function programWith(names: readonly string[]): Promise<Command> {
  const program = withHelp(new Command("pulumi-scalekit"))
    .description("Scalekit organizations as code: the tools beside the Pulumi provider")
    .version(packageVersion());
  for (const name of names) {
    const command = await commands[name]?.();
    if (command) program.addCommand(withHelp(command));
  }
  return program;
}

function packageVersion(): string {
  return (require("../../package.json") as { version: string }).version;
}
