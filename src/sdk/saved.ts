import { appendFileSync, lstatSync, readFileSync } from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import { isSavedAtEndOnly, journalPath } from "../config.ts";
import { openAmong } from "../lifecycle/journal-line.ts";
import type { Stack } from "../provider/connection.ts";

/**
 * Notes in the stack's journal what this program's run has saved in the state.
 *
 * The engine answers a registration after it has saved the resource, and only to the program: the provider never learns of
 * it. Without this note a create that was saved looks like one that a kill has cut off, and once the state has forgotten the
 * resource (`pulumi state delete`, `retainOnDelete`, another state of the same name) a later create would take it over.
 */
export function noteOnceSaved(resource: pulumi.CustomResource, kind: string, origin: Stack): void {
  // Checkpoints that are skipped are saved at the end, which no answer tells.
  if (isSavedAtEndOnly()) return;
  // The promise itself, since an `apply` would cost each resource some of the SDK's bookkeeping. Previews tell no id.
  const { promise } = resource.id as unknown as { promise?: () => Promise<string | undefined> };
  void promise?.().then(
    (id) => typeof id === "string" && id !== "" && take(id, kind, origin),
    () => {},
  );
}

interface Noted {
  readonly origin: Stack;
  readonly ids: Map<string, Set<string>>;
}
/** What was saved and is not noted yet, by stack: a program of the Automation API may run several. */
const waiting = new Map<string, Noted>();
let timer: NodeJS.Timeout | undefined;

function take(id: string, kind: string, origin: Noted["origin"]): void {
  if (waiting.size === 0) process.once("exit", flush);
  const noted = waiting.get(origin.stack) ?? { origin, ids: new Map() };
  waiting.set(origin.stack, noted);
  noted.ids.set(kind, (noted.ids.get(kind) ?? new Set()).add(id));
  // The process's end writes what is left, but it may be killed, or serve many runs.
  timer ??= setTimeout(flush, pause);
  timer.unref?.();
}

/** Milliseconds in which what was saved is gathered: each note looks through the journal. */
const pause = 5000;

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  process.removeListener("exit", flush);
  for (const { origin, ids } of waiting.values()) note(journalPath(origin.stack, origin.project), ids);
  waiting.clear();
}

/** Only what the journal has open is written: a run that changes nothing leaves it alone. */
function note(file: string, ids: Noted["ids"]): void {
  try {
    // A pipe would never be read to its end.
    if (!lstatSync(file).isFile()) return;
    const lines = openAmong(readFileSync(file, "utf8").split("\n"), ids);
    if (lines.length > 0) appendFileSync(file, lines.map((line) => `\n${JSON.stringify(line)}`).join(""));
  } catch {
    // No journal, or none that can be written: the next run learns from the state what was saved.
  }
}
