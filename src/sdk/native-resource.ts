import * as pulumi from "@pulumi/pulumi";
import type { Values } from "../definitions/definition.ts";
import { typeOf } from "../definitions/tokens.ts";
import { readOnlyKey } from "../lifecycle/state.ts";
import { optionsOf, requireArgs } from "./declared-args.ts";
import { originOf } from "./origin.ts";
import { requireNoPlainSecrets } from "./program-settings.ts";
import { noteOnceSaved } from "./saved.ts";
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
      const { guard, options } = optionsOf(shape, args as Values, opts);
      // What the dynamic provider made stays what it is.
      const aliases = [...(opts.aliases ?? []), { type: typeOf(definition.name) }];
      super(type, name, { ...undecided, ...args, ...guard }, { ...options, aliases });
      const origin = originOf(type, name, opts.parent);
      if (origin !== undefined) noteOnceSaved(this, definition.name, origin);
    } finally {
      restore();
    }
  }
}
