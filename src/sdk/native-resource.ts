import * as pulumi from "@pulumi/pulumi";
import type { Values } from "../definitions/definition.ts";
import { typeOf } from "../definitions/tokens.ts";
import { notesKey, readOnlyKey } from "../lifecycle/state.ts";
import { aliasesOf } from "./aliases.ts";
import { optionsOf, requireArgs } from "./declared-args.ts";
import { originOf } from "./origin.ts";
import { type Guarantee, look, newGuarantee } from "./owed.ts";
import { requireNoPlainSecrets } from "./program-settings.ts";
import { noteOnceSaved } from "./saved.ts";
import { shapeOf } from "./shape.ts";
import { onlyUserFrames } from "./user-frames.ts";

/** The base of all classes of the native plugin. Its declaration names no definition, so that editors show plain types. */
export abstract class NativeResource extends pulumi.CustomResource {
  constructor(type: string, name: string, args: object, opts: pulumi.CustomResourceOptions = {}) {
    const shape = shapeOf(type);
    const { definition, undecided, movingKeys } = shape;
    requireNoPlainSecrets();
    const restore = onlyUserFrames();
    try {
      if (opts.id !== undefined) {
        super(type, name, { ...undecided, ...args, [readOnlyKey]: true }, opts);
        return;
      }
      requireArgs(definition, name, args);
      const origin = originOf(type, name, opts.parent);
      const guarantee = origin && movingKeys.length > 0 ? newGuarantee() : undefined;
      const { guard, options } = optionsOf(shape, args as Values, opts);
      // What the dynamic provider made stays what it is.
      const aliases = aliasesOf(opts.aliases, typeOf(definition.name));
      const properties = {
        ...undecided,
        ...args,
        ...guard,
        ...(guarantee && { [notesKey]: undefined }),
        [toldKey]: told(origin, guarantee),
      };
      super(type, name, properties, { ...options, aliases });
      if (origin !== undefined) noteOnceSaved(this, definition.name, origin);
      if (guarantee !== undefined) look(this);
    } finally {
      restore();
    }
  }
}

/** Under this name the class tells the plugin what no request of the engine's does. Check keeps it out of the state. */
const toldKey = "__origin";

/** The plugin learns the URN and the stack from the engine. */
function told(origin: ReturnType<typeof originOf>, guarantee: Guarantee | undefined) {
  const { journalIn, isPreview } = origin ?? {};
  const all = { ...(journalIn !== undefined && { journalIn }), ...(isPreview && { isPreview }), guarantee };
  return Object.values(all).some((value) => value !== undefined) ? all : undefined;
}
