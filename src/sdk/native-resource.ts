import * as pulumi from "@pulumi/pulumi";
import { typeOf } from "../definitions/tokens.ts";
import { readOnlyKey } from "../lifecycle/state.ts";
import { requireArgs } from "./declared-args.ts";
import { nativePropertiesOf } from "./native-properties.ts";
import { requireNoPlainSecrets } from "./program-settings.ts";
import { follow, registrationOf } from "./registration.ts";
import { shapeOf } from "./shape.ts";
import { onlyUserFrames } from "./user-frames.ts";

/** The base of all classes of the native plugin. Its declaration names no definition, so that editors show plain types. */
export abstract class NativeResource extends pulumi.CustomResource {
  constructor(type: string, name: string, args: object, opts: pulumi.CustomResourceOptions = {}) {
    const shape = shapeOf(type);
    const { definition, undecided } = shape;
    requireNoPlainSecrets();
    const restore = onlyUserFrames();
    try {
      if (opts.id !== undefined) {
        super(type, name, { ...undecided, ...args, [readOnlyKey]: true }, opts);
        return;
      }
      requireArgs(definition, name, args);
      const registration = registrationOf(shape, name, args, opts, typeOf(definition.name));
      super(type, name, nativePropertiesOf(registration), registration.options);
      follow(this, shape, registration);
    } finally {
      restore();
    }
  }
}
