import * as pulumi from "@pulumi/pulumi";
import type { Values } from "../definitions/definition.ts";
import { nativeTypeOf, providerTextOf } from "../definitions/tokens.ts";
import { notesKey } from "../lifecycle/state.ts";
import { aliasesOf } from "./aliases.ts";
import { optionsOf, requireArgs } from "./declared-args.ts";
import { originOf, problemWithOptions } from "./origin.ts";
import { look, newGuarantee } from "./owed.ts";
import { requireNoPlainSecrets } from "./program-settings.ts";
import { noteOnceSaved } from "./saved.ts";
import { type Shape, shapeOf } from "./shape.ts";
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

/** The registration of a resource that this stack manages. */
function declared(shape: Shape, name: string, args: object, opts: pulumi.CustomResourceOptions) {
  const { definition, movingKeys } = shape;
  requireArgs(definition, name, args, problemWithOptions(opts));
  const origin = originOf(shape.type, name, opts.parent);
  const guarantee = origin && movingKeys.length > 0 ? newGuarantee() : undefined;
  const { guard, options } = optionsOf(shape, args as Values, opts);
  const properties = {
    ...shape.undecided,
    ...args,
    ...guard,
    ...(guarantee && { [notesKey]: undefined }),
    __provider: providerTextOf(shape.definition.name),
    __origin: guarantee ? { ...origin, guarantee } : origin,
  };
  // What the native plugin made stays what it is.
  const aliases = aliasesOf(options.aliases, nativeTypeOf(definition.name));
  return { properties, options: { ...options, aliases }, origin, guarantee };
}

/** The registration of a resource that is only read. */
const onlyRead = (shape: Shape, args: object, options: pulumi.CustomResourceOptions) => ({
  properties: { ...shape.undecided, ...args, __provider: providerTextOf(shape.definition.name) },
  options,
  origin: undefined,
  guarantee: undefined,
});
