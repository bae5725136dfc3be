import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { stillTaken } from "../lifecycle/debts.ts";
import { openDebts } from "../lifecycle/ledger.ts";
import { type Notes, notesKey } from "../lifecycle/state.ts";
import { withHeadline } from "../text/headline.ts";
import { inlineRun } from "./inline.ts";

/**
 * Fails a run in which an object does not have its key by the end of the program.
 *
 * An update cannot wait for the key's holder, since the engine may start the holder only after the update. So the update leaves the
 * key out, and the provider gives it later, when the holder gives it up. Only the end of the program shows whether that
 * happened, because the provider never knows which call is the last.
 */
export function newGuarantee(): Guarantee | undefined {
  if (pulumi.runtime.isDryRun() || !isWholeProcess()) return undefined;
  declared++;
  return shared;
}

/** What the provider gets: the file for its debts, and how many of these resources the program has so far. */
export interface Guarantee {
  readonly ledger: string;
  readonly among: number;
}

/** Watches a resource whose notes may name a debt. */
export function look(resource: pulumi.CustomResource): void {
  // The promise itself, since an `apply` would cost each resource some of the SDK's bookkeeping.
  const { [notesKey]: notes } = resource as unknown as { [notesKey]: { promise?: () => Promise<Notes | undefined> } };
  void notes.promise?.().then(
    (known) => {
      const nonce = known?.owed;
      if (nonce === undefined) return;
      if (owing.size === 0) process.once("beforeExit", judge);
      owing.set(nonce, resource);
    },
    () => {},
  );
}

const ledger = join(tmpdir(), `pulumi-scalekit-${randomUUID()}.jsonl`);
const owing = new Map<string, pulumi.Resource>();
let declared = 0;

const shared: Guarantee = {
  ledger,
  // Read when the arguments are sent, which is after the program has declared all that it does not wait for.
  get among() {
    return declared;
  },
};

function judge(): void {
  const unpaid = readLedger();
  for (const [nonce, resource] of owing) {
    for (const debt of unpaid.get(nonce) ?? []) {
      // The SDK fails the program for an unhandled rejection, and goes on to the next.
      void Promise.reject(new pulumi.ResourceError(withHeadline(stillTaken(debt)), resource, true));
    }
  }
  owing.clear();
  rmSync(ledger, { force: true });
}

function readLedger(): ReturnType<typeof openDebts> {
  try {
    return openDebts(ledger);
  } catch {
    // This run has no debts: the states name those of an earlier one.
    return new Map();
  }
}

/**
 * Whether this process is a program of the CLI, which ends with the program. A program that the Automation API runs inside another
 * process, or a component's, does not learn of its end.
 */
function isWholeProcess(): boolean {
  return /[\\/]cmd[\\/]run([\\/]index(\.js)?)?$/.test(process.argv[1] ?? "") && inlineRun() === undefined;
}
