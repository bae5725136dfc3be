import { randomUUID } from "node:crypto";

/** A key that an update leaves for later in the same run, until its holder has a new one. */
export interface Debt {
  readonly nonce: string;
  /** The object that gets the key. */
  readonly id: string;
  /** The same object, as the subject of a sentence. */
  readonly subject: string;
  readonly key: string;
  readonly holder: string;
}

/** Fails a run that ends with open debts. No update can do that, since it does not know whether it is the last. */
export interface Guarantor {
  /** Whether the program has resources that the engine has not reached. */
  isMoreToCome(): boolean;
  /** Throws if the debt cannot be recorded. */
  owe(debt: Omit<Debt, "key">): Promise<void>;
  settle(nonce: string): Promise<void>;
}

/** The error of an update whose key belongs to another object. */
export const stillTaken = ({ subject, holder }: Pick<Debt, "subject" | "holder">): string =>
  `Could not update ${subject}: its new external ID belongs to ${holder}, and an external ID is unique in ` +
  `an environment. This run does not give ${holder} another one: its resource keeps it, was left out by \`--target\` or ` +
  "`--exclude`, or is not in this program. Run `pulumi up` for both, or give one of the two another external ID.";

export function newDebts() {
  const open = new Map<string, { readonly debt: Debt; readonly guarantor: Guarantor }>();
  let any = false;

  return {
    /** Nothing if the engine has reached all resources of the program, because then the holder will not follow. */
    async owe(what: Omit<Debt, "nonce">, guarantor: Guarantor | undefined): Promise<Debt | undefined> {
      // After the first debt, all are reported together at the end. An error now would end the run without the others.
      if (guarantor === undefined || !(any || guarantor.isMoreToCome())) return undefined;
      const debt = { ...what, nonce: randomUUID().slice(0, 8) };
      try {
        const { key: _, ...entry } = debt;
        await guarantor.owe(entry);
      } catch {
        return undefined;
      }
      any = true;
      open.set(debt.nonce, { debt, guarantor });
      return debt;
    },
    cancel: ({ nonce }: Debt): void => void open.delete(nonce),
    heldBy: (holder: string): Debt[] =>
      [...open.values()].map(({ debt }) => debt).filter((debt) => debt.holder === holder),
    async settle({ nonce }: Debt): Promise<void> {
      const guarantor = open.get(nonce)?.guarantor;
      open.delete(nonce);
      await guarantor?.settle(nonce);
    },
  };
}
