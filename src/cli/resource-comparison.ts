import type { Live } from "../api/codec.ts";
import type { Definition } from "../definitions/definition.ts";
import { same } from "../lifecycle/resource-goal.ts";
import type { Comparison, Difference } from "./comparison.ts";
import { type Managed, SecretValue } from "./stack-state.ts";

/** What is at Scalekit beside what the program declared. What it does not declare is not its business. */
export function compareResource({ fields }: Definition, { declared }: Managed, live: Live): Comparison {
  const differences: Difference[] = [];
  const uncompared: string[] = [];
  for (const [field, { local }] of Object.entries(fields)) {
    if (local || declared[field] === undefined) continue;
    const { value, secret, known } = revealed(declared[field]);
    if (!known) uncompared.push(field);
    else if (!same(value, live[field])) {
      differences.push({ field, declared: textOf(value), live: textOf(live[field]), secret });
    }
  }
  return { differences, uncompared };
}

interface Revealed {
  readonly value: unknown;
  /** Whether any of it is a secret. */
  readonly secret: boolean;
  /** False while any of it is encrypted. */
  readonly known: boolean;
}

function revealed(value: unknown): Revealed {
  if (value instanceof SecretValue) return { value: value.known, secret: true, known: value.known !== undefined };
  if (typeof value !== "object" || value === null) return { value, secret: false, known: true };
  const parts = Object.entries(value).map(([key, inner]) => [key, revealed(inner)] as const);
  const whole = Array.isArray(value)
    ? parts.map(([, part]) => part.value)
    : Object.fromEntries(parts.map(([key, part]) => [key, part.value]));
  return {
    value: whole,
    secret: parts.some(([, part]) => part.secret),
    known: parts.every(([, part]) => part.known),
  };
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  return Array.isArray(value) ? value.join(", ") : JSON.stringify(value);
}
