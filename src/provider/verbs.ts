import type { Values } from "../definitions/definition.ts";
import type { CheckFailure } from "../lifecycle/check.ts";
import type { Difference } from "../lifecycle/difference.ts";
import type { State } from "../lifecycle/state.ts";
import type { Guarantee } from "./declared.ts";

/**
 * The verbs of the engine for the resources of one type, whichever host calls them. A verb that fails half way throws an error
 * with the resource's id and state: see lifecycle/partial-failure.ts.
 */
export interface Verbs {
  check(call: CheckCall): Promise<readonly CheckFailure[]>;
  /** Says at preview what a create or an update will do, beyond what the engine shows. Throws for what it will refuse. */
  preview(call: NamedCall & { readonly state?: Values | undefined; readonly inputs: Values }): Promise<void>;
  diff(call: ResourceCall & { readonly inputs: Values }): Promise<Difference>;
  create(call: NamedCall & { readonly inputs: Values }): Promise<{ id: string; state: State }>;
  /** Nothing if the object is gone. A look-up has no state. */
  read(call: ResourceCall): Promise<Found | undefined>;
  update(call: ResourceCall & { readonly inputs: Values }): Promise<{ state: State }>;
  delete(call: ResourceCall): Promise<void>;
}

/** Where a host does not know which resource a call is about, it is recognized by its arguments: see declared.ts. */
export interface NamedCall {
  readonly urn?: string | undefined;
}

export interface ResourceCall extends NamedCall {
  readonly id: string;
  readonly state: Values;
  /** The arguments of the run before, from hosts that give them. */
  readonly oldInputs?: Values | undefined;
}

export interface CheckCall extends NamedCall {
  /** Absent where the resource is new. */
  readonly oldInputs?: Values | undefined;
  readonly inputs: Values;
  /** Some hosts do not say it. */
  readonly isPreview?: boolean | undefined;
  /** See declared.ts. */
  readonly guarantee?: Guarantee | undefined;
}

export interface Found {
  readonly id: string;
  readonly state: State;
  /** The inputs that would give this state. */
  readonly inputs: Values;
}
