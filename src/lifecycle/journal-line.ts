import type { Intent } from "./intents.ts";

/** What one line of a journal says. */
export type Line =
  | Intent
  /** The request `nonce` created nothing, or the engine knows what it created. */
  | { readonly nonce: string; readonly over: true }
  /** The engine knew what `nonce` created, and a refresh then reported it as gone. */
  | { readonly nonce: string; readonly lost: true }
  /** The engine has saved these objects of one class in the state. */
  | { readonly saved: readonly string[]; readonly kind: string }
  | Mark;

/** What one line says of one remote object besides that: see journal-marks.ts. An id alone is not one: a setting has its organization's. */
export type Mark =
  | { readonly displaced: string; readonly kind: string; readonly over?: true }
  | { readonly paid: string; readonly over?: true }
  | Held
  | Parked;

/** A resource has taken over an object that another one may still have in the state. */
export interface Held {
  readonly held: string;
  readonly kind: string;
  /** The resource's claim: see claims.ts. */
  readonly claim?: string;
  readonly at?: number;
  readonly over?: true;
}

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
 * A line, or nothing if a crash has cut it short or it is not a line. Before a request that means that nothing was sent; after
 * a request it means that its outcome is unknown.
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
  const { nonce, displaced, paid, parked, held, saved, kind } = value as Record<string, unknown>;
  if (typeof nonce === "string" || typeof paid === "string") return true;
  if (typeof kind !== "string") return false;
  if (Array.isArray(saved)) return saved.every((id) => typeof id === "string");
  return [displaced, parked, held].some((id) => typeof id === "string");
}
