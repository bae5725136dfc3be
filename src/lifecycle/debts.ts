import { randomUUID } from "node:crypto";
import { aKeyInWords, keyInWords, scopeOf } from "../definitions/definition.ts";

/** A key that an update leaves for later in the same run, until its holder has a new one. */
export interface Debt {
  /** All debts of one update have one nonce, under which the state names them. */
  readonly nonce: string;
  /** The object that gets the key. */
  readonly id: string;
  /** The same object, as the subject of a sentence. */
  readonly subject: string;
  readonly field: string;
  readonly key: string;
  readonly holder: string;
}

/** Fails a run that ends with open debts. No update can do that, since it does not know whether it is the last. */
export interface Guarantor {
  /** Whether the program has resources that the engine has not reached. */
  isMoreToCome(): boolean;
  /** Throws if the debt cannot be recorded. */
  owe(debt: Owed): Promise<void>;
  settle(debt: Pick<Debt, "nonce" | "field">): Promise<void>;
}

/** What is recorded of a debt, and that is not the key: it may be a secret. */
export type Owed = Omit<Debt, "key">;

/** The error of an update whose key belongs to another object. */
export const stillTaken = ({ subject, field, holder }: Omit<Owed, "nonce" | "id">): string =>
  `Could not update ${subject}: its new ${keyInWords([field])} belongs to ${holder}, and ${aKeyInWords([field])} is unique in ` +
  `${scopeOf([field])}. This run does not give ${holder} another one: its resource keeps it, was left out by \`--target\` or ` +
  `\`--exclude\`, or is not in this program. Run \`pulumi up\` for both, or give one of the two another ${keyInWords([field])}.`;

export function newDebts() {
  const open = new Map<Debt, Guarantor>();
  let any = false;

  return {
    /** Nothing if the engine has reached all resources of the program, because then the holders will not follow. */
    async owe(
      what: readonly Omit<Debt, "nonce">[],
      guarantor: Guarantor | undefined,
    ): Promise<readonly Debt[] | undefined> {
      // After the first debt, all are reported together at the end. An error now would end the run without the others.
      if (guarantor === undefined || !(any || guarantor.isMoreToCome())) return undefined;
      const nonce = randomUUID().slice(0, 8);
      const debts = what.map((each) => ({ ...each, nonce }));
      try {
        for (const { key: _, ...entry } of debts) await guarantor.owe(entry);
      } catch {
        return undefined;
      }
      any = true;
      for (const debt of debts) open.set(debt, guarantor);
      return debts;
    },
    cancel(debts: readonly Debt[]): void {
      for (const debt of debts) open.delete(debt);
    },
    heldBy: (holder: string, field: string): Debt[] =>
      [...open.keys()].filter((debt) => debt.holder === holder && debt.field === field),
    /** Whether no other debt of the same update is open. */
    isLast: ({ nonce }: Debt): boolean => [...open.keys()].filter((debt) => debt.nonce === nonce).length === 1,
    async settle(debt: Debt): Promise<void> {
      const guarantor = open.get(debt);
      open.delete(debt);
      await guarantor?.settle(debt);
    },
  };
}
