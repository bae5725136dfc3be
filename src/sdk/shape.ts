import { handedOver, secretOutputsOf } from "../definitions/definition.ts";
import { resourceTypeOf } from "../definitions/index.ts";
import { isSet, type ResourceType } from "../definitions/organization-set.ts";

/** A definition, as a program needs it. */
export interface Shape {
  readonly definition: ResourceType;
  readonly type: string;
  /** All properties, undefined: an output exists before its value only if it is named. */
  readonly undecided: Readonly<Record<string, undefined>>;
  readonly secrets: readonly string[];
  /** The key fields, if a resource may get a key from another in the same run. */
  readonly movingKeys: readonly string[];
}

export function shapeOf(type: string): Shape {
  const known = shapes.get(type);
  if (known !== undefined) return known;
  const definition = resourceTypeOf(type);
  if (definition === undefined) throw new Error(`There is no definition of the type ${type}.`);
  const { fields, outputs } = definition;
  // Each named property costs the SDK memory and time, even without a value.
  const shown = Object.keys(fields).filter((field) => fields[field]?.fallback === undefined);
  const shape: Shape = {
    definition,
    type,
    undecided: Object.fromEntries([...shown, ...Object.keys(outputs)].map((each) => [each, undefined])),
    secrets: secretOutputsOf(definition),
    movingKeys: isSet(definition) ? [] : handedOver(definition),
  };
  shapes.set(type, shape);
  return shape;
}

const shapes = new Map<string, Shape>();
