import * as pulumi from "@pulumi/pulumi";
import { readDeletionProtection } from "../config/settings.ts";
import { type Definition, handedOver, protectionField, type Values } from "../definitions/definition.ts";
import { definitionOf } from "../definitions/index.ts";
import { providerTextOf } from "../definitions/tokens.ts";
import { problemWithValues } from "../lifecycle/check.ts";
import { notesKey } from "../lifecycle/state.ts";
import { originOf, problemWithOptions } from "./origin.ts";
import { look, newGuarantee } from "./owed.ts";
import { requireNoPlainSecrets } from "./program-settings.ts";
import { noteOnceSaved } from "./saved.ts";
import { onlyUserFrames } from "./user-frames.ts";

/** The base of all classes. Its declaration names no definition, so that editors show plain types. */
export abstract class ScalekitResource extends pulumi.CustomResource {
  constructor(type: string, name: string, args: object, opts: pulumi.CustomResourceOptions = {}) {
    const shape = shapeOf(type);
    requireNoPlainSecrets();
    const restore = onlyUserFrames();
    try {
      const asked = opts.id === undefined ? declared(shape, name, args, opts) : onlyRead(shape, args, opts);
      const { secrets } = shape;
      const additionalSecretOutputs = [...(opts.additionalSecretOutputs ?? []), ...secrets];
      super(type, name, asked.properties, { ...asked.options, ...(secrets.length > 0 && { additionalSecretOutputs }) });
      if (asked.origin !== undefined) noteOnceSaved(this, shape.definition.name, asked.origin);
      if (asked.guarantee !== undefined) look(this);
    } finally {
      restore();
    }
  }
}

/** Whether `value` is a resource of a type, also one of another copy of this package. */
export const isResourceOf = (type: string, value: unknown): boolean =>
  pulumi.CustomResource.isInstance(value) && (value as { __pulumiType?: unknown }).__pulumiType === type;

/** A definition, as a program needs it. */
interface Shape {
  readonly definition: Definition;
  readonly type: string;
  readonly provider: string;
  /** All properties, undefined: an output exists before its value only if it is named. */
  readonly undecided: Readonly<Record<string, undefined>>;
  readonly secrets: readonly string[];
  /** The key fields, if a resource may get a key from another in the same run. */
  readonly movingKeys: readonly string[];
}

const shapes = new Map<string, Shape>();

function shapeOf(type: string): Shape {
  const known = shapes.get(type);
  if (known !== undefined) return known;
  const definition = definitionOf(type);
  if (definition === undefined) throw new Error(`There is no definition of the type ${type}.`);
  const { name, fields, outputs } = definition;
  // Each named property costs the SDK memory and time, even without a value.
  const shown = Object.keys(fields).filter((field) => fields[field]?.fallback === undefined);
  const shape: Shape = {
    definition,
    type,
    provider: providerTextOf(name),
    undecided: Object.fromEntries([...shown, ...Object.keys(outputs)].map((each) => [each, undefined])),
    secrets: Object.entries(outputs).flatMap(([output, { createOnly, secret }]) =>
      createOnly || secret ? [output] : [],
    ),
    movingKeys: handedOver(definition),
  };
  shapes.set(type, shape);
  return shape;
}

/** The registration of a resource that this stack manages. */
function declared(shape: Shape, name: string, args: object, opts: pulumi.CustomResourceOptions) {
  const { definition, movingKeys } = shape;
  const problem = problemWithArgs(definition, args) ?? problemWithOptions(opts);
  if (problem !== undefined) throw new pulumi.RunError(`${definition.name} ${name}: ${problem}.`);
  const values = args as Values;
  const origin = originOf(shape.type, name, opts.parent);
  const guarantee = origin && movingKeys.length > 0 ? newGuarantee() : undefined;
  const { guard, protect } = protectionOf(definition, values, opts);
  const properties = {
    ...shape.undecided,
    ...args,
    ...guard,
    ...(guarantee && { [notesKey]: undefined }),
    __provider: shape.provider,
    __origin: guarantee ? { ...origin, guarantee } : origin,
  };
  // The engine asks no provider for the order of a forced replacement. The keys must be free first: see
  // lifecycle/replacement.ts, which deletes the old object once the new one exists.
  const isKeyed = movingKeys.some((field) => values[field] !== undefined) && opts.deleteBeforeReplace === undefined;
  const options = { ...opts, ...(protect && { protect }), ...(isKeyed && { deleteBeforeReplace: true }) };
  return { properties, options, origin, guarantee };
}

/** The registration of a resource that is only read. */
const onlyRead = (shape: Shape, args: object, options: pulumi.CustomResourceOptions) => ({
  properties: { ...shape.undecided, ...args, __provider: shape.provider },
  options,
  origin: undefined,
  guarantee: undefined,
});

/** Whether Pulumi protects the resource, and what the provider must know of that besides the arguments. */
function protectionOf({ fields }: Definition, args: Values, opts: pulumi.CustomResourceOptions) {
  const field = fields[protectionField];
  if (field === undefined) return { guard: {}, protect: false };
  const isOnByDefault = field.fallback === true;
  const asked = args[protectionField] ?? (isOnByDefault && !readDefault() ? false : undefined);
  // An Output is not known here, so then only the provider protects. A retained resource is not deleted anyway.
  const protect = (asked ?? isOnByDefault) === true && opts.protect === undefined && !opts.retainOnDelete;
  return { guard: asked === undefined ? {} : { [protectionField]: asked }, protect };
}

function readDefault(): boolean {
  try {
    return readDeletionProtection(stackConfig);
  } catch (error) {
    throw new pulumi.RunError((error as Error).message);
  }
}

const stackConfig = { get: (key: string) => new pulumi.Config("scalekit").get(key.replace("scalekit:", "")) };

/** Problems that never reach the provider. Its checks report all others. */
function problemWithArgs(definition: Definition, args: unknown): string | undefined {
  if (typeof args === "object" && args !== null) return problemWithValues(definition, args as Values);
  const required = Object.keys(definition.fields).filter((name) => definition.fields[name]?.required);
  return `its arguments must be an object with at least ${required.join(" and ")}`;
}
