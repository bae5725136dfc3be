import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyOf, lineOf, readLine } from "../../src/set/line.ts";

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
const awkward = fc.oneof(
  text,
  fc.constantFrom(
    '"',
    ",",
    "a,b",
    ' "quoted" ',
    "=",
    "a=b",
    "line\nbreak",
    "\t",
    "metadata.tier=gold",
    "[",
    '["x"]',
    " ",
  ),
);

const args = fc.record(
  {
    externalId: awkward,
    displayName: awkward,
    metadata: fc.dictionary(awkward, awkward, { maxKeys: 3 }),
    features: fc.dictionary(fc.constantFrom("sso", "dirSync"), fc.boolean(), { maxKeys: 2 }),
    slug: fc.constantFrom("acme", "eu.acme"),
    logoUrl: fc.constantFrom("https://example.com/a,b?x=y"),
    adopt: fc.boolean(),
    deletionProtection: fc.boolean(),
    metadataOwnership: fc.constantFrom("all", "declared"),
    formerExternalId: awkward,
  },
  { requiredKeys: ["externalId", "displayName"] },
);

describe("a tenant's line", () => {
  test("says every argument, on one line, and reads as what was written", () => {
    fc.assert(
      fc.property(args, (given) => {
        const line = lineOf(given.externalId, given);
        expect(line).not.toContain("\n");
        expect(keyOf(line)).toBe(given.externalId);
        expect(readLine(line)).toEqual({ key: given.externalId, args: { ...given } });
      }),
      { numRuns: 2000 },
    );
  });

  test("is the same whatever order its arguments have", () => {
    const one = { externalId: "A", displayName: "One", slug: "a", metadata: { tier: "gold", plan: "x" } };
    const other = { metadata: { plan: "x", tier: "gold" }, slug: "a", displayName: "One", externalId: "A" };
    expect(lineOf("A", one)).toBe(lineOf("A", other));
    expect(lineOf("A", one)).toBe("A,One,metadata.plan=x,metadata.tier=gold,slug=a");
  });

  test("says the external ID that was found if that is not its own", () => {
    expect(lineOf("A", { externalId: "B", displayName: "One" })).toBe("A,One,externalId=B");
    expect(readLine("A,One,externalId=B").args).toEqual({ externalId: "B", displayName: "One" });
    expect(lineOf("A", { displayName: "One" })).toBe("A,One,externalId=");
    expect(readLine("A,One,externalId=").args).toEqual({ displayName: "One" });
  });

  test.each([
    ['A,"One', "a quote that does not end"],
    ["A,One,gold", "without the name of an argument"],
    [",One", "does not begin with an external ID"],
  ])("%s is refused", (line, reason) => {
    expect(() => readLine(line)).toThrow(reason);
  });
});
