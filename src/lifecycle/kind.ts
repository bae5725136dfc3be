import type { Intent, Wish } from "./intents.ts";
import { hash } from "./journal.ts";

/** What the making of things has to know of one kind of them. */
export interface Kind<Args, Live extends { readonly id: string }> {
  /** What tells its ids from those of other kinds in a journal. */
  readonly name?: string;
  /** As it follows "could not create the": "organization". */
  readonly noun: string;
  /** What only one of them can have, and where, in words, if there is any such thing: "external ID", "an environment". */
  readonly unique: { readonly key: string; readonly where: string } | undefined;
  keyOf(one: Args | Live): string | undefined;
  /** Fields of `args` that not every create sets. */
  alsoIn(args: Args): readonly string[];
  /** All that a create sets, in one text; the fields of `also` only if they are among them. */
  textOf(one: Args | Live, also: readonly string[]): string;
  isAdopting(args: Args): boolean;
  /** Whether no program can take over `live`. */
  isReserved?(live: Live): boolean;
  /** Whether the API tells when one was made. */
  readonly tellsTime: boolean;
  /** RFC 3339, or nothing where the API does not tell it. */
  createdAt(live: Live): string | undefined;
  /** As it follows "belongs to": "org_1". */
  called(live: Live): string;

  /** Is not sent again once it may have arrived; `beforeSend` is run each time before it leaves. */
  post(args: Args, beforeSend: () => Promise<void>): Promise<Live>;
  get(id: string): Promise<Live | undefined>;
  /** The one that has the key of `args`. */
  holderOf(args: Args): Promise<Live | undefined>;
  /** All that may be what `args` asked for. */
  list(args: Args): AsyncIterable<Live>;
  /** Has `holder` let go of the key of `args`. False if it is to keep it, as far as this run knows. */
  release(holder: Live, args: Args): Promise<boolean>;
  /** Why it cannot be proved that `found` was made by this stack, and how to take it over if it was. */
  importing?(found: Live | undefined): { readonly why: string; readonly how: string; readonly otherwise?: string };
  /** One that this stack has made and not saved, as it is to be saved now. Throws where it cannot become what `args` say. */
  retake?(live: Live, args: Args): Promise<Live>;
}

type Known<Args, Live extends { readonly id: string }> = Pick<
  Kind<Args, Live>,
  "name" | "keyOf" | "alsoIn" | "textOf" | "unique"
>;

/** What a create of `args` asks for. */
export function wishOf<Args, Live extends { readonly id: string }>(kind: Known<Args, Live>, args: Args): Wish {
  const also = kind.alsoIn(args);
  const name = nameOf(kind, args);
  return {
    ...(kind.name !== undefined && { kind: kind.name }),
    ...(name !== undefined && { name }),
    content: hash(kind.textOf(args, also)),
    ...(also.length > 0 && { also }),
  };
}

/** A hash for the key that it is to have. */
export function nameOf<Args, Live extends { readonly id: string }>(
  kind: Known<Args, Live>,
  one: Args | Live,
): string | undefined {
  const key = kind.keyOf(one);
  return key === undefined ? undefined : hash(kind.unique?.key ?? "", key);
}

/** Whether `live` is in every field what `intent` asked for. What it did not ask for, a server may have made up. */
export const isAsIntended = <Args, Live extends { readonly id: string }>(
  kind: Known<Args, Live>,
  live: Live,
  { content, also = [] }: Intent,
): boolean => hash(kind.textOf(live, also)) === content;
