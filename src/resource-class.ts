import * as pulumi from "@pulumi/pulumi";
import { definitionOf } from "./definitions/index.ts";
import { originOf, problemWithOptions } from "./origin.ts";
import { demandNoPlainSecrets } from "./program-settings.ts";
import { providerTextOf } from "./resource.ts";
import { noteOnceSaved } from "./saved.ts";
import { onlyUserFrames } from "./user-frames.ts";

/** What the classes of all definitions have in common. Its declaration names no definition, for editors to show plain types. */
export abstract class ScalekitResource extends pulumi.CustomResource {
  constructor(type: string, name: string, args: object, opts: pulumi.CustomResourceOptions = {}) {
    const kind = kindOf(type);
    if (typeof args !== "object" || args === null) {
      throw new pulumi.RunError(`${kind.name} ${name}: its arguments must be an object.`);
    }
    const problem = problemWithOptions(opts);
    if (problem !== undefined) throw new pulumi.RunError(`${kind.name} ${name}: ${problem}.`);
    demandNoPlainSecrets();
    const restore = onlyUserFrames();
    try {
      const origin = opts.id === undefined ? originOf(type, name, opts.parent) : undefined;
      const hidden = opts.id === undefined ? { __origin: origin } : {};
      const additionalSecretOutputs = [...(opts.additionalSecretOutputs ?? []), ...kind.secrets];
      const all = { ...kind.undecided, ...args, __provider: kind.provider, ...hidden };
      super(type, name, all, kind.secrets.length > 0 ? { ...opts, additionalSecretOutputs } : opts);
      if (origin !== undefined) noteOnceSaved(this, kind.name, origin);
    } finally {
      restore();
    }
  }
}

/** Whether `value` is a resource of a type, also one of another copy of this package. */
export const isResourceOf = (type: string, value: unknown): boolean =>
  pulumi.CustomResource.isInstance(value) && (value as { __pulumiType?: unknown }).__pulumiType === type;

interface Kind {
  readonly name: string;
  readonly provider: string;
  /** Properties that only Scalekit decides have to be named, for their outputs to exist before it has. */
  readonly undecided: Readonly<Record<string, undefined>>;
  readonly secrets: readonly string[];
}

const kinds = new Map<string, Kind>();

function kindOf(type: string): Kind {
  const known = kinds.get(type);
  if (known !== undefined) return known;
  const definition = definitionOf(type);
  if (definition === undefined) throw new Error(`There is no definition of the type ${type}.`);
  const { name, fields, outputs } = definition;
  const kind = {
    name,
    provider: providerTextOf(name),
    undecided: Object.fromEntries([...Object.keys(fields), ...Object.keys(outputs)].map((each) => [each, undefined])),
    secrets: Object.entries(outputs).flatMap(([output, { once, secret }]) => (once || secret ? [output] : [])),
  };
  kinds.set(type, kind);
  return kind;
}
