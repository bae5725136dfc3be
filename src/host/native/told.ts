import type { Values } from "../../definitions/definition.ts";
import type { Guarantee } from "../../provider/declared.ts";

/** What the TypeScript classes tell besides the arguments, for it is in no request: see sdk/native-resource.ts. */
export interface Told {
  readonly guarantee?: Guarantee;
  readonly isPreview?: boolean;
  /** The file in which the provider writes its journal's path: see sdk/saved.ts. */
  readonly journalIn?: string;
}

/** Check gives back only what is declared, and so the rest never comes into a state. */
export function toldIn(news: Values): { readonly told: Told; readonly declared: Values } {
  const { __origin, ...declared } = news;
  return { told: (__origin ?? {}) as Told, declared };
}
