import type { Values } from "../../definitions/definition.ts";
import type { Guarantee } from "../../provider/declared.ts";

/** What the TypeScript classes add to the arguments, since no request of the engine holds it: see sdk/native-properties.ts. */
export interface Origin {
  readonly guarantee?: Guarantee;
  readonly isPreview?: boolean;
  /** The file in which the provider writes its journal's path: see sdk/saved.ts. */
  readonly journalIn?: string;
}

/** Separates the origin from what the program declares. Check returns only the latter, so the origin never reaches a state. */
export function originIn(news: Values): { readonly origin: Origin; readonly declared: Values } {
  const { __origin, ...declared } = news;
  return { origin: (__origin ?? {}) as Origin, declared };
}
