import { describe, expect, test } from "vitest";
import type { Live } from "../../src/api/codec.ts";
import type { Values } from "../../src/definitions/definition.ts";
import { organization } from "../../src/definitions/organization.ts";
import { unknown } from "../../src/definitions/want.ts";
import { declaredBy } from "../../src/lifecycle/declaration.ts";
import { type State, statesOf } from "../../src/lifecycle/state.ts";

const { changedFields, declaredIn, inputsOf, stateOf } = statesOf(organization);
const stateFor = (one: Live, args: Values): State => stateOf(one, declaredBy(organization, args), args);

const live: Live = {
  id: "org_1",
  displayName: "Megasoft",
  externalId: "CUST-1",
  metadata: { tier: "gold", plan: "annual" },
  regionCode: "US",
  createTime: "2026-01-01T00:00:00Z",
  updateTime: "2026-01-02T00:00:00Z",
};
const args = { displayName: "Megasoft", externalId: "CUST-1", metadata: { tier: "gold", plan: "annual" } };
const state = stateFor(live, args);

describe("what counts as a change", () => {
  test.each<[string, State, Record<string, unknown>, string[]]>([
    ["nothing", state, args, []],
    ["the order of metadata keys does not", state, { ...args, metadata: { plan: "annual", tier: "gold" } }, []],
    ["server timestamps do not", { ...state, updateTime: "2030-01-01T00:00:00Z" }, args, []],
    ["a name", state, { ...args, displayName: "Mega" }, ["displayName"]],
    ["an external ID", state, { ...args, externalId: "CUST-2" }, ["externalId"]],
    ["a value of metadata", state, { ...args, metadata: { tier: "iron", plan: "annual" } }, ["metadata"]],
    ["a key more", state, { ...args, metadata: { ...args.metadata, seats: "5" } }, ["metadata"]],
    ["a key less", state, { ...args, metadata: { tier: "gold" } }, ["metadata"]],
    ["another key of the same value", state, { ...args, metadata: { tier: "gold", term: "annual" } }, ["metadata"]],
    ["metadata emptied", state, { ...args, metadata: {} }, ["metadata"]],
    ["metadata taken out of the program", state, { displayName: "Megasoft", externalId: "CUST-1" }, ["metadata"]],
    ["an external ID taken out of the program", state, { ...args, externalId: undefined }, ["externalId"]],
    ["a value that is not known yet", state, { ...args, externalId: unknown }, ["externalId"]],
    ["one unknown value of metadata", state, { ...args, metadata: { tier: unknown, plan: "annual" } }, ["metadata"]],
    [
      "a saved value of metadata that was unknown",
      { ...state, metadata: { tier: unknown } },
      { ...args, metadata: { tier: unknown } },
      ["metadata"],
    ],
    ["an option that is not known yet", state, { ...args, deletionProtection: unknown }, ["deletionProtection"]],
    ["adopting, once it is done, does not", state, { ...args, adopt: true }, []],
    [
      "a saved value that was unknown",
      { ...state, externalId: unknown },
      { ...args, externalId: unknown },
      ["externalId"],
    ],
  ])("%s", (_, before, after, expected) => {
    expect(changedFields(before, after)).toEqual(expected);
  });
});

describe("fields that the program does not declare", () => {
  const unmanaged = stateFor(live, { displayName: "Megasoft" });

  test("are shown in the outputs and marked as nobody's", () => {
    expect(unmanaged).toMatchObject({
      externalId: "CUST-1",
      __notes: { undeclared: ["externalId", "metadata"] },
    });
    expect(declaredIn(unmanaged)).toEqual(["displayName"]);
  });

  test("are no change, whatever they hold", () => {
    expect(changedFields(unmanaged, { displayName: "Megasoft" })).toEqual([]);
  });

  test("are a change once declared, even as what they are, so that a later removal clears them", () => {
    expect(changedFields(unmanaged, { displayName: "Megasoft", externalId: "CUST-1" })).toEqual(["externalId"]);
  });

  test("are not among the inputs that a refresh reports", () => {
    expect(inputsOf(unmanaged, declaredIn(unmanaged))).toEqual({ displayName: "Megasoft" });
  });
});

test("an organization without anything optional takes up no room for it in state", () => {
  expect(stateFor({ id: "org_1", displayName: "Megasoft", metadata: {} }, { displayName: "Megasoft" })).toEqual({
    displayName: "Megasoft",
  });
});

test("declared empty metadata stays declared", () => {
  const empty = stateFor(
    { id: "org_1", displayName: "Megasoft", metadata: {} },
    { displayName: "Megasoft", metadata: {} },
  );
  expect(declaredIn(empty)).toEqual(["displayName", "metadata"]);
  expect(changedFields(empty, { displayName: "Megasoft", metadata: {} })).toEqual([]);
});
