import type { Live } from "../api/codec.ts";
import type { Definition, Values } from "../definitions/definition.ts";
import type { Rule } from "../definitions/field.ts";
import { same } from "../definitions/want.ts";
import { checkArgs } from "./check.ts";

/** What a program can declare of a remote object without changing it. */
export interface Declarable {
  /** Only fields that are set. */
  readonly args: Values;
  /** What is set at Scalekit and breaks a limit of `pulumi up`, with the reason. It stays undeclared, and so it is left alone. */
  readonly leftAlone: Readonly<Record<string, string>>;
}

export function declarable(definition: Definition, live: Live): Declarable {
  const { fields } = definition;
  const args: Record<string, unknown> = {};
  for (const [field, { rule }] of Object.entries(fields)) {
    const value = sorted(worthDeclaring(rule, live[field]));
    // A text that has to be there may be empty at Scalekit, and no program could declare that.
    if (value === "" || !same(value, undefined)) args[field] = value;
  }
  const leftAlone: Record<string, string> = {};
  // The rules between fields count only once each field is valid by itself.
  for (let failures = checkArgs(definition, args); failures.length > 0; failures = checkArgs(definition, args)) {
    // A failure's property is a path that begins with its field: `metadata.tier`, `metadata["cost center"]`.
    for (const { property, reason } of failures) {
      const field = property.split(/[.[]/)[0] ?? property;
      leftAlone[field] ??= reason;
      delete args[field];
    }
    if (Object.keys(leftAlone).some((field) => fields[field]?.required)) break;
  }
  return { args, leftAlone };
}

/** A flag that is off is left out. If it were declared, giving it to a customer by hand would be drift. */
function worthDeclaring(rule: Rule, value: unknown): unknown {
  if (rule.type !== "flags") return value;
  return Object.fromEntries(
    Object.entries((value ?? {}) as Values).filter(([flag, on]) => on && Object.hasOwn(rule.of, flag)),
  );
}

/** The API may give pairs in another order each time; files that are written again should not differ for that. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
