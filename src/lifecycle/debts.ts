import { randomUUID } from "node:crypto";

/** A key that an update has left for later in the same run, until its holder has its own. */
export interface Debt {
  readonly nonce: string;
  /** The one that gets it. */
  readonly id: string;
  /** It, in a sentence. */
  readonly subject: string;
  readonly key: string;
  readonly holder: string;
}

/** Who sees to it, when the program has ended, that a run with debts fails: no update can, since it may not be the last. */
export interface Guarantor {
  /** Whether the program has resources that the engine has not come to. */
  isMoreToCome(): boolean;
  /** Throws if nobody would learn of it. */
  owe(debt: Omit<Debt, "key">): Promise<void>;
  settle(nonce: string): Promise<void>;
}

/** What an update says whose key is another one's. */
export const stillTaken = ({ subject, holder }: Pick<Debt, "subject" | "holder">): string =>
  `Could not update ${subject}: its new external ID belongs to ${holder}, and an external ID is unique in ` +
  `an environment. This run does not give ${holder} another one: its resource keeps it, was left out by \`--target\` or ` +
  "`--exclude`, or is not in this program. Run `pulumi up` for both, or give one of the two another external ID.";

export function newDebts() {
  const open = new Map<string, { readonly debt: Debt; readonly guarantor: Guarantor }>();
  let any = false;

  return {
    /** Nothing where the engine has come to all that the program has: then the holder will not come. */
    async owe(what: Omit<Debt, "nonce">, guarantor: Guarantor | undefined): Promise<Debt | undefined> {
      // Once there is one, all are told of together, at the end: an error now would end the run without the others.
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
