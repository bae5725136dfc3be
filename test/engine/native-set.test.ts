import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { requestsOf } from "../support/seed.ts";
import { needYaml, type YamlProgram, yamlStory } from "../support/yaml-stack.ts";

needYaml();

const program = (properties: Record<string, unknown>): YamlProgram => ({
  resources: { customers: { type: "scalekit:OrganizationSet", properties } },
  outputs: { count: "$" + "{customers.count}", ids: "$" + "{customers.idList}" },
});

const text = 'CUST-2,Two\n\nCUST-1,One,metadata.tier=gold,features.sso=true\nCUST-3,"Three, Ltd"\n';

describe("a set of a YAML program", () => {
  yamlStory("is declared by a text, shows the lines that change, and is refreshed and deleted", async ({ yaml }) => {
    const emulator = await yaml.emulate();
    const stack = await yaml.stackOn(emulator);
    await stack.write(program({ tenants: text }));
    const preview = await stack.preview();
    expect(preview.text).toContain("customers: 3 to create (CUST-1, CUST-2, CUST-3).");
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0 });
    expect(up.text).not.toMatch(/warning/i);
    expect(up.text).toMatch(/count *: 3/);
    const requests = await requestsOf(emulator, async () => {
      expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
      expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
    });
    expect(requests).toEqual([]);

    await stack.write(program({ tenants: text.replace("Two", "Zwei") }));
    const diff = await stack.preview("--diff");
    expect(diff.text).toMatch(/- CUST-2,Two\n.*\+ CUST-2,Zwei/);
    expect(diff.text).toContain("customers: 1 to update (CUST-2), 2 unchanged.");
    expect(await stack.up()).toMatchObject({ code: 0 });
    const refreshed = await stack.refresh("--expect-no-changes");
    expect(refreshed, refreshed.text).toMatchObject({ code: 0 });

    await stack.write(
      program({ tenants: "CUST-1,One\nCUST-1,Again\nCUST-4,,metadata.tier=gold\nCUST-5,Five,tier=gold" }),
    );
    const refused = await stack.preview();
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("CUST-1 stands in two lines");
    expect(refused.text).toContain("CUST-4: displayName must be a string, not missing");
    expect(refused.text).toContain("CUST-5: tier is not an argument");

    await stack.write({});
    expect(await stack.up()).toMatchObject({ code: 0 });
    expect(emulator.organizations()).toEqual([]);
  });

  yamlStory(
    "is declared by a file of its project, and every mistake in that is reported with its line",
    async ({ yaml }) => {
      const emulator = await yaml.emulate();
      const stack = await yaml.stackOn(emulator);
      const file = join(stack.folder, "tenants.csv");
      await writeFile(file, "externalId,displayName,metadata.tier\nCUST-1,,gold\nCUST-2,Two,\nCUST-2,Again,\n");
      await stack.write(program({ file: "tenants.csv" }));
      const refused = await stack.preview();
      expect(refused.code).not.toBe(0);
      expect(refused.text).toContain("tenants.csv:2: displayName must be a string, not missing");
      expect(refused.text).toContain("tenants.csv:4: externalId is the same as that of tenants.csv:3");
      expect(emulator.requests.filter(({ path }) => path.includes("organizations"))).toEqual([]);

      await writeFile(file, "externalId,displayName,metadata.tier\nCUST-1,One,gold\nCUST-2,Two,\n");
      const up = await stack.up();
      expect(up, up.text).toMatchObject({ code: 0 });
      expect(emulator.organizations().map(({ external_id }) => external_id)).toEqual(["CUST-1", "CUST-2"]);
      expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
      // The same tenants as a text are no change.
      await stack.write(program({ tenants: "CUST-2,Two\nCUST-1,One,metadata.tier=gold" }));
      const same = await stack.up("--expect-no-changes");
      expect(same, same.text).toMatchObject({ code: 0 });

      await stack.write(program({ file: "tenants.csv", tenants: "CUST-1,One" }));
      const both = await stack.preview();
      expect(both.text).toContain("give either file or tenants, not both");
    },
  );
});
