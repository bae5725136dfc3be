import { expect, test } from "vitest";
import { displayNameConventions, metadataKeysRequired, rules } from "../../src/policy/index.ts";
import { judged, remedied, unknown } from "../support/policy.ts";

const config = { keys: { tier: { allowed: ["gold", "standard"], default: "standard" }, owner: {} } };

test("a display name is trimmed, and its spaces made single", async () => {
  const tidy = await remedied(displayNameConventions, { displayName: "  Mega \t soft ", externalId: "CUST-1" });
  expect(tidy).toEqual({ displayName: "Mega soft", externalId: "CUST-1" });
  expect(await judged(displayNameConventions, tidy ?? {})).toEqual([]);
});

test.each([
  ["no-break spaces", "Soci\u00e9t\u00e9\u00a0: 10\u00a0000 lacs"],
  ["ideographic ones", "\u682a\u5f0f\u4f1a\u793e\u3000\u5c71\u7530"],
  ["a tab", "Mega\tsoft"],
])("what the rule lets pass is not rewritten: %s", async (_, displayName) => {
  expect(await judged(displayNameConventions, { displayName })).toEqual([]);
  expect(await remedied(displayNameConventions, { displayName })).toBeUndefined();
  expect(await remedied(displayNameConventions, { displayName: ` ${displayName}` })).toEqual({ displayName });
});

test.each([["Megasoft"], ["   "], [unknown], [7]])(
  "a display name that is %j is left as it is",
  async (displayName) => {
    expect(await remedied(displayNameConventions, { displayName })).toBeUndefined();
  },
);

test("a required key that has a default is added to the metadata, and no other", async () => {
  const props = { displayName: "Megasoft", metadata: { region: "eu" } };
  const mended = await remedied(metadataKeysRequired, props, { config });
  expect(mended).toEqual({ displayName: "Megasoft", metadata: { region: "eu", tier: "standard" } });
});

test.each([
  ["has it", { metadata: { tier: "gold" } }],
  ["has it, with a value that is not known yet", { metadata: { tier: unknown } }],
  ["has metadata that is not known yet", { metadata: unknown }],
  ["has metadata that is none", { metadata: "gold" }],
  // To declare one key would be to clear those that were set by hand.
  ["declares no metadata and owns all of it", {}],
  [
    "has as many pairs as there may be",
    { metadata: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`k${n}x`, "x"])) },
  ],
])("no key is added where the program %s", async (_, props) => {
  expect(await remedied(metadataKeysRequired, { displayName: "Megasoft", ...props }, { config })).toBeUndefined();
});

test("a key is added where the program owns only what it declares", async () => {
  const props = { displayName: "Megasoft", metadataOwnership: "declared" };
  expect(await remedied(metadataKeysRequired, props, { config })).toEqual({ ...props, metadata: { tier: "standard" } });
});

test("no rule remediates unless it is asked to", () => {
  const levels = new Set(Object.values(rules).map(({ enforcementLevel }) => enforcementLevel));
  expect(levels).toEqual(new Set(["mandatory", "advisory"]));
});
