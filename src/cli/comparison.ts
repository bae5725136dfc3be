import { isOn } from "../lifecycle/state.ts";
import type { Organization } from "../schema.ts";
import { type Managed, SecretValue } from "./stack-state.ts";

/** A field that is not at Scalekit what the program declared. */
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

/** A text as it is. Anything else is not what a program declares, and comes of a state that was edited. */
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : JSON.stringify(value));

const plain = (value: unknown): unknown => (value instanceof SecretValue ? value.known : value);

/** What is at Scalekit beside what the program declared. What it does not declare is not its business. */
export function compare({ declared }: Managed, live: Organization): Comparison {
  const differences: Difference[] = [];
  const uncompared: string[] = [];

  function field(name: string, wanted: unknown, actual: string | undefined): void {
    const secret = wanted instanceof SecretValue;
    const value = secret ? wanted.known : wanted;
    if (secret && value === undefined) uncompared.push(name);
    else if (value !== actual) differences.push({ field: name, declared: textOf(value), live: actual, secret });
  }

  for (const name of ["displayName", "externalId", "slug", "logoUrl"] as const) {
    if (declared[name] !== undefined) field(name, declared[name], live[name]);
  }
  const switches = declared["features"];
  if (switches instanceof SecretValue && switches.known === undefined) uncompared.push("features");
  else {
    const named = plain(switches) ?? {};
    if (typeof named !== "object") field("features", switches, textOf(live.features));
    for (const [name, wanted] of typeof named === "object" ? Object.entries(named) : []) {
      const hidden = switches instanceof SecretValue || wanted instanceof SecretValue;
      const text = wanted instanceof SecretValue && wanted.known === undefined ? undefined : String(plain(wanted));
      field(`features.${name}`, hidden ? new SecretValue(text) : text, String(isOn(live, name)));
    }
  }

  const whole = declared["metadata"];
  if (whole instanceof SecretValue && whole.known === undefined)
    return { differences, uncompared: [...uncompared, "metadata"] };
  const secret = whole instanceof SecretValue;
  const pairs = secret ? whole.known : whole;
  if (pairs === undefined) return { differences, uncompared };
  if (typeof pairs !== "object" || pairs === null) {
    differences.push({ field: "metadata", declared: textOf(pairs), live: textOf(live.metadata), secret });
    return { differences, uncompared };
  }
  for (const [key, value] of Object.entries(pairs)) {
    const actual = Object.hasOwn(live.metadata, key) ? live.metadata[key] : undefined;
    field(`metadata.${key}`, secret ? new SecretValue(value) : value, actual);
  }
  if (declared["metadataOwnership"] !== "declared") {
    for (const [key, value] of Object.entries(live.metadata)) {
      if (!Object.hasOwn(pairs, key)) {
        differences.push({ field: `metadata.${key}`, declared: undefined, live: value, secret });
      }
    }
  }
  return { differences, uncompared };
}
