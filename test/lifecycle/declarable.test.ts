import { describe, expect, test } from "vitest";
import { type Definition, isReadable } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { organization } from "../../src/definitions/organization.ts";
import type { State } from "../../src/lifecycle/state.ts";
import { asManaged, statesOf } from "../../src/lifecycle/state.ts";
import { begin, beginWith, full } from "../support/lifecycle.ts";

test("an import declares no feature that is off and nothing that no program could, and leaves both alone", async () => {
  const { lifecycle } = await begin();
  const { id } = await lifecycle.create({ ...full, features: { sso: true, dirSync: false } });
  const { props, inputs } = await lifecycle.read(id, {});
  expect(inputs).toEqual({ ...full, features: { sso: true } });
  const state = asManaged(organization, props as State, inputs ?? {});
  expect(state).toMatchObject({
    features: { sso: true, dirSync: false },
    __notes: { undeclared: ["features.dirSync"] },
  });
  expect(state).not.toHaveProperty("readOnly");
  expect(statesOf(organization).changedFields(state, inputs ?? {}, inputs)).toEqual([]);
});

describe.each(Object.values<Definition>(definitions).filter(isReadable))("an import of $name", (definition) => {
  test("declares what was declared, so that the same program changes nothing", async () => {
    const world = await beginWith(definition);
    const { id } = await world.lifecycle.create(world.full, "urn:pulumi:s::p::t::one");
    const { props, inputs = {} } = await world.lifecycle.read(id, {});
    const { changedFields } = statesOf(definition);
    const state = asManaged(definition, props as State, inputs);
    expect(changedFields(state, inputs, inputs)).toEqual([]);
  });
});
