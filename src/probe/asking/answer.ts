import { ScalekitError } from "../../errors.ts";

/** What a question came to. `says` is a sentence for a person. */
export type Verdict =
  /** The value of the emulator's switch by the question's name, with which the emulator does the same. */
  | { readonly kind: "answered"; readonly value: unknown; readonly says: string }
  /** The emulator has no switch for it, or another answer makes it irrelevant. */
  | { readonly kind: "seen"; readonly says: string }
  /** The environment does what no switch of the emulator plays. */
  | { readonly kind: "unlike"; readonly says: string }
  | { readonly kind: "unanswered"; readonly says: string }
  /** Nobody has asked for it. */
  | { readonly kind: "untried"; readonly says: string };

export const answered = (value: unknown, says: string): Verdict => ({ kind: "answered", value, says });
export const seen = (says: string): Verdict => ({ kind: "seen", says });
export const unlike = (says: string): Verdict => ({ kind: "unlike", says });

/** Thrown if a question has no answer; the message says why. The next question may have one. */
export class Unanswered extends ScalekitError {}

/** Thrown by whatever is being asked when the user has had enough. */
export class Interrupted extends ScalekitError {}
