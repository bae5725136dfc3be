import { type Flag, listStacks, type Value, type Vocabulary } from "./vocabulary.ts";

/** What bash sources to complete the command. macOS has one of 2007, which knows no `compopt` and completes as well without. */
export function bashCompletion({ name, options, commands }: Vocabulary): string {
  const own = `_${name.replaceAll("-", "_")}`;
  const names = commands.map((command) => command.name).join(" ");
  const flagsOf = commands.map((command) => row(command.name, `words="${wordsOf(command.options)}"`));
  const argumentsOf = commands.flatMap(({ name: command, takes }) => (takes ? [row(command, settingOf(takes))] : []));
  const values = commands.flatMap((command) => command.options.flatMap((flag) => valueRow(command.name, flag)));
  return `# Completion of ${name} for bash:
#   source <(${name} completion bash)
${own}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="" option="" word
  local of words list
  # bash takes the = of --option=value for a word.
  [[ $current == "=" ]] && current=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      # What comes after it is another command's.
      --) return ;;
      =) ;;
      -*) ${own}_value "$command" "$word" && option="$word" || option="" ;;
      *)
        if [[ -n $option ]]; then
          [[ -n $list ]] || option=""
        elif [[ -z $command ]]; then
          command="$word"
        fi
        ;;
    esac
  done
  of="words" words=""
  if [[ $current == -* && ( -z $option || -n $list ) ]]; then
    case "$command" in
${flagsOf.join("")}\
      *) words="${wordsOf(options)}" ;;
    esac
  elif [[ -n $option ]]; then
    ${own}_value "$command" "$option"
  else
    case "$command" in
      "" | help) words="${names}" ;;
${argumentsOf.join("")}\
    esac
  fi
  case "$of" in
    files) ;;
    folders) compopt +o default -o dirnames 2>/dev/null ;;
    stacks) words="$(${listStacks})" ;;
  esac
  [[ $of == files || $of == folders ]] && return
  compopt +o default 2>/dev/null
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}

# Says what an option takes, and fails if it takes nothing.
${own}_value() {
  list="" words=""
  case "$1 $2" in
${values.join("")}\
    *) return 1 ;;
  esac
}

complete -o default -F ${own} ${name}
`;
}

const row = (pattern: string, command: string): string => `      ${pattern}) ${command} ;;\n`;

const valueRow = (command: string, { long, value }: Flag): string[] =>
  value === undefined ? [] : [`    "${command} ${long}") ${settingOf(value)} ;;\n`];

const settingOf = ({ of, words, isList }: Value): string =>
  [`of="${of}"`, ...(words.length > 0 ? [`words="${words.join(" ")}"`] : []), ...(isList ? ['list="yes"'] : [])].join(
    " ",
  );

const wordsOf = (options: readonly Flag[]): string =>
  options.flatMap(({ long, short }) => (short === undefined ? [long] : [short, long])).join(" ");
