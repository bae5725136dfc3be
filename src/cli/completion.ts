import { Argument, Command } from "commander";
import { bashCompletion } from "./completion/bash.ts";
import { fishCompletion } from "./completion/fish.ts";
import { type Vocabulary, vocabularyOf } from "./completion/vocabulary.ts";
import { zshCompletion } from "./completion/zsh.ts";
import { explanation } from "./help.ts";

const about = `
The shell then completes commands, options, their values, files, and the stacks
that have a configuration in the current folder. It has to find pulumi-scalekit
on PATH, where \`npx\` alone does not put it: install it with --global, or put
node_modules/.bin on PATH.

Examples:
  $ source <(pulumi-scalekit completion bash)    # in ~/.bashrc
  $ source <(pulumi-scalekit completion zsh)     # in ~/.zshrc, after compinit
  $ pulumi-scalekit completion fish | source     # in ~/.config/fish/config.fish`;

const shells: Readonly<Record<string, (vocabulary: Vocabulary) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/**
 * `pulumi-scalekit completion`: what a shell reads to complete the command.
 *
 * @param whole the command with all its commands
 */
export function completionCommand(whole: () => Promise<Command>): Command {
  return new Command("completion")
    .description("print what your shell needs to complete this command")
    .addArgument(new Argument("<shell>", "whose completion it is").choices(Object.keys(shells)))
    .addHelpText("after", explanation(about))
    .action(async (shell: string) => {
      process.stdout.write(shells[shell]?.(vocabularyOf(await whole())) ?? "");
    });
}
