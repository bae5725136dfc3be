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

/** What one line says of one remote object besides that: see journal-marks.ts. An id alone is not one: a setting has its organization's. */
export type Mark =
  | { readonly displaced: string; readonly kind: string; readonly over?: true }
  | { readonly paid: string; readonly over?: true }
  | Parked;

export interface Parked {
  readonly parked: string;
  readonly kind: string;
  /** A hash of the URN of the resource that it goes for. */
  readonly resource?: string;
  /** What is there in its place. */
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
  const { nonce, displaced, paid, parked, saved, kind } = value as Record<string, unknown>;
  if (typeof nonce === "string" || typeof paid === "string") return true;
  if (typeof kind !== "string") return false;
  if (Array.isArray(saved)) return saved.every((id) => typeof id === "string");
  return typeof displaced === "string" || typeof parked === "string";
}
