import { type Flag, listStacks, type Value, type Vocabulary } from "./vocabulary.ts";

/** What zsh sources, or loads by itself from a folder of its \`fpath\`, to complete the command. */
export const zshCompletion = ({ name, options, commands }: Vocabulary): string => `#compdef ${name}
# Completion of ${name} for zsh, after compinit:
#   source <(${name} completion zsh)
${functionOf(name)}() {
  local -a commands stacks
  commands=(
${commands.map((command) => `    ${quoted(`${command.name}:${command.description}`)}\n`).join("")}\
  )
  if (( CURRENT == 2 )); then
    if [[ $PREFIX == -* ]]; then
      _arguments ${options.map(specOf).join(" ")}
    else
      _describe -t commands command commands
    fi
    return
  fi
  # What comes after -- is another command's.
  (( \${words[(I)--]} && \${words[(I)--]} < CURRENT )) && return 1
  stacks=(\${(f)"$(${listStacks})"})
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  # _arguments takes each value for the only one.
  local -a given
  given=(\${(M)words[1,CURRENT-1]:#-*})
  if [[ $PREFIX != -* ]]; then
    case "$command \${given[-1]}" in
${commands.flatMap((command) => command.options.flatMap((flag) => listRow(command.name, flag))).join("")}\
    esac
  fi
  case "$command" in
    help) _describe -t commands command commands ;;
${commands
  .flatMap((command) => (command.name === "help" ? [] : `    ${command.name})\n${argumentsOf(command)}      ;;\n`))
  .join("")}\
  esac
}

if [[ "\${funcstack[1]}" == ${functionOf(name)} ]]; then
  ${functionOf(name)} "$@"
else
  compdef ${functionOf(name)} ${name}
fi
`;

const functionOf = (name: string): string => `_${name.replaceAll("-", "_")}`;

function argumentsOf({ options, takes }: Vocabulary): string {
  // Without a word on them, it stops at the further values of a list.
  const others = takes ? actionOf(takes) : options.some(({ value }) => value?.isList) ? nothing : undefined;
  const specs = [...options.map(specOf), ...(others === undefined ? [] : [quoted(`*:value:${others}`)])];
  return `      _arguments -S -s \\\n${specs.map((spec, at) => `        ${spec}${at < specs.length - 1 ? " \\" : ""}\n`).join("")}`;
}

const listRow = (command: string, { long, value }: Flag): string[] =>
  value?.isList && value.words.length > 0
    ? [`      "${command} ${long}") compadd -- ${value.words.join(" ")}; return ;;\n`]
    : [];

/** The text in brackets is what zsh shows of an option. */
function specOf({ long, short, description, value }: Flag): string {
  const shown = `[${description.replaceAll(/[[\]\\]/g, "\\$&").replaceAll(":", "\\:")}]`;
  const after = value === undefined ? "" : `:value:${actionOf(value)}`;
  const names = short === undefined ? quoted(long) : `'(${short} ${long})'{${short},${long}}`;
  return `${short === undefined ? quoted(`*${long}`) : names}${quoted(`${shown}${after}`)}`;
}

function actionOf({ of, words }: Value): string {
  switch (of) {
    case "words":
      return `(${words.join(" ")})`;
    case "stacks":
      return `($stacks)`;
    case "files":
      return "_files";
    case "folders":
      return "_files -/";
    case "anything":
      return nothing;
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A command that offers no word. zsh's own way, a space, keeps it from completing the options beside. */
const nothing = "true";
