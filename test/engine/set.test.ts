import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { connect } from "../support/plain-client.ts";
import { type Means, type Stack, story } from "../support/story.ts";

/** Both providers of a set. */
const modules = ["pulumi-scalekit", "pulumi-scalekit/native"];

const source = (module: string) => `
  const { OrganizationSet } = require("${module}");
  const args = require("./set.json");
  const set = args && new OrganizationSet("customers", args);
  module.exports = set && { ids: set.ids, count: set.count, one: set.ids.apply((ids) => ids["CUST-1"] ?? "none") };`;

async function begin(means: Means, module: string) {
  const emulator = await means.emulate();
  const stack = await means.stackOn(emulator, { source: source(module), module });
  return { emulator, stack };
}

const write = (stack: Stack, file: string, text: string) => writeFile(join(stack.folder, file), text);
const declare = (stack: Stack, args: object | null) => write(stack, "set.json", JSON.stringify(args));

const writes = (emulator: Emulator, from = 0) =>
  emulator.requests.slice(from).filter(({ method, path }) => method !== "GET" && !path.includes("oauth"));

const held = (emulator: Emulator) =>
  emulator
    .organizations()
    .map(({ external_id, display_name, metadata }) => `${external_id} ${display_name} ${JSON.stringify(metadata)}`)
    .sort();

describe.each(modules)("a set of %s", (module) => {
  story(
    "is created, changed, refreshed, restored and deleted, and previews say what will happen",
    async ({ means }) => {
      const { emulator, stack } = await begin(means, module);
      await write(
        stack,
        "tenants.csv",
        'externalId,displayName,metadata.tier\nCUST-2,Two,\nCUST-1,One,gold\nCUST-3,"Three, Ltd",silver\n',
      );
      await declare(stack, { file: "tenants.csv" });
      const preview = await stack.preview("--diff");
      expect(preview, preview.text).toMatchObject({ code: 0 });
      expect(preview.text).toContain("customers: 3 to create (CUST-1, CUST-2, CUST-3).");
      expect(writes(emulator)).toEqual([]);

      const up = await stack.up();
      expect(up, up.text).toMatchObject({ code: 0 });
      expect(held(emulator)).toEqual([
        'CUST-1 One {"tier":"gold"}',
        "CUST-2 Two {}",
        'CUST-3 Three, Ltd {"tier":"silver"}',
      ]);
      const before = emulator.requests.length;
      expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
      expect(emulator.requests.length).toBe(before);
      const [set] = await stack.resources();
      expect(set?.outputs["tenants"]).toBe(
        'CUST-1,One,metadata.tier=gold\nCUST-2,Two\nCUST-3,"Three, Ltd",metadata.tier=silver',
      );

      await write(
        stack,
        "tenants.csv",
        (await readFile(join(stack.folder, "tenants.csv"), "utf8")).replace("Two", "Zwei"),
      );
      const diff = await stack.preview("--diff");
      expect(diff.text).toContain("1 to update (CUST-2), 2 unchanged.");
      expect(diff.text).toMatch(/- CUST-2,Two\n.*\+ CUST-2,Zwei/);
      const change = await stack.up();
      expect(change, change.text).toMatchObject({ code: 0 });
      expect(writes(emulator, before).map(({ method }) => method)).toEqual(["PATCH"]);

      const [one, two] = emulator.organizations();
      const { call } = await connect(emulator.url);
      await call("PATCH", `/organizations/${one?.id}`, { display_name: "Changed by hand" });
      await call("DELETE", `/organizations/${two?.id}`);
      const refreshed = await stack.refresh("--diff");
      expect(refreshed, refreshed.text).toMatchObject({ code: 0 });
      const again = await stack.up();
      expect(again, again.text).toMatchObject({ code: 0 });
      expect(held(emulator)).toEqual([
        'CUST-1 One {"tier":"gold"}',
        "CUST-2 Zwei {}",
        'CUST-3 Three, Ltd {"tier":"silver"}',
      ]);

      await declare(stack, { file: "tenants.csv", deletionProtection: true });
      expect(await stack.up()).toMatchObject({ code: 0 });
      const gold = { externalId: "CUST-1", displayName: "One", metadata: { tier: "gold" } };
      await declare(stack, { tenants: [gold], deletionProtection: true });
      const refused = await stack.preview();
      expect(refused, refused.text).toMatchObject({ code: 1 });
      expect(refused.text).toContain("2 organizations are protected from deletion");
      await declare(stack, { file: "tenants.csv", deletionProtection: false });
      expect(await stack.up()).toMatchObject({ code: 0 });
      await declare(stack, { tenants: [], deletionProtection: false });
      expect(await stack.up()).toMatchObject({ code: 0 });
      expect(emulator.organizations()).toEqual([]);
      expect(await stack.destroy()).toMatchObject({ code: 0 });
    },
  );
});
