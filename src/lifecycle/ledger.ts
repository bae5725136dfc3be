import { readFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import type { Guarantor } from "./debts.ts";

/** How the provider's process reports debts to the program's process: in a file that the program names and removes. */
export type Ledger = Pick<Guarantor, "owe" | "settle">;

type Entry = Parameters<Ledger["owe"]>[0];

export function ledgerAt(file: string): Ledger {
  const write = (line: object): Promise<void> => appendFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  return {
    owe: (entry) => write({ owed: entry }),
    settle: (nonce) => write({ settled: nonce }),
  };
}

function entryIn(line: string): { owed?: Entry; settled?: string } {
  try {
    return JSON.parse(line) as ReturnType<typeof entryIn>;
  } catch {
    // A full disk has cut the line short. The debt stays open.
    return {};
  }
}

/** The debts in the ledger that are not settled, by nonce. */
export function openDebts(file: string): Map<string, Entry> {
  const open = new Map<string, Entry>();
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const { owed, settled } = entryIn(line);
    if (owed) open.set(owed.nonce, owed);
    if (settled) open.delete(settled);
  }
  return open;
}
