import { expect } from "vitest";
import { endAt, unlock, ways } from "../support/crash.ts";
import { type Door, declare } from "../support/moving.ts";
import { expectSuccess } from "../support/stack.ts";
import { story } from "../support/story.ts";

const size = 60;
const numbers = Array.from({ length: size }, (_, n) => n);

/** Organizations with and without an external ID, and a role and an API client for some of them. */
const source = `
const { native } = require("./program.json");
const { Organization, OrganizationRole, OrganizationApiClient } = require(native ? "pulumi-scalekit/native" : "pulumi-scalekit");
for (let n = 0; n < ${size}; n++) {
  const key = n % 3 === 0 ? {} : { externalId: "CUST-" + n };
  const { id: organizationId } = new Organization("customer-" + n, { displayName: "Customer " + n, ...key });
  if (n % 6 === 1) new OrganizationRole("role-" + n, { organizationId, name: "auditor", displayName: "Auditor" });
}`;

story.concurrent.for([
  ["dynamic", "native"],
  ["native", "dynamic"],
] as [Door, Door][])(
  "a run of the %s provider that a kill has ended is finished by the %s one, none doubled and none lost",
  { timeout: 600_000 },
  async ([from, to], { means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator, { source });
    await declare(stack, { native: from === "native" });
    const end = ways["kill -9 of the CLI, the program and the provider"];
    const reached = await endAt(10 + Math.floor(Math.random() * (size - 20)), end, stack, emulator);
    const made = emulator.organizations().map(({ id }) => id);
    await unlock(stack);

    await declare(stack, { native: to === "native" });
    // What has no key and whose answer was under way may be somebody else's, so it is named and not taken.
    let up = await stack.up();
    const doubtful = [...up.text.matchAll(/(org_\d+),? (?:created|which)/g)].map(([, id]) => id);
    if (up.code !== 0) {
      expect(up.text.replaceAll(/\s+/g, " "), `ended at ${reached}`).toContain("An interrupted run of this stack");
      expect(doubtful.length, up.text).toBeGreaterThan(0);
      up = await stack.up();
    }
    expect(up, `ended at ${reached}: ${up.text}`).toMatchObject({ code: 0 });
    const stored = emulator.organizations();
    expect(stored.map(({ display_name }) => display_name).sort()).toEqual(numbers.map((n) => `Customer ${n}`).sort());
    expect(stored.map(({ id }) => id)).toEqual(expect.arrayContaining(made));
    expect((await stack.organizations()).map(({ id }) => id).sort()).toEqual(stored.map(({ id }) => id).sort());
    expect(emulator.all("roles").filter(({ name }) => name === "auditor")).toHaveLength(size / 6);
    await expectSuccess(stack.refresh("--clear-pending-creates", "--expect-no-changes"));
    const again = await expectSuccess(stack.up("--expect-no-changes"));
    expect(again.text).not.toContain("pending operations");
    await expectSuccess(stack.destroy());
    expect(emulator.organizations()).toEqual([]);
  },
);
