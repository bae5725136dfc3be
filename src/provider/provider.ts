import { isSavedAtEndOnly } from "../config/engine-variables.ts";
import { type Definition, ownerField, type Values } from "../definitions/definition.ts";
import { organization } from "../definitions/organization.ts";
import { nameIn } from "../definitions/tokens.ts";
import { unknown } from "../definitions/want.ts";
import { isScalekitError } from "../errors.ts";
import { type CheckFailure, checkArgs, checkRemovals } from "../lifecycle/check.ts";
import type { Difference } from "../lifecycle/difference.ts";
import { type Lifecycle, newLifecycle } from "../lifecycle/lifecycle.ts";
import type { State } from "../lifecycle/state.ts";
import { type Connection, type ConnectionOptions, connect } from "./connection.ts";
import { type Declared, type Guarantee, newDeclared } from "./declared.ts";
import { newAnswers, type Run } from "./look-ups.ts";
import { skippedCheckpoints } from "./skipped-checkpoints.ts";

/**
 * The verbs of the engine, whichever host calls them. A verb that fails half way throws an error with the resource's id and
 * state: see lifecycle/partial-failure.ts.
 */
export interface Provider {
  check(definition: Definition, call: CheckCall): Promise<readonly CheckFailure[]>;
  diff(definition: Definition, call: ResourceCall & { readonly inputs: Values }): Promise<Difference>;
  create(definition: Definition, call: Named & { readonly inputs: Values }): Promise<{ id: string; state: State }>;
  /** Nothing if the object is gone. A look-up has no state. */
  read(definition: Definition, call: ResourceCall): Promise<Found | undefined>;
  update(definition: Definition, call: ResourceCall & { readonly inputs: Values }): Promise<{ state: State }>;
  delete(definition: Definition, call: ResourceCall): Promise<void>;
  /** What look-ups of this run share. */
  lookUps(): Run;
}

/** Where a host does not know which resource a call is about, it is recognized by its arguments: see declared.ts. */
interface Named {
  readonly urn?: string | undefined;
}

interface ResourceCall extends Named {
  readonly id: string;
  readonly state: Values;
  /** The arguments of the run before, from hosts that give them. */
  readonly oldInputs?: Values | undefined;
}

export interface CheckCall extends Named {
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

/** One provider for each run. It keeps what the program declares, one connection and one journal, and opens both on first use. */
export function newProvider(options: ConnectionOptions): Provider {
  let connected: Connection | undefined;
  let run: Run | undefined;
  let isPreview = false;
  const parts = new Map<Definition, { readonly declared: Declared; lifecycle?: Lifecycle }>();

  function connection(): Connection {
    connected ??= connect(options);
    return connected;
  }

  function partOf(definition: Definition) {
    const known = parts.get(definition) ?? { declared: newDeclared(definition) };
    parts.set(definition, known);
    return known;
  }

  function lifecycleOf(definition: Definition): Lifecycle {
    const part = partOf(definition);
    part.lifecycle ??= newLifecycle(definition, connection().client, connection());
    return part.lifecycle;
  }

  const declaredOf = (definition: Definition): Declared => partOf(definition).declared;

  /**
   * Whether this run may be about to replace an organization. Before the engine deletes one, it asks which resources of that
   * organization are replaced too, and deletes those first. They would be lost if the new organization were refused. So the
   * answer is none. The engine asks again when the new organization exists.
   */
  const mayReplaceOrganization = (): boolean => !isPreview && declaredOf(organization).awaitsCreate();

  /** For a new resource, check also tries the credentials and says what the create would adopt. */
  async function problemsWithCreate(
    definition: Definition,
    { urn, inputs }: CheckCall,
  ): Promise<readonly CheckFailure[]> {
    const { client, journal } = connection();
    if (isSavedAtEndOnly()) {
      const failures = await skippedCheckpoints.check(definition, inputs, journal);
      if (failures.length > 0) return failures;
    }
    await client.authenticate();
    await lifecycleOf(definition).previewCreate(inputs, nameOf(definition, urn));
    return [];
  }

  return {
    async check(definition, call) {
      const { urn, oldInputs, inputs, guarantee } = call;
      isPreview ||= call.isPreview === true || Object.values(inputs).includes(unknown);
      const failures = [
        ...checkArgs(definition, inputs),
        ...checkRemovals(definition, oldInputs ?? {}, inputs),
        ...declaredOf(definition).add(inputs, urn, oldInputs !== undefined, guarantee),
      ];
      if (failures.length > 0) return failures;
      try {
        if (oldInputs === undefined) return await problemsWithCreate(definition, call);
        // Settings that are missing or wrong show at preview.
        connection();
        return [];
      } catch (error) {
        if (isScalekitError(error)) return [{ property: "", reason: error.message }];
        throw error;
      }
    },
    async diff(definition, { urn, id, state, inputs, oldInputs }) {
      const isOfProgram = declaredOf(definition).includes(inputs, urn);
      const found = await lifecycleOf(definition).diff(id, state, inputs, { isOfProgram, oldInputs });
      const isAskedAhead = inputs[ownerField] === unknown && mayReplaceOrganization();
      return isAskedAhead ? { ...found, replaces: found.replaces.filter((name) => name !== ownerField) } : found;
    },
    async create(definition, { urn, inputs }) {
      const own = declaredOf(definition).beginCreate(inputs, urn);
      const { id, outs } = await lifecycleOf(definition).create(inputs, own);
      return { id, state: outs };
    },
    async read(definition, { id, state, oldInputs }) {
      const found = await lifecycleOf(definition).read(id, state, oldInputs);
      return found.id === undefined ? undefined : { id: found.id, state: found.props, inputs: found.inputs };
    },
    async update(definition, { urn, id, state, inputs, oldInputs }) {
      const declared = declaredOf(definition);
      const known = { urn: urn ?? declared.declarerOf(inputs), guarantor: declared.guarantor(), oldInputs };
      const { outs } = await lifecycleOf(definition).update(id, state, inputs, known);
      return { state: outs };
    },
    async delete(definition, { urn, id, state }) {
      const declared = declaredOf(definition);
      if (isSavedAtEndOnly()) skippedCheckpoints.refuseReplacement(definition, id, declared.replaces(state, urn));
      await lifecycleOf(definition).remove(id, state, declared.successorOf(state, urn));
    },
    lookUps() {
      const { client, environmentUrl } = connection();
      run ??= { client: Promise.resolve(client), environmentUrl, answers: newAnswers() };
      return run;
    },
  };
}

const nameOf = ({ name }: Definition, urn: string | undefined): string =>
  urn === undefined ? `The new ${name}` : `${name} ${nameIn(urn)}`;
