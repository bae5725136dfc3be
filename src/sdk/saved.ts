import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { isSavedAtEndOnly } from "../config/engine-variables.ts";
import { journalPath } from "../config/paths.ts";
import { readPlace } from "../lifecycle/journal-place.ts";
import { type JournalTail, journalTail } from "../lifecycle/journal-tail.ts";
import type { Stack } from "../provider/connection.ts";
import { inlineRun } from "./inline.ts";

/**
 * Notes in the stack's journal what this program's run has saved in the state.
 *
 * The engine answers a registration after it has saved the resource, and only to the program: the provider never learns of
 * it. Without this note a create that was saved looks like one that a kill has cut off, and once the state has forgotten the
 * resource (`pulumi state delete`, `retainOnDelete`, another state of the same name), a later create would take the object over.
 */
export function noteOnceSaved(resource: pulumi.CustomResource, resourceType: string, origin: Stack): void {
  const run = runNow();
  // With checkpoints skipped, the state is saved at the end, and no answer says so. An inline program then gets no journal.
  if (run.place === undefined && isSavedAtEndOnly()) return;
  run.origin ??= origin;
  // The promise itself, since an `apply` would cost each resource some of the SDK's bookkeeping. Previews tell no id.
  const { promise } = resource.id as unknown as { promise?: () => Promise<string | undefined> };
  void promise?.().then(
    (id) => typeof id === "string" && id !== "" && take(run, resourceType, id),
    () => {},
  );
}

/** The file in which the provider says where its journal is, for a program that may have another environment than the engine. */
export function placeAsked(): string | undefined {
  return pulumi.runtime.isDryRun() ? undefined : runNow().place;
}

interface Run {
  readonly place?: string;
  origin?: Stack;
  tail?: JournalTail | undefined;
  /** What was saved and is not noted yet. */
  readonly ids: Map<string, Set<string>>;
  isComing: boolean;
}

const newRun = (place?: string): Run => ({ ...(place !== undefined && { place }), ids: new Map(), isComing: false });
const ownRun = newRun();
const inlineRuns = new WeakMap<object, Run>();

function runNow(): Run {
  const inline = inlineRun();
  if (inline === undefined) return ownRun;
  const known = inlineRuns.get(inline);
  if (known !== undefined) return known;
  const place = join(tmpdir(), `pulumi-scalekit-${randomUUID()}.journal`);
  const run = newRun(place);
  inlineRuns.set(inline, run);
  // A run that fails may save nothing, and then nobody reads it.
  if (!isClearing) process.once("exit", clear);
  isClearing = true;
  unread.add(place);
  return run;
}

const unread = new Set<string>();
let isClearing = false;

function clear(): void {
  for (const place of unread) rmSync(place, { force: true });
}

function take(run: Run, resourceType: string, id: string): void {
  run.ids.set(resourceType, (run.ids.get(resourceType) ?? new Set()).add(id));
  if (run.isComing) return;
  run.isComing = true;
  // With those that come at the same moment, and no later: the engine kills the program as soon as one resource fails.
  setImmediate(() => {
    run.isComing = false;
    run.tail ??= tailOf(run);
    run.tail?.noteSaved(run.ids);
    run.ids.clear();
  });
}

function tailOf({ origin, place }: Run): JournalTail | undefined {
  if (place === undefined) return origin && journalTail(journalPath(origin.stack, origin.project));
  const journal = readPlace(place);
  rmSync(place, { force: true });
  unread.delete(place);
  return journal === undefined ? undefined : journalTail(journal);
}
