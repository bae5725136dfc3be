import { type Flag, listStacks, type Value, type Vocabulary } from "./vocabulary.ts";

/** What fish sources to complete the command. */
export function fishCompletion({ name, options, commands }: Vocabulary): string {
  const own = `__${name.replaceAll("-", "_")}`;
  const complete = (condition: string, ...words: string[]) =>
    `complete -c ${name} -n ${quoted(`${own}_${condition}`)} ${words.filter((word) => word !== "").join(" ")}\n`;
  const stacks = `(${own}_stacks)`;

  const linesOf = (command: Vocabulary): string[] => [
    ...command.options.map((flag) => complete(`in ${command.name}`, ...specOf(flag, stacks))),
    ...(command.takes?.words.length ? [complete(`in ${command.name}`, takenBy(command.takes, stacks))] : []),
    // fish ends a list after its first value.
    ...command.options.flatMap(({ long, value }) =>
      value?.isList && value.words.length > 0
        ? [complete(`in_list ${command.name} ${long}`, takenBy(value, stacks))]
        : [],
    ),
  ];
  return `# Completion of ${name} for fish:
#   ${name} completion fish | source
function ${own}_at_start
    test (count (commandline -opc)) = 1
end
function ${own}_in
    set -l words (commandline -opc)
    # What comes after -- is another command's.
    test "$words[2]" = $argv[1]; and not contains -- -- $words
end
function ${own}_in_list
    set -l options (commandline -opc | string match -- '-*')
    ${own}_in $argv[1]; and test "$options[-1]" = $argv[2]
end
function ${own}_stacks
    ${listStacks}
end
complete -c ${name} -f
${options.map((flag) => complete("at_start", ...specOf(flag, stacks))).join("")}\
${commands.map((command) => complete("at_start", `-a ${command.name}`, `-d ${quoted(command.description)}`)).join("")}\
${complete("in help", `-a ${quoted(commands.map((command) => command.name).join(" "))}`)}\
${commands.flatMap((command) => (command.name === "help" ? [] : linesOf(command))).join("")}`;
}

const specOf = ({ long, short, description, value }: Flag, stacks: string): string[] => [
  short === undefined ? "" : `-s ${short.slice(1)}`,
  `-l ${long.slice(2)}`,
  value === undefined ? "" : `${value.of === "files" ? "-r" : "-x"} ${takenBy(value, stacks)}`.trimEnd(),
  `-d ${quoted(description)}`,
];

function takenBy({ of, words }: Value, stacks: string): string {
  switch (of) {
    case "words":
      return `-a ${quoted(words.join(" "))}`;
    case "stacks":
      return `-a ${quoted(stacks)}`;
    case "files":
      return "-F";
    case "folders":
      return "-a '(__fish_complete_directories)'";
    case "anything":
      return "";
  }
}

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
