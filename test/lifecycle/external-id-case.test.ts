import { expect, test } from "vitest";
import { begin, full } from "../support/lifecycle.ts";

const other = { ...full, externalId: full.externalId?.toLowerCase() };

/** A server that takes external IDs in other case for the same, with one organization, and what our words for that are. */
async function beginWith(externalIdCase: "unique" | "ignored") {
  const { lifecycle, emulator, organizations } = await begin({ externalIdCase });
  const { id } = await lifecycle.create(full);
  const refusalOf = (run: () => Promise<unknown>) =>
    run().then(
      () => "taken",
      (error: Error) => error.message,
    );
  return { lifecycle, emulator, organizations, id, refusalOf };
}

test("a look-up by another spelling names the organization that Scalekit takes it for", async () => {
  const { organizations, id, refusalOf } = await beginWith("ignored");
  expect(await refusalOf(() => organizations.findByKey({ externalId: "cust-1" }))).toMatch(
    new RegExp(
      `takes it for that of ${id}, which differs from it in upper and lower case .*Write it exactly as Scalekit has it`,
    ),
  );
});

test.each(["unique", "ignored"] as const)("one of another spelling is neither made nor adopted: %s", async (way) => {
  const { lifecycle, emulator, refusalOf } = await beginWith(way);
  const [before] = emulator.organizations();
  for (const adopt of [false, true]) {
    expect(await refusalOf(() => lifecycle.create({ ...other, adopt }))).toMatch(
      /409 ALREADY_EXISTS|upper and lower case/,
    );
  }
  expect(emulator.organizations()).toEqual([before]);
});
