import type { Intent } from "./intents.ts";

/** What one line of a journal says. */
export type Line =
  | Intent
  /** What `nonce` asked for made nothing, or the engine knows what it made. */
  | { readonly nonce: string; readonly over: true }
  /** The engine knew what `nonce` made, and was then told that it is gone. */
  | { readonly nonce: string; readonly lost: true }
  /** The engine has saved these in the state; those of one class. */
  | { readonly saved: readonly string[]; readonly kind: string }
  | Mark;

/** What one line says of one organization besides that: see journal-marks.ts. */
export type Mark =
  | { readonly displaced: string; readonly over?: true }
  | { readonly paid: string; readonly over?: true }
  | Parked;

export interface Parked {
  readonly parked: string;
  readonly key?: string;
  readonly by?: string;
  readonly refused?: true;
  readonly over?: true;
}

/**
 * A line, or nothing where a crash has cut it short or it is none: before a request that means that nothing was sent, after
 * one that its end is not known.
 */
export function parseLine(line: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isLine(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isLine(value: unknown): value is Line {
  if (typeof value !== "object" || value === null) return false;
  const { nonce, displaced, paid, parked, saved } = value as Record<string, unknown>;
  if (Array.isArray(saved)) return saved.every((id) => typeof id === "string");
  return [nonce, displaced, paid, parked].some((name) => typeof name === "string");
}
