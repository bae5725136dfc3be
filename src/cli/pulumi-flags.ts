/** A flag of Pulumi's by its whole name, however it was written. */
export interface Flag {
  readonly name: string;
  readonly value?: string;
}

/**
 * The flags in arguments for `pulumi up` or `pulumi preview`, read as Pulumi reads them: several short flags may share
 * a hyphen, and a value may stand in the same word or in the next.
 */
export function readFlags(args: readonly string[]): { flags: readonly Flag[]; words: readonly string[] } {
  const flags: Flag[] = [];
  const words: string[] = [];
  const rest = [...args];
  const found = (name: string, inline: string | undefined) => {
    const value = inline ?? (takingValue.has(name) ? rest.shift() : undefined);
    flags.push({ name, ...(value !== undefined && { value }) });
  };
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--") for (const word of rest.splice(0)) words.push(word);
    else if (arg.startsWith("--")) {
      const [name = "", ...value] = arg.slice(2).split("=");
      found(name, value.length > 0 ? value.join("=") : undefined);
    } else if (arg.startsWith("-") && arg !== "-") readShort(arg.slice(1), found);
    else words.push(arg);
  }
  return { flags, words };
}

function readShort(letters: string, found: (name: string, inline: string | undefined) => void): void {
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? "";
    const name = short.get(letter) ?? letter;
    const more = letters.slice(at + 1);
    const inline = more.startsWith("=") ? more.slice(1) : takingValue.has(name) && more !== "" ? more : undefined;
    found(name, inline);
    if (inline !== undefined) return;
  }
}

/** Whether a switch is on among these, as the last word on it says. */
export function isOn(flags: readonly Flag[], name: string): boolean {
  const last = flags.findLast((flag) => flag.name === name);
  return last !== undefined && (last.value === undefined || /^(1|t|true)$/i.test(last.value));
}

/**
 * The flags that do not change the stack, the program or the configuration of `pulumi up`. A flag that is not here
 * might, one of a later Pulumi too.
 */
export const harmless: ReadonlySet<string> = new Set(
  `attach-debugger color continue-on-error copilot debug diff disable-integrity-checking emoji event-log exclude
  exclude-dependents exec-agent exec-kind expect-no-changes fully-qualify-stack-names help ignore-protect json logflow
  logtostderr memprofilerate message neo neo-task-on-failure non-interactive otel-traces output parallel plan policy-pack
  policy-pack-config profiling refresh replace run-program show-config show-full-output show-policy-remediations show-reads
  show-replacement-steps show-sames show-secrets skip-config-validation skip-plugin-pre-install skip-preview strict
  suppress-outputs suppress-permalink suppress-progress target target-dependents target-replace tracing tracing-header urns
  verbose yes`.split(/\s+/),
);

/** The flags of `up` and `preview` whose value may be the next word. */
const takingValue = new Set(
  `client color config config-file cwd event-log exclude exec-agent exec-kind import-file memprofilerate message
  otel-traces output override-env parallel plan policy-pack policy-pack-config profiling replace save-plan secrets-provider
  stack target target-replace tracing tracing-header verbose`.split(/\s+/),
);

const short = new Map([
  ["C", "cwd"],
  ["Q", "fully-qualify-stack-names"],
  ["c", "config"],
  ["d", "debug"],
  ["e", "emoji"],
  ["f", "skip-preview"],
  ["h", "help"],
  ["j", "json"],
  ["m", "message"],
  ["p", "parallel"],
  ["r", "refresh"],
  ["s", "stack"],
  ["t", "target"],
  ["v", "verbose"],
  ["x", "exclude"],
  ["y", "yes"],
]);
