import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { Emulator, EmulatorOptions } from "../../src/emulator/index.ts";
import { byHand } from "../support/seed.ts";
import { organizationType, type Program } from "../support/stack.ts";
import { type Means, story } from "../support/story.ts";

const megasoft = { displayName: "Megasoft Inc", externalId: "CUST-1", metadata: { tier: "gold", plan: "annual" } };
const program = (args: Record<string, unknown>): Program => ({ megasoft: { args } });

/** An emulator and a stack on it, with one organization that is up. */
async function begin(
  { emulate, stackOn }: Means,
  options: EmulatorOptions = {},
  args: Record<string, unknown> = megasoft,
) {
  const emulator = await emulate(options);
  const stack = await stackOn(emulator);
  await stack.write(program(args));
  expect(await stack.up()).toMatchObject({ code: 0, changes: { create: 1 } });
  return { emulator, stack, stored: () => emulator.organizations()[0] };
}

const requestsOf = async (emulator: Emulator, act: () => Promise<unknown>): Promise<string[]> => {
  const before = emulator.requests.length;
  await act();
  return emulator.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
};

describe.concurrent("an organization's life", () => {
  story("up creates it, up again changes nothing and sends nothing, destroy leaves nothing", async ({ means }) => {
    const { emulator, stack, stored } = await begin(means);
    expect(emulator.requests).toMatchObject([{ path: "/oauth/token" }, { method: "POST" }]);
    expect(stored()).toMatchObject({
      display_name: "Megasoft Inc",
      external_id: "CUST-1",
      metadata: { tier: "gold", plan: "annual" },
    });
    const requests = await requestsOf(emulator, async () => {
      expect(await stack.up()).toMatchObject({ code: 0, changes: { same: 1 } });
    });
    expect(requests).toEqual([]);
    expect(await requestsOf(emulator, () => stack.preview("--expect-no-changes"))).toEqual([]);
    expect(await stack.destroy()).toMatchObject({ code: 0, changes: { delete: 1 } });
    expect(emulator.organizations()).toEqual([]);
  });

  story(
    "a change of one metadata key, a rename and each cleared field reach the API, and nothing is replaced",
    async ({ means }) => {
      const { stack, stored } = await begin(means);
      const id = stored()?.id;
      const steps: [Record<string, unknown>, Record<string, unknown>][] = [
        [{ ...megasoft, metadata: { tier: "iron", plan: "annual" } }, { metadata: { tier: "iron", plan: "annual" } }],
        [{ ...megasoft, displayName: "Megasoft SE" }, { display_name: "Megasoft SE" }],
        [
          { ...megasoft, metadata: { tier: "gold" } },
          { metadata: { tier: "gold" }, display_name: "Megasoft Inc" },
        ],
        [{ displayName: "Megasoft Inc", metadata: { tier: "gold" } }, { external_id: null }],
        [{ displayName: "Megasoft Inc" }, { metadata: {} }],
      ];
      for (const [args, expected] of steps) {
        await stack.write(program(args));
        expect(await stack.up()).toMatchObject({ code: 0, changes: { update: 1 } });
        expect(stored()).toMatchObject({ id, ...expected });
        expect(stored()?.metadata).toEqual(args["metadata"] ?? {});
      }
      expect(await stack.up()).toMatchObject({ changes: { same: 1 } });
    },
  );

  story(
    "fields are cleared on a server that merges metadata and clears an external ID by null only",
    async ({ means }) => {
      const { stack, stored } = await begin(means, { semantics: { metadata: "merge", externalIdClear: "null" } });
      await stack.write(program({ displayName: "Megasoft Inc" }));
      expect(await stack.up()).toMatchObject({ code: 0, changes: { update: 1 } });
      expect(stored()).toMatchObject({ external_id: null, metadata: {} });
      expect(await stack.up()).toMatchObject({ changes: { same: 1 } });
    },
  );

  story("what a server will not clear fails the up, stays in state as it is, and is tried again", async ({ means }) => {
    const { stack, stored } = await begin(means, { semantics: { externalIdClear: "never" } });
    await stack.write(program({ displayName: "Renamed" }));
    for (let time = 0; time < 2; time++) {
      const failed = await stack.up();
      expect(failed.code).not.toBe(0);
      expect(failed.text).toContain("did not clear externalId");
      expect(await stack.organizations()).toMatchObject([
        { outputs: { displayName: "Renamed", externalId: "CUST-1" } },
      ]);
    }
    await stack.write(program({ displayName: "Renamed", externalId: "CUST-1" }));
    expect(await stack.up()).toMatchObject({ code: 0 });
    expect(await stack.up()).toMatchObject({ code: 0, changes: { same: 1 } });
    expect(stored()).toMatchObject({ display_name: "Renamed", external_id: "CUST-1" });
  });
});

describe.concurrent("what happens by hand", () => {
  story("an edit is shown by refresh and reverted by up", async ({ means }) => {
    const { emulator, stack, stored } = await begin(means);
    await byHand(emulator, "PATCH", `/${stored()?.id}`, {
      display_name: "By hand",
      external_id: "",
      metadata: { tier: "iron" },
    });
    const preview = await stack.preview("--refresh", "--diff");
    expect(preview.text).toMatch(/\+ externalId *: "CUST-1"/);
    expect(preview.text).toMatch(/~ tier *: "iron" => "gold"/);
    const refresh = await stack.refresh("--diff");
    expect(refresh).toMatchObject({ code: 0, changes: { update: 1 } });
    expect(refresh.text).toMatch(/~ displayName *: "Megasoft Inc" => "By hand"/);
    expect(stored()?.display_name).toBe("By hand");
    expect(await stack.up()).toMatchObject({ code: 0, changes: { update: 1 } });
    expect(stored()).toMatchObject({
      display_name: "Megasoft Inc",
      external_id: "CUST-1",
      metadata: { tier: "gold", plan: "annual" },
    });
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
  });

  story("a delete is shown by refresh, and up creates the organization again", async ({ means }) => {
    const { emulator, stack, stored } = await begin(means);
    const id = stored()?.id;
    await byHand(emulator, "DELETE", `/${id}`);
    expect(await stack.refresh()).toMatchObject({ code: 0, changes: { delete: 1 } });
    expect(await stack.organizations()).toEqual([]);
    expect(await stack.up()).toMatchObject({ code: 0, changes: { create: 1 } });
    expect(emulator.organizations()).toMatchObject([{ external_id: "CUST-1" }]);
    expect(stored()?.id).not.toBe(id);
  });

  story(
    "what the program never declared is left alone: by refresh, by up, by a change of something else",
    async ({ means }) => {
      const { emulator, stack, stored } = await begin(means, {}, { displayName: "Sandbox" });
      await byHand(emulator, "PATCH", `/${stored()?.id}`, { external_id: "BY-HAND", metadata: { owner: "sales" } });
      expect(await stack.refresh()).toMatchObject({ code: 0 });
      expect(await stack.up()).toMatchObject({ code: 0, changes: { same: 1 } });
      await stack.write(program({ displayName: "Sales sandbox" }));
      expect(await stack.up()).toMatchObject({ code: 0, changes: { update: 1 } });
      expect(stored()).toMatchObject({
        display_name: "Sales sandbox",
        external_id: "BY-HAND",
        metadata: { owner: "sales" },
      });
    },
  );

  story("an environment that answers 404 without being Scalekit loses nothing from the state", async ({ means }) => {
    const { emulator, stack } = await begin(means);
    emulator.fail({ method: "GET", effect: { kind: "garbage", status: 404, body: "<html>no such host</html>" } });
    expect((await stack.refresh()).code).not.toBe(0);
    expect(await stack.organizations()).toHaveLength(1);
  });
});

describe.concurrent("more than one", () => {
  story("two stacks in one environment do not touch each other's organizations", async ({ means }) => {
    const { emulator, stack } = await begin(means);
    const other = await means.stackOn(emulator, { name: "other" });
    await other.write({ initech: { args: { displayName: "Initech", externalId: "CUST-2" } } });
    expect(await other.up()).toMatchObject({ code: 0, changes: { create: 1 } });
    expect(await other.destroy()).toMatchObject({ code: 0, changes: { delete: 1 } });
    expect(emulator.organizations()).toMatchObject([{ external_id: "CUST-1" }]);
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
  });

  story("an external ID that another organization has is refused, with that organization's id", async ({ means }) => {
    const { emulator, stack, stored } = await begin(means);
    const other = await means.stackOn(emulator, { name: "other" });
    await other.write({ thief: { args: { displayName: "Thief", externalId: "CUST-1" } } });
    const failed = await other.up();
    expect(failed.code).not.toBe(0);
    expect(failed.text).toContain(`its external ID belongs to ${stored()?.id}`);
    expect(emulator.organizations()).toHaveLength(1);
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
  });

  story("a rate limit and a token that ends early are waited out, and nothing is made twice", async ({ means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator);
    const names = Array.from({ length: 12 }, (_, n) => `customer-${n}`);
    await stack.write(
      Object.fromEntries(names.map((name) => [name, { args: { displayName: name, externalId: name } }])),
    );
    emulator.fail({ method: "POST", skip: 2, count: 4, effect: { kind: "status", status: 429, retryAfter: 1 } });
    emulator.fail({ method: "POST", skip: 5, effect: { kind: "expiredToken" } });
    expect(await stack.up()).toMatchObject({ code: 0, changes: { create: 12 } });
    expect(
      emulator
        .organizations()
        .map(({ external_id }) => external_id)
        .sort(),
    ).toEqual([...names].sort());
    expect(await stack.up()).toMatchObject({ changes: { same: 12 } });
  });
});

/** For figures: REFRESH_SIZE=1000, and REFRESH_OTHERS=50000 for organizations that are not the stack's. */
const size = Number(process.env["REFRESH_SIZE"] ?? 260);
const others = Number(process.env["REFRESH_OTHERS"] ?? 0);

story("hundreds cost a request each to make, and a page for each hundred to refresh", async ({ means }) => {
  const customer = (n: number) => ({ displayName: `Customer ${n}`, externalId: `CUST-${n}` });
  const seed = Array.from({ length: others }, (_, n) => ({ display_name: `Somebody else's ${n}` }));
  // The stack's own come last in the list, or are asked for from its end.
  const order = others > 0 ? "oldest" : "newest";
  const emulator = await means.emulate({ seed, semantics: { order } });
  // Many times faster, and what that may lose is not what this is about.
  const env = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };
  const stack = await means.stackOn(emulator, { env });
  const all = Object.fromEntries(Array.from({ length: size }, (_, n) => [`customer-${n}`, { args: customer(n) }]));

  /** How many requests of each kind are made. */
  async function costOf(act: () => Promise<unknown>) {
    const cost: Record<string, number> = {};
    for (const request of await requestsOf(emulator, act)) {
      const kind = request.replace(/org_\d+/, "{id}");
      cost[kind] = (cost[kind] ?? 0) + 1;
    }
    if (process.env["REFRESH_SIZE"]) console.log(`${size} of ${size + others}: ${JSON.stringify(cost)}`);
    const { "POST /oauth/token": tokens, "POST /api/v1/organizations": creates, ...rest } = cost;
    const { "PATCH /api/v1/organizations/{id}": updates, ...reads } = rest;
    return { tokens, creates, updates, reads: Object.values(reads).reduce((sum, count) => sum + count, 0) };
  }

  await stack.write(all);
  const up = await costOf(async () => expect(await stack.up()).toMatchObject({ code: 0, changes: { create: size } }));
  expect(up).toEqual({ tokens: 1, creates: size, updates: undefined, reads: 0 });

  const pages = Math.ceil((size + others) / 100);
  const most = pages < 8 ? pages + 1 : 2 * Math.min(size, pages);
  const refresh = await costOf(async () =>
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 }),
  );
  expect(refresh).toMatchObject({ tokens: 1, creates: undefined, updates: undefined });
  expect(refresh.reads).toBeLessThanOrEqual(most);

  await stack.write({ ...all, "customer-0": { args: { ...customer(0), displayName: "Renamed" } } });
  const both = await costOf(async () => expect(await stack.up("--refresh")).toMatchObject({ code: 0 }));
  expect(both).toMatchObject({ tokens: 1, creates: undefined, updates: 1 });
  expect(both.reads).toBeLessThanOrEqual(most);
});

story("a resource that Organization.get reads is never changed nor deleted", async ({ means }) => {
  const { emulator, stored } = await begin(means);
  const reader = await means.stackOn(emulator, {
    name: "reader",
    source: `
      const { Organization } = require("pulumi-scalekit");
      const found = Organization.get("found", ${JSON.stringify(stored()?.id)});
      exports.name = found.displayName;
      exports.externalId = found.externalId;
      exports.tier = found.metadata.apply((pairs) => pairs.tier);`,
  });
  const requests = await requestsOf(emulator, async () => expect(await reader.up()).toMatchObject({ code: 0 }));
  expect(requests).toEqual(["POST /oauth/token", `GET /api/v1/organizations/${stored()?.id}`]);
  const outputs = await reader.pulumi("stack", "output", "--json");
  expect(JSON.parse(outputs.text)).toEqual({ name: "Megasoft Inc", externalId: "CUST-1", tier: "gold" });
  expect(await reader.destroy()).toMatchObject({ code: 0 });
  expect(emulator.organizations()).toHaveLength(1);
});

story(
  "an organization that exists comes in by an import file, and up then changes and sends nothing",
  async ({ means }) => {
    const { emulator, stored } = await begin(means);
    const stack = await means.stackOn(emulator, { name: "adopter" });
    const provider = { __provider: "require('pulumi-scalekit/Organization')(exports)" };
    const state = { displayName: "Megasoft Inc", ...provider };
    const resource = { type: organizationType, name: "megasoft", id: stored()?.id, inputs: state, outputs: state };
    await writeFile(join(stack.folder, "import.json"), JSON.stringify({ resources: [resource] }));
    const imported = await stack.pulumi(
      "import",
      "--file",
      "import.json",
      "--yes",
      "--generate-code=false",
      "--protect=false",
    );
    expect(imported, imported.text).toMatchObject({ code: 0 });
    expect(await stack.refresh()).toMatchObject({ code: 0 });
    await stack.write(program(megasoft));
    const requests = await requestsOf(emulator, async () => {
      const up = await stack.up();
      expect(up, up.text).toMatchObject({ code: 0 });
    });
    expect(requests.filter((request) => request.startsWith("P"))).toEqual([]);
    expect(await stack.organizations()).toMatchObject([{ inputs: megasoft, outputs: megasoft }]);
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
  },
);
