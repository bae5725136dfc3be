import { keyInWords } from "../../src/definitions/definition.ts";
import type { Guarantor } from "../../src/lifecycle/debts.ts";

/** A program that has more organizations than the engine has come to, and what was left for later by it. */
export function newProgram() {
  const open = new Map<string, string>();
  const program: Guarantor & { more: boolean; readonly open: typeof open } = {
    more: true,
    open,
    isMoreToCome: () => program.more,
    owe: async ({ nonce, field, id, holder }) => {
      open.set(`${nonce} ${field}`, `the ${keyInWords([field])} of ${id} from ${holder}`);
    },
    settle: async ({ nonce, field }) => void open.delete(`${nonce} ${field}`),
  };
  return program;
}
