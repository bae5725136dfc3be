import type { Command } from "commander";
import { forbidColours } from "../config/terminal.ts";
import { alwaysColoured, hasColours } from "./colour.ts";

/** Wider lines are hard to read, however wide the terminal is. */
const widest = 80;

/** Gives a command's help its width and its colours, and the command the option that takes them off. */
export function withHelp(command: Command): Command {
  return command
    .configureHelp({
      styleTitle: (text) => alwaysColoured("bold", text),
      styleCommandText: (text) => alwaysColoured("cyan", text),
      styleSubcommandText: (text) => alwaysColoured("cyan", text),
      styleOptionText: (text) => alwaysColoured("cyan", text),
      styleArgumentText: (text) => alwaysColoured("cyan", text),
    })
    .configureOutput({
      getOutHelpWidth: () => widthOf(process.stdout),
      getErrHelpWidth: () => widthOf(process.stderr),
      getOutHasColors: () => hasColours(process.stdout),
      getErrHasColors: () => hasColours(process.stderr),
      outputError: (text, write) => write(text.replace(/^error:/, (word) => alwaysColoured("red", word))),
    })
    .option("--no-color", "no colours, as with NO_COLOR=1")
    .on("option:no-color", () => forbidColours())
    .showHelpAfterError("(run with --help for the options)");
}

/** What stands below the options, with its headings and commands set off. Commander takes the colours out where none belong. */
export const explanation = (text: string): string =>
  text
    .replaceAll(/^(?:Examples|Exit codes):/gm, (heading) => alwaysColoured("bold", heading))
    .replaceAll(/^( {2}\$ )(.+(?:\\\n.+)*)$/gm, (_, sign, command) => sign + alwaysColoured("cyan", command));

const widthOf = ({ isTTY, columns }: NodeJS.WriteStream): number => Math.min(widest, (isTTY && columns) || widest);
