import type { Command } from "commander";

/** The words of the command line that a shell can complete. */
export interface Vocabulary {
  readonly name: string;
  readonly description: string;
  readonly options: readonly Flag[];
  /** What its arguments are, besides options. */
  readonly takes: Value | undefined;
  /** Its commands, if it has any. */
  readonly commands: readonly Vocabulary[];
}

export interface Flag {
  readonly long: string;
  readonly short: string | undefined;
  readonly description: string;
  /** What comes after it, if anything does. */
  readonly value: Value | undefined;
}

export interface Value {
  readonly of: "words" | "files" | "folders" | "stacks" | "anything";
  /** What it may be, where that is known. */
  readonly words: readonly string[];
  /** Whether several may follow each other. */
  readonly isList: boolean;
}

export function vocabularyOf(command: Command): Vocabulary {
  const help = command.createHelp();
  const [argument] = command.registeredArguments;
  return {
    name: command.name(),
    description: help.subcommandDescription(command),
    options: help.visibleOptions(command).map((option) => ({
      long: option.long ?? "",
      short: option.short,
      description: option.description,
      value:
        option.required || option.optional
          ? value(option.flags, option.argChoices, option.variadic, option.long)
          : undefined,
    })),
    takes: argument && value(argument.name(), argument.argChoices, argument.variadic),
    commands: help.visibleCommands(command).map(vocabularyOf),
  };
}

function value(name: string, choices: readonly string[] | undefined, isList: boolean, long?: string): Value {
  const kind = choices
    ? "words"
    : long === "--stack"
      ? "stacks"
      : /<file>/.test(name)
        ? "files"
        : /<folder>/.test(name)
          ? "folders"
          : "anything";
  return { of: kind, words: choices ?? [], isList };
}

/** A shell's command that prints the stacks which have a configuration in this folder. */
export const listStacks = String.raw`command ls 2>/dev/null | command sed -n 's/^Pulumi\.\(.*\)\.ya*ml$/\1/p'`;
