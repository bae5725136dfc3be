import { ScalekitError } from "../../errors.ts";

/** What a question came to. `says` is a sentence for a person. */
export type Verdict =
  /** What the emulator's switch of the question's name is set to, to do the same. */
  | { readonly kind: "answered"; readonly value: unknown; readonly says: string }
  /** No switch is about it, or it makes no difference beside another answer. */
  | { readonly kind: "seen"; readonly says: string }
  /** The environment does what no switch of the emulator plays. */
  | { readonly kind: "unlike"; readonly says: string }
  | { readonly kind: "unanswered"; readonly says: string }
  /** Nobody has asked for it. */
  | { readonly kind: "untried"; readonly says: string };

export const answered = (value: unknown, says: string): Verdict => ({ kind: "answered", value, says });
export const seen = (says: string): Verdict => ({ kind: "seen", says });
export const unlike = (says: string): Verdict => ({ kind: "unlike", says });

/** Thrown where a question has no answer, for a reason that the message tells. The next question may have one. */
export class Unanswered extends ScalekitError {}

/** Thrown by whatever is being asked when the user has had enough. */
export class Interrupted extends ScalekitError {}
