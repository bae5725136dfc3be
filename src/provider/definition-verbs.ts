import { isSavedAtEndOnly } from "../config/engine-variables.ts";
import { type Definition, ownerField } from "../definitions/definition.ts";
import { nameIn } from "../definitions/tokens.ts";
import { unknown } from "../definitions/want.ts";
import { isScalekitError } from "../errors.ts";
import { type CheckFailure, checkArgs, checkRemovals } from "../lifecycle/check.ts";
import { type Lifecycle, newLifecycle } from "../lifecycle/lifecycle.ts";
import type { Connection } from "./connection.ts";
import type { Declared } from "./declared.ts";
import { skippedCheckpoints } from "./skipped-checkpoints.ts";
import type { CheckCall, Verbs } from "./verbs.ts";

export interface DefinitionVerbsOptions {
  /** What the program declares of this definition. */
  readonly declared: Declared;
  connection(): Connection;
  /** Whether this run may be about to replace an organization. */
  mayReplaceOrganization(): boolean;
}

/** The verbs for the resources of one definition. */
export function definitionVerbs(definition: Definition, options: DefinitionVerbsOptions): Verbs {
  const { declared, connection, mayReplaceOrganization } = options;
  let opened: Lifecycle | undefined;

  function lifecycle(): Lifecycle {
    opened ??= newLifecycle(definition, connection().client, connection());
    return opened;
  }

  /** For a new resource, check also tries the credentials and says what the create would adopt. */
  async function problemsWithCreate({ urn, inputs }: CheckCall): Promise<readonly CheckFailure[]> {
    const { client, journal } = connection();
    if (isSavedAtEndOnly()) {
      const failures = await skippedCheckpoints.check(definition, inputs, journal);
      if (failures.length > 0) return failures;
    }
    await client.authenticate();
    await lifecycle().previewAdoption(inputs, nameOf(definition, urn));
    return [];
  }

  return {
    async check(call) {
      const { urn, oldInputs, inputs, guarantee } = call;
      const failures = [
        ...checkArgs(definition, inputs),
        ...checkRemovals(definition, oldInputs ?? {}, inputs),
        ...declared.add(inputs, urn, oldInputs !== undefined, guarantee),
      ];
      if (failures.length > 0) return failures;
      try {
        if (oldInputs === undefined) return await problemsWithCreate(call);
        // Settings that are missing or wrong show at preview.
        connection();
        return [];
      } catch (error) {
        if (isScalekitError(error)) return [{ property: "", reason: error.message }];
        throw error;
      }
    },
    async preview({ urn, state, inputs }) {
      // The check of a new resource has said what it adopts.
      if (state === undefined && connection().previewsConflicts) {
        await lifecycle().previewConflict(inputs, nameOf(definition, urn), urn);
      }
    },
    async diff({ urn, id, state, inputs, oldInputs }) {
      const isOfProgram = declared.includes(inputs, urn);
      const found = await lifecycle().diff(id, state, inputs, { isOfProgram, oldInputs });
      const isAskedAhead = inputs[ownerField] === unknown && mayReplaceOrganization();
      return isAskedAhead ? { ...found, replaces: found.replaces.filter((name) => name !== ownerField) } : found;
    },
    async create({ urn, inputs }) {
      const own = declared.beginCreate(inputs, urn);
      const { id, outs } = await lifecycle().create(inputs, own);
      return { id, state: outs };
    },
    async read({ id, state, oldInputs }) {
      const found = await lifecycle().read(id, state, oldInputs);
      return found.id === undefined ? undefined : { id: found.id, state: found.props, inputs: found.inputs };
    },
    async update({ urn, id, state, inputs, oldInputs }) {
      const known = { urn: urn ?? declared.declarerOf(inputs), guarantor: declared.guarantor(), oldInputs };
      const { outs } = await lifecycle().update(id, state, inputs, known);
      return { state: outs };
    },
    async delete({ urn, id, state }) {
      if (isSavedAtEndOnly()) skippedCheckpoints.refuseReplacement(definition, id, declared.replaces(state, urn));
      await lifecycle().remove(id, state, declared.successorOf(state, urn));
    },
  };
}

const nameOf = ({ name }: Definition, urn: string | undefined): string =>
  urn === undefined ? `The new ${name}` : `${name} ${nameIn(urn)}`;
