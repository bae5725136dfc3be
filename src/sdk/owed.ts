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
 * Who fails a run in which an organization has not got its external ID by the end of the program.
 *
 * An update cannot wait for the external ID's holder, since the engine may not come to that one before the update is
 * done. So the update is done without, and the provider makes up for it when the holder lets go. Whether it does, only
 * the end of the program tells: no call of the engine to the provider need be the last.
 */
export function newGuarantee(): Guarantee | undefined {
  if (pulumi.runtime.isDryRun() || !isWholeProcess()) return undefined;
  declared++;
  return shared;
}

/** What the provider is told: where to write down what it owes, and how many organizations the program has so far. */
export interface Guarantee {
  readonly ledger: string;
  readonly among: number;
}

/** Looks after a resource whose notes may say that it is owed a key. */
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
    const debt = unpaid.get(nonce);
    if (debt === undefined) continue;
    // The SDK fails the program for a promise that is rejected and nobody's, and goes on to the next.
    void Promise.reject(new pulumi.ResourceError(withHeadline(stillTaken(debt)), resource, true));
  }
  owing.clear();
  rmSync(ledger, { force: true });
}

function readLedger(): ReturnType<typeof openDebts> {
  try {
    return openDebts(ledger);
  } catch {
    // Nothing was left for later in this run: the states speak of an earlier one.
    return new Map();
  }
}

/**
 * Whether this process is a program of the CLI's, which ends when the program does. A program that the Automation API runs
 * inside another, or a component's, has no end that it is told of.
 */
function isWholeProcess(): boolean {
  return /[\\/]cmd[\\/]run([\\/]index(\.js)?)?$/.test(process.argv[1] ?? "") && inlineRun() === undefined;
}
