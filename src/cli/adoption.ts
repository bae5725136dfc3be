import { type Definition, protectionField, type Values } from "../definitions/definition.ts";
import { inWords } from "../definitions/names.ts";
import { nativeTypeOf, providerTextOf, typeOf } from "../definitions/tokens.ts";
import { declarable } from "../lifecycle/declarable.ts";
import { declaredBy } from "../lifecycle/declaration.ts";
import { statesOf } from "../lifecycle/state.ts";
import { keyOf, type RemoteObject } from "./remote-objects.ts";

/** An existing object, as a program can declare it without changing it. */
export interface Adoption {
  readonly definition: Definition;
  readonly name: string;
  readonly id: string;
  readonly args: Values;
  /** The stack's default if it is off. The program then passes it on without saying so in its code. */
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
  for (const { definition, live } of inOrder(objects, names)) {
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

/** By name within each kind, so that two exports differ only where something changed. */
function inOrder(objects: readonly RemoteObject[], names: ReadonlyMap<string, string>): RemoteObject[] {
  const kinds = Map.groupBy(objects, ({ definition }) => definition);
  const nameOf = ({ definition, live }: RemoteObject) => names.get(keyOf(definition, live.id)) ?? live.id;
  return [...kinds.values()].flatMap((those) =>
    those.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0)),
  );
}

/**
 * The file that `pulumi import --file` reads. A dynamic resource needs its provider in its inputs and in its outputs. The native
 * plugin reads an object by its id.
 */
export const importFile = (adoptions: readonly Adoption[], native = false): string =>
  `${JSON.stringify({ resources: adoptions.map(native ? nativeEntryOf : entryOf) }, null, 2)}\n`;

const nativeEntryOf = ({ definition, name, id }: Adoption) => ({ type: nativeTypeOf(definition.name), name, id });

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
