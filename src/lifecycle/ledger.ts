import { readFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import type { Guarantor, Owed } from "./debts.ts";

/** How the provider's process reports debts to the program's process: in a file that the program names and removes. */
export type Ledger = Pick<Guarantor, "owe" | "settle">;

export function ledgerAt(file: string): Ledger {
  const write = (line: object): Promise<void> => appendFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  return {
    owe: (entry) => write({ owed: entry }),
    settle: ({ nonce, field }) => write({ settled: nonce, field }),
  };
}

function entryIn(line: string): { owed?: Owed; settled?: string; field?: string } {
  try {
    return JSON.parse(line) as ReturnType<typeof entryIn>;
  } catch {
    // A full disk has cut the line short. The debt stays open.
    return {};
  }
}

/** The debts in the ledger that are not settled, by nonce. */
export function openDebts(file: string): Map<string, readonly Owed[]> {
  const open = new Map<string, readonly Owed[]>();
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const { owed, settled, field } = entryIn(line);
    if (owed) open.set(owed.nonce, [...(open.get(owed.nonce) ?? []), owed]);
    if (settled)
      open.set(
        settled,
        (open.get(settled) ?? []).filter((debt) => debt.field !== field),
      );
  }
  return open;
}
