import { describe, expect } from "vitest";
import type { FaultOptions } from "../../src/emulator/index.ts";
import { needYaml, organizations, yamlStory } from "../support/yaml-stack.ts";

needYaml();

const names = Array.from({ length: 12 }, (_, n) => `customer-${n}`);
const customers = (prefix = "") =>
  organizations(Object.fromEntries(names.map((name) => [name, { displayName: `${prefix}${name}`, externalId: name }])));
/** Without an external ID, so that nothing but the provider's own notes tells whose an organization is. */
const unnamed = organizations(Object.fromEntries(names.map((name) => [name, { displayName: name }])));

describe.concurrent("what goes wrong on the way of a YAML program's requests", () => {
  yamlStory("a rate limit and a token that ends early are waited out, and nothing is made twice", async ({ yaml }) => {
    const emulator = await yaml.emulate();
    const stack = await yaml.stackOn(emulator);
    await stack.write(customers());
    emulator.fail({ method: "POST", skip: 2, count: 4, effect: { kind: "status", status: 429, retryAfter: 1 } });
    emulator.fail({ method: "POST", skip: 5, effect: { kind: "expiredToken" } });
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0, changes: { create: 12 } });
    expect(emulator.requests.some(({ status }) => status === 429)).toBe(true);
    expect(
      emulator
        .organizations()
        .map(({ external_id }) => external_id)
        .sort(),
    ).toEqual([...names].sort());
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
  });

  const lost: readonly (readonly [string, FaultOptions["effect"]])[] = [
    ["never comes", { kind: "cut", when: "after" }],
    ["is a proxy's 502", { kind: "status", status: 502, when: "after" }],
    ["is half of it", { kind: "truncated", ends: "connection" }],
    ["is no JSON", { kind: "garbage" }],
  ];

  yamlStory.for(lost)("a create whose answer %s is found again, and not repeated", async ([, effect], { yaml }) => {
    const emulator = await yaml.emulate();
    const stack = await yaml.stackOn(emulator);
    await stack.write(customers());
    emulator.fail({ method: "POST", skip: 1, count: 3, effect });
    for (let run = 0; run < 3 && (await stack.up()).code !== 0; run++) emulator.heal();
    expect(emulator.organizations()).toHaveLength(12);
    expect(new Set((await stack.organizations()).map(({ id }) => id))).toEqual(
      new Set(emulator.organizations().map(({ id }) => id)),
    );
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
  });

  yamlStory(
    "a create without a key whose answer is lost is not repeated, and the command that the error names takes it in",
    async ({ yaml }) => {
      const emulator = await yaml.emulate();
      const stack = await yaml.stackOn(emulator);
      await stack.write(unnamed);
      emulator.fail({ method: "POST", skip: 1, effect: { kind: "cut", when: "after" } });
      const failed = await stack.up();
      expect(failed.code).not.toBe(0);
      const [, type = "", id = ""] = /run `pulumi import (\S+) NAME (org_\d+)`/.exec(failed.text) ?? [];
      const name = emulator.organizations().find((one) => one.id === id)?.display_name ?? "";
      const taken = await stack.pulumi("import", type, name, id, "--yes", "--generate-code=false", "--protect=false");
      expect(taken, taken.text).toMatchObject({ code: 0 });
      expect(await stack.up()).toMatchObject({ code: 0 });
      expect(emulator.organizations()).toHaveLength(12);
      expect(new Set((await stack.organizations()).map((one) => one.id)).size).toBe(12);
      expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
    },
  );

  yamlStory(
    "an update whose answers are all lost is in doubt in the state, and the next run makes sure",
    async ({ yaml }) => {
      const emulator = await yaml.emulate();
      const stack = await yaml.stackOn(emulator, { env: { SCALEKIT_OPERATION_TIMEOUT: "3" } });
      await stack.write(customers());
      expect(await stack.up()).toMatchObject({ code: 0 });
      await stack.write(customers("The "));
      emulator.fail({ method: "PATCH", count: 500, effect: { kind: "cut", when: "after" } });
      const failed = await stack.up();
      expect(failed.code).not.toBe(0);
      expect(failed.text).not.toMatch(/\n +at /);
      emulator.heal();
      // What was sent stays hidden from who goes back to what the state had.
      await stack.write(customers());
      const up = await stack.up();
      expect(up, up.text).toMatchObject({ code: 0 });
      expect(emulator.organizations().map(({ display_name }) => display_name)).toEqual(expect.arrayContaining(names));
      expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
      expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
    },
  );

  yamlStory(
    "a create that Scalekit half refuses is kept in the state, and finished by the next run",
    async ({ yaml }) => {
      const emulator = await yaml.emulate();
      const stack = await yaml.stackOn(emulator, { env: { SCALEKIT_OPERATION_TIMEOUT: "3" } });
      await stack.write(organizations({ megasoft: { displayName: "Megasoft", features: { sso: true } } }));
      // The features have an endpoint of their own.
      emulator.fail({ method: "PATCH", count: 500, effect: { kind: "status", status: 503 } });
      const failed = await stack.up();
      expect(failed.code).not.toBe(0);
      expect(await stack.organizations()).toMatchObject([{ id: emulator.organizations()[0]?.id }]);
      emulator.heal();
      const preview = await stack.preview();
      expect(preview, preview.text).toMatchObject({ code: 0, changes: { update: 1 } });
      const up = await stack.up();
      expect(up, up.text).toMatchObject({ code: 0, changes: { update: 1 } });
      expect(emulator.organizations()).toMatchObject([{ features: { sso: true } }]);
      expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
    },
  );

  yamlStory("an external ID that another organization has is refused with that organization's id", async ({ yaml }) => {
    const emulator = await yaml.emulate();
    const stack = await yaml.stackOn(emulator);
    await stack.write(organizations({ megasoft: { displayName: "Megasoft", externalId: "CUST-1" } }));
    expect(await stack.up()).toMatchObject({ code: 0 });
    const other = await yaml.stackOn(emulator, { name: "other" });
    await other.write(organizations({ thief: { displayName: "Thief", externalId: "CUST-1" } }));
    const failed = await other.up();
    expect(failed.code).not.toBe(0);
    expect(failed.text).toContain(`its external ID belongs to ${emulator.organizations()[0]?.id}`);
    expect(emulator.organizations()).toHaveLength(1);
    expect(await other.organizations()).toEqual([]);
  });

  yamlStory("external IDs change hands within one run", async ({ yaml }) => {
    const emulator = await yaml.emulate();
    const stack = await yaml.stackOn(emulator);
    const pair = (one: string, two: string) =>
      organizations({ a: { displayName: "A", externalId: one }, b: { displayName: "B", externalId: two } });
    await stack.write(pair("ONE", "TWO"));
    expect(await stack.up()).toMatchObject({ code: 0 });
    await stack.write(pair("TWO", "ONE"));
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0, changes: { update: 2 } });
    const keys = Object.fromEntries(emulator.organizations().map((one) => [one.display_name, one.external_id]));
    expect(keys).toEqual({ A: "TWO", B: "ONE" });
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
  });
});
