import * as pulumi from "@pulumi/pulumi";
import type { Definition } from "./definitions/definition.ts";
import type { RequiredIn, Simplify, TypeOf, ValueOf } from "./definitions/values.ts";
import { originOf, problemWithOptions } from "./origin.ts";
import { demandNoPlainSecrets } from "./program-settings.ts";
import { providerTextOf, typeOf } from "./resource.ts";
import { noteOnceSaved } from "./saved.ts";
import { onlyUserFrames } from "./user-frames.ts";

/** What a program declares of a resource. Left out = left alone; taken out of the program = cleared at Scalekit. */
export type ArgsOf<D extends Definition> = Simplify<
  Declarations<Pick<D["fields"], RequiredIn<D>>> &
    Optionals<Omitting<D["fields"], RequiredIn<D>>> &
    (D["api"] extends { readonly unique: unknown } ? Adoptable : unknown)
>;

// Mapped over the keys of what holds the comments, for editors to show them.
type Declarations<Fields> = { -readonly [Name in keyof Fields]: Declared<ValueOf<Fields[Name]>> };
type Optionals<Fields> = { -readonly [Name in keyof Fields]?: Declared<ValueOf<Fields[Name]>> | undefined };
type Omitting<Fields, Names> = Pick<Fields, Exclude<keyof Fields, Names>>;

interface Adoptable {
  /** Whether one that exists with the same key is taken over, and brought to what is declared. @default false */
  adopt?: pulumi.Input<boolean> | undefined;
}

/** A resource's properties, once it is there. */
export type OutputsOf<D extends Definition> = Simplify<
  {
    readonly [Name in keyof D["fields"]]: pulumi.Output<
      ValueOf<D["fields"][Name]> | (D["fields"][Name]["required"] extends true ? never : undefined)
    >;
  } & {
    readonly [Name in keyof D["outputs"]]: pulumi.Output<
      D["api"] extends { readonly id: Name } ? string : TypeOf<D["outputs"][Name]>
    >;
  }
>;

export interface ResourceClass<D extends Definition> {
  new (name: string, args: ArgsOf<D>, opts?: pulumi.CustomResourceOptions): pulumi.CustomResource & OutputsOf<D>;
  /** The type in URNs and state, and what typed policies match by. */
  readonly __pulumiType: string;
  /** Reads one that exists and is not managed by this stack. It is never changed nor deleted from here. */
  get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): pulumi.CustomResource & OutputsOf<D>;
  /** Whether `value` is one of this class, also of another copy of this package. */
  isInstance(value: unknown): value is pulumi.CustomResource & OutputsOf<D>;
}

/** The class of a definition's resources, for a program to extend by a name. */
export function resourceClass<D extends Definition>(definition: D): ResourceClass<D> {
  const type = typeOf(definition.name);
  const provider = providerTextOf(definition.name);
  const names = [...Object.keys(definition.fields), ...Object.keys(definition.outputs)];
  // Properties that only Scalekit decides have to be named, for their outputs to exist before it has.
  const undecided = Object.fromEntries(names.map((name) => [name, undefined]));
  const secrets = Object.entries(definition.outputs).flatMap(([name, { once, secret }]) =>
    once || secret ? [name] : [],
  );

  class Defined extends pulumi.CustomResource {
    static readonly __pulumiType = type;

    constructor(name: string, args: Record<string, unknown>, opts: pulumi.CustomResourceOptions = {}) {
      if (typeof args !== "object" || args === null) {
        throw new pulumi.RunError(`${definition.name} ${name}: its arguments must be an object.`);
      }
      const problem = problemWithOptions(opts);
      if (problem !== undefined) throw new pulumi.RunError(`${definition.name} ${name}: ${problem}.`);
      demandNoPlainSecrets();
      const restore = onlyUserFrames();
      try {
        const origin = opts.id === undefined ? originOf(type, name, opts.parent) : undefined;
        const hidden = opts.id === undefined ? { __origin: origin } : {};
        const additionalSecretOutputs = [...(opts.additionalSecretOutputs ?? []), ...secrets];
        const all = { ...undecided, ...args, __provider: provider, ...hidden };
        super(type, name, all, secrets.length > 0 ? { ...opts, additionalSecretOutputs } : opts);
        if (origin !== undefined) noteOnceSaved(this, definition.name, origin);
      } finally {
        restore();
      }
    }

    static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions) {
      return new this(name, {}, { ...opts, id });
    }

    static override isInstance(value: unknown): value is Defined {
      return pulumi.CustomResource.isInstance(value) && (value as { __pulumiType?: unknown }).__pulumiType === type;
    }
  }
  return Defined as unknown as ResourceClass<D>;
}

// In brackets, for a union of values to stay one input.
type Declared<Value> = [Value] extends [readonly (infer Each)[]]
  ? pulumi.Input<readonly pulumi.Input<Each>[]>
  : [Value] extends [Readonly<Record<string, infer Each>>]
    ? pulumi.Input<Readonly<Record<string, pulumi.Input<Each>>>>
    : pulumi.Input<Value>;
