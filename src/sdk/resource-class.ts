import * as pulumi from "@pulumi/pulumi";
import { nativeTypeOf, providerTextOf } from "../definitions/tokens.ts";
import { requireArgs } from "./declared-args.ts";
import { problemWithOptions } from "./origin.ts";
import { requireNoPlainSecrets } from "./program-settings.ts";
import { follow, registrationOf } from "./registration.ts";
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
      follow(this, shape, asked);
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
  const { definition } = shape;
  requireArgs(definition, name, args, problemWithOptions(opts));
  const registration = registrationOf(shape, name, args, opts, nativeTypeOf(definition.name));
  const { origin, guarantee } = registration;
  const properties = {
    ...registration.properties,
    __provider: providerTextOf(definition.name),
    __origin: guarantee ? { ...origin, guarantee } : origin,
  };
  return { ...registration, properties };
}

/** The registration of a resource that is only read. */
const onlyRead = (shape: Shape, args: object, options: pulumi.CustomResourceOptions) => ({
  properties: { ...shape.undecided, ...args, __provider: providerTextOf(shape.definition.name) },
  options,
  origin: undefined,
  guarantee: undefined,
});
