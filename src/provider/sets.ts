import type { Values } from "../definitions/definition.ts";
import type { SetDefinition } from "../definitions/organization-set.ts";
import { isScalekitError } from "../errors.ts";
import type { CheckFailure } from "../lifecycle/check.ts";
import { checkSet } from "../set/check.ts";
import { newSet, type OrganizationSet } from "../set/set.ts";
import type { Connection } from "./connection.ts";
import type { Declared } from "./declared.ts";
import { skippedCheckpoints } from "./skipped-checkpoints.ts";
import type { CheckCall, NamedCall, ResourceCall, Verbs } from "./verbs.ts";

export interface SetVerbsOptions {
  connection(): Connection;
  /** What the program declares besides. */
  declared(): Declared;
  readonly isSavedAtEndOnly: boolean;
}

/** The verbs for sets. Where a host does not know which set a call is about, it is recognized by its text. */
export function setVerbs(definition: SetDefinition, options: SetVerbsOptions): Verbs {
  let set: OrganizationSet | undefined;
  const urns = new Map<unknown, string>();

  function setOf(): OrganizationSet {
    const { client, importing, ...connected } = options.connection();
    const isDeclared = (args: Values): boolean => options.declared().declarerOf(args) !== undefined;
    set ??= newSet(definition, client, { ...connected, isDeclared, ...(importing && { importing }) });
    return set;
  }

  const urnOf = ({ urn }: NamedCall, inputs: Values): string | undefined => urn ?? urns.get(inputs["tenants"]);

  async function failuresOf(call: CheckCall): Promise<readonly CheckFailure[]> {
    const { urn, inputs, oldInputs } = call;
    if (urn !== undefined) urns.set(inputs["tenants"], urn);
    const failures = checkSet(definition, inputs, oldInputs);
    if (failures.length > 0) return failures;
    const { client, journal } = options.connection();
    if (options.isSavedAtEndOnly) {
      const refused = await skippedCheckpoints.check(definition.members, { externalId: "" }, journal);
      if (refused.length > 0) return refused;
    }
    if (oldInputs !== undefined) return [];
    await client.authenticate();
    return [];
  }

  return {
    async check(call) {
      try {
        return await failuresOf(call);
      } catch (error) {
        if (isScalekitError(error)) return [{ property: "", reason: error.message }];
        throw error;
      }
    },
    preview: ({ state = {}, inputs, ...call }) => setOf().preview(state, inputs, urnOf(call, inputs)),
    diff: ({ state, inputs }) => setOf().diff(state, inputs),
    create: ({ inputs, ...call }) => setOf().create(inputs, urnOf(call, inputs)),
    async read({ id, state }) {
      return { id, ...(await setOf().read(id, state)) };
    },
    update: ({ id, state, inputs, ...call }) => setOf().update(id, state, inputs, urnOf(call, inputs)),
    delete: ({ id, state, ...call }: ResourceCall) => setOf().remove(id, state, call.urn),
  };
}
