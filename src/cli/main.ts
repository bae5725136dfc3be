#!/usr/bin/env node
import "../node-version.ts";

import { Command } from "commander";
import { visibleLines } from "../visible.ts";
import { doctorCommand } from "./doctor.ts";
import { driftCommand } from "./drift.ts";
import { emulatorCommand } from "./emulator.ts";
import { exportCommand } from "./export.ts";
import { guardCommand } from "./guard.ts";
import { importCommand } from "./import.ts";
import { upCommand } from "./up.ts";

const program = new Command("pulumi-scalekit")
  .description("Scalekit organizations as code: the tools beside the Pulumi provider")
  .version(packageVersion());
const commands = [exportCommand, importCommand, driftCommand, upCommand, guardCommand, doctorCommand, emulatorCommand];
for (const command of commands) program.addCommand(command().showHelpAfterError("(run with --help for the options)"));

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough, such as `head`, is no failure.
  if (error.code === "EPIPE") process.exit();
  process.stderr.write(`pulumi-scalekit: Could not write the output: ${error.message}\n`);
  process.exit(1);
});
// There is nobody left to tell, and the exit code tells the rest.
process.stderr.on("error", () => {});

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`pulumi-scalekit: ${visibleLines(error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 1;
});

function packageVersion(): string {
  return (require("../../package.json") as { version: string }).version;
}
