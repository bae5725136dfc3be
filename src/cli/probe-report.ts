import type { Answer, Probed } from "../probe/probe.ts";
import { visible } from "../text/visible.ts";
import { table } from "./table.ts";

/** What is known of a run of the probe besides its answers. */
export interface Run {
  readonly environment: string;
  /** ISO 8601. */
  readonly at: string;
  /** The command that removes what is left. */
  readonly cleaning: string;
  /** What the emulator does by default. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** What goes into semantics.json: the emulator's switches, and each answer with its requests and responses. */
export const probedFile = ({ prefix, organizations, semantics, answers, left }: Probed, { environment, at }: Run) => ({
  probed: { environment, at, prefix, organizations },
  semantics,
  answers: answers.map(({ name, asks, verdict, exchanges }) => ({ name, asks, ...verdict, exchanges })),
  left,
});

/** For a person. */
export function report(probed: Probed, run: Run, file: string | undefined): string {
  const { answers, left, organizations, isInterrupted, semantics } = probed;
  const rows = (kinds: readonly Answer["verdict"]["kind"][]) =>
    answers.filter(({ verdict }) => kinds.includes(verdict.kind));
  const switches = rows(["answered"]);
  const others = Object.entries(semantics).filter(([name, value]) => differs(value, run.defaults[name]));
  const parts = [
    `How ${run.environment} behaves where Scalekit's documents leave it open, asked on ${organizations} organizations of its own:\n`,
    switches.length === 0
      ? ""
      : table(
          ["SWITCH", "IS", ""],
          switches.map(({ name, verdict }) => [name, "value" in verdict ? inShort(verdict.value) : "", verdict.says]),
        ),
    section("Answers that set no switch:", rows(["seen"])),
    section("What the emulator cannot play, and its maintainers would like to know:", rows(["unlike"])),
    section("Not answered:", rows(["unanswered"])),
    section("Not tried:", rows(["untried"])),
    others.length === 0 ? "" : `\nUnlike the emulator's defaults: ${others.map(([name]) => name).join(", ")}.\n`,
    "\n",
    isInterrupted ? "Interrupted: the other questions were not asked, and nothing was written.\n" : "",
    file === undefined
      ? ""
      : `Wrote ${file}, with requests and responses. To play it: pulumi-scalekit emulator --semantics ${file}\n`,
    left.length > 0 ? remains(probed, run) : "Everything that was made is deleted again.\n",
  ];
  return parts.join("");
}

/** What could not be deleted, and what to do. */
export const remains = ({ left }: Pick<Probed, "left">, { cleaning }: Pick<Run, "cleaning">): string =>
  `Some of what was made could not be deleted:\n${left.map(({ what, why }) => `  ${visible(what)}: ${visible(why)}\n`).join("")}` +
  `Delete it later:  ${cleaning}\n`;

function section(heading: string, answers: readonly Answer[]): string {
  if (answers.length === 0) return "";
  return `\n${heading}\n${answers.map(({ name, verdict }) => `  ${name}: ${visible(verdict.says)}\n`).join("")}`;
}

function inShort(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `${name} ${inner}`)
    .join(", ");
}

/** Whether a switch is set to another value than by default, as far as it is known. */
function differs(found: unknown, usual: unknown): boolean {
  if (typeof found !== "object" || found === null) return found !== usual;
  if (typeof usual !== "object" || usual === null) return true;
  return Object.entries(found).some(([name, value]) => value !== (usual as Record<string, unknown>)[name]);
}
