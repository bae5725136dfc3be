import { isSavedAtEndOnly } from "../config/engine-variables.ts";
import type { Values } from "../definitions/definition.ts";
import type { SetDefinition } from "../definitions/organization-set.ts";
import { unknown } from "../definitions/want.ts";
import { isScalekitError } from "../errors.ts";
import type { CheckFailure } from "../lifecycle/check.ts";
import { checkSet, listed } from "../set/check.ts";
import { keyOf } from "../set/line.ts";
import { textIn } from "../set/members.ts";
import { newSet, type OrganizationSet } from "../set/set.ts";
import type { Connection } from "./connection.ts";
import type { Declared } from "./declared.ts";
import type { CheckCall, NamedCall, ResourceCall, Verbs } from "./verbs.ts";

export interface SetVerbsOptions {
  connection(): Connection;
  /** What the program declares besides. */
  declared(): Declared;
}

/** The verbs for sets. Where a host does not know which set a call is about, it is recognized by its first tenant. */
export function setVerbs(definition: SetDefinition, options: SetVerbsOptions): Verbs {
  let set: OrganizationSet | undefined;
  const urns = new Map<string, string>();

  function setOf(): OrganizationSet {
    const { client, importing, ...connected } = options.connection();
    const isDeclared = (args: Values): boolean => options.declared().declarerOf(args) !== undefined;
    set ??= newSet(definition, client, { ...connected, isDeclared, ...(importing && { importing }) });
    return set;
  }

  const urnOf = ({ urn }: NamedCall, inputs: Values): string | undefined => urn ?? urns.get(firstIn(inputs));

  /** No two resources may declare one external ID. */
  function problemsBetween(inputs: Values, urn: string): CheckFailure[] {
    if (inputs["tenants"] === unknown) return [];
    const problems = textIn(inputs["tenants"])
      .map(keyOf)
      .flatMap((externalId) =>
        options
          .declared()
          .addTenant({ externalId }, urn)
          .map(({ property, reason }) => `${externalId}: ${property} ${reason}`),
      );
    return listed(problems).map((reason) => ({ property: "tenants", reason }));
  }

  async function failuresOf(call: CheckCall): Promise<readonly CheckFailure[]> {
    const { urn, inputs, oldInputs } = call;
    const failures = checkSet(definition, inputs, oldInputs);
    if (failures.length > 0) return failures;
    if (urn !== undefined) {
      urns.set(firstIn(inputs), urn);
      const between = problemsBetween(inputs, urn);
      if (between.length > 0) return between;
    }
    const { client, journal } = options.connection();
    // With checkpoints skipped, only the journal says after a kill what was made. Every tenant has the key that this takes.
    if (isSavedAtEndOnly()) await journal.requireStorage();
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

/** No other set has it. A policy may change the rest after the check, and the engine does not check it again. */
const firstIn = ({ tenants }: Values): string => {
  // A text may have a hundred thousand lines.
  const [line = ""] = typeof tenants === "string" ? tenants.split("\n", 1) : [];
  return keyOf(line);
};
