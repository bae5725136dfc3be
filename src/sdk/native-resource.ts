import * as pulumi from "@pulumi/pulumi";
import { typeOf } from "../definitions/tokens.ts";
import { readOnlyKey } from "../lifecycle/state.ts";
import { requireArgs } from "./declared-args.ts";
import { requireNoPlainSecrets } from "./program-settings.ts";
import { follow, type Registration, registrationOf } from "./registration.ts";
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
      super(type, name, propertiesTold(registration), registration.options);
      follow(this, shape, registration);
    } finally {
      restore();
    }
  }
}

/** What the class registers, with what it tells the plugin. */
export const propertiesTold = (registration: Registration): object => ({
  ...registration.properties,
  [toldKey]: told(registration),
});

/** Under this name the class tells the plugin what no request of the engine's does. Check keeps it out of the state. */
const toldKey = "__origin";

/** The plugin learns the URN and the stack from the engine. */
function told({ origin, guarantee }: Registration) {
  const { journalIn, isPreview } = origin ?? {};
  const all = { ...(journalIn !== undefined && { journalIn }), ...(isPreview && { isPreview }), guarantee };
  return Object.values(all).some((value) => value !== undefined) ? all : undefined;
}
