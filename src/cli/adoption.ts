import type { Live } from "../api/codec.ts";
import { type Definition, protectionField, type Values } from "../definitions/definition.ts";
import type { Rule } from "../definitions/field.ts";
import { inWords } from "../definitions/names.ts";
import { providerTextOf, typeOf } from "../definitions/tokens.ts";
import { same } from "../definitions/want.ts";
import { checkArgs } from "../lifecycle/check.ts";
import { declaredBy } from "../lifecycle/declaration.ts";
import { statesOf } from "../lifecycle/state.ts";
import { keyOf, type RemoteObject } from "./remote-objects.ts";

/** An existing object, as a program can declare it without changing it. */
export interface Adoption {
  readonly definition: Definition;
  readonly name: string;
  readonly id: string;
  readonly args: Values;
  /** The stack's default where that is off, which the program then passes on without saying so in its code. */
  readonly unsaid: Values;
  readonly outputs: Values;
  /** What is set at Scalekit and cannot be declared, with the reason. It stays undeclared, and so it is left alone. */
  readonly leftAlone: Readonly<Record<string, string>>;
}

/** An object that no program can declare. */
export interface Refusal {
  readonly definition: Definition;
  readonly id: string;
  readonly reason: string;
}

/**
 * What to declare of each object: only fields that are set. Fields that break a limit of `pulumi up` are left out.
 *
 * @param names each one's name, by `keyOf`
 */
export function adoptionsOf(
  objects: readonly RemoteObject[],
  names: ReadonlyMap<string, string>,
  deletionProtection: boolean,
) {
  const adoptions: Adoption[] = [];
  const refused: Refusal[] = [];
  for (const { definition, live } of objects) {
    const { id } = live;
    const { args, leftAlone } = declarable(definition, live);
    const broken = Object.keys(leftAlone).find((field) => definition.fields[field]?.required);
    if (broken !== undefined) {
      refused.push({ definition, id, reason: `its ${inWords(broken)} ${leftAlone[broken]}` });
      continue;
    }
    const unsaid = protectionField in definition.fields && !deletionProtection ? { [protectionField]: false } : {};
    const inputs = { ...args, ...unsaid };
    const outputs = statesOf(definition).stateOf(live, declaredBy(definition, inputs), inputs);
    adoptions.push({ definition, name: names.get(keyOf(definition, id)) ?? id, id, args, unsaid, outputs, leftAlone });
  }
  return { adoptions, refused };
}

/** The file that `pulumi import --file` reads. A dynamic resource needs its provider in inputs and outputs both. */
export const importFile = (adoptions: readonly Adoption[]): string =>
  `${JSON.stringify({ resources: adoptions.map(entryOf) }, null, 2)}\n`;

function entryOf({ definition, name, id, args, unsaid, outputs }: Adoption) {
  const provider = { __provider: providerTextOf(definition.name) };
  return {
    type: typeOf(definition.name),
    name,
    id,
    inputs: { ...args, ...unsaid, ...provider },
    outputs: { ...outputs, ...provider },
  };
}

function declarable(definition: Definition, live: Live) {
  const { fields } = definition;
  const args: Record<string, unknown> = {};
  for (const [field, { rule }] of Object.entries(fields)) {
    const value = sorted(worthDeclaring(rule, live[field]));
    // A text that has to be there may be empty at Scalekit, and no program could declare that.
    if (value === "" || !same(value, undefined)) args[field] = value;
  }
  const leftAlone: Record<string, string> = {};
  // Only with the rest right, the rules between fields are looked at.
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

/** Flags that are off need no word: declared, one that a customer is given by hand would be drift. */
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
