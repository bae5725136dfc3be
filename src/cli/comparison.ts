import type { Live } from "../api/codec.ts";
import type { Values } from "../definitions/definition.ts";
import { entryOf, isOn, same } from "../definitions/want.ts";
import { ownsEntries } from "../lifecycle/declaration.ts";
import { type Managed, SecretValue } from "./stack-state.ts";

/** A field whose value at Scalekit differs from the one that the program declared. */
export interface Difference {
  /** `displayName`, or `metadata.tier`. */
  readonly field: string;
  /** `undefined` where the program declares no such key. */
  readonly declared: string | undefined;
  /** `undefined` where it is not set at Scalekit. */
  readonly live: string | undefined;
  /** Whether the values are a secret of the program's. */
  readonly secret: boolean;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** The fields that are encrypted in the state. */
  readonly uncompared: readonly string[];
}

/** Compares what is at Scalekit with what the program declared. Fields that the program does not declare are not its business. */
export function compare({ definition, declared }: Managed, live: Live): Comparison {
  const differences: Difference[] = [];
  const uncompared: string[] = [];

  function field(path: string, { value, secret, known }: Revealed, actual: unknown): void {
    if (!known) uncompared.push(path);
    else if (!same(value, actual)) {
      differences.push({ field: path, declared: textOf(value), live: textOf(actual), secret });
    }
  }

  for (const [name, { rule, providerOnly }] of Object.entries(definition.fields)) {
    if (providerOnly || declared[name] === undefined) continue;
    const secret = declared[name] instanceof SecretValue;
    const whole = declared[name] instanceof SecretValue ? declared[name].known : declared[name];
    if ((rule.type !== "map" && rule.type !== "flags") || typeof whole !== "object" || whole === null) {
      // A program cannot declare this, so somebody has edited the state.
      field(name, revealed(declared[name]), live[name]);
      continue;
    }
    const isAll = !ownsEntries(definition, declared, name);
    for (const key of new Set([...Object.keys(whole), ...(isAll ? Object.keys((live[name] ?? {}) as Values) : [])])) {
      const entry = revealed(entryOf(whole, key));
      const actual = rule.type === "flags" ? isOn(live[name], key) : entryOf(live[name], key);
      field(`${name}.${key}`, { ...entry, secret: secret || entry.secret }, actual);
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
