import { expect, test } from "vitest";
import { report } from "../../src/cli/drift-report.ts";
import { inTurns } from "../../src/cli/remote-objects.ts";
import { table } from "../../src/cli/table.ts";
import { organization } from "../../src/definitions/organization.ts";

const many = 200_000;

test("a table may have more rows than a call may have arguments", () => {
  const rows = Array.from({ length: many }, (_, n) => [`org_${n}`, n === many - 1 ? "the widest" : "x"]);
  const lines = table(["ID", "NAME"], rows).split("\n");
  expect(lines).toHaveLength(many + 2);
  expect(lines.slice(0, 2)).toEqual(["ID          NAME", "org_0       x"]);
  expect(lines.at(-2)).toBe("org_199999  the widest");
});

test("a report of drift may have as many of everything", () => {
  const all = Array.from({ length: many }, (_, n) => ({
    definition: organization,
    source: "state.json",
    name: `n-${n}`,
    id: `org_${n}`,
    declared: {},
    live: undefined,
    differences: [{ field: "displayName", declared: "A", live: "B", secret: false }],
    uncompared: ["externalId"],
    unreadable: true as const,
    environment: undefined,
  }));
  const organizations = all.map(({ id }) => ({ id, displayName: "A", metadata: {} }));
  const text = report("https://x.example", {
    managed: many,
    changed: all,
    gone: all,
    uncompared: all,
    unreadable: all,
    shared: all.map((one) => [one, one]),
    unmanaged: organizations,
    unmanagedThings: [],
    elsewhere: false,
    otherEnvironments: [],
  });
  expect(text.split("\n").length).toBeGreaterThan(7 * many);
}, 120_000);

test("as much may be done in turns, and comes back in order", async () => {
  const items = Array.from({ length: many }, (_, n) => n);
  expect(await inTurns(items, async (n) => n)).toEqual(items);
});
