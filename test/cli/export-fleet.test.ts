import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { readCsv } from "../../src/tenants/csv.ts";
import { estate } from "../support/estate.ts";
import { byHand } from "../support/seed.ts";
import { workplace } from "../support/workplace.ts";

const bodies = [
  { display_name: "Initech", external_id: "CUST-2", metadata: { tier: "silver", region: "eu" } },
  { display_name: "Baxter, Hale & Partners LLP", external_id: "CUST-10", metadata: { tier: "gold" } },
  { display_name: "Megasoft", external_id: "CUST-1", slug: "megasoft" },
];

describe("pulumi-scalekit export --fleet", () => {
  test("writes a list sorted by external ID, with a column for each key in use, and the program that takes it over", async () => {
    const { run, read, folder, emulator, ids } = await workplace(bodies);
    await byHand(emulator, "PATCH", `/${ids[0]}/settings`, { features: [{ name: "sso", enabled: true }] });
    const ended = await run("export", "--fleet");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect((await readdir(folder)).sort()).toEqual(["organizations.ts", "tenants.csv"]);
    expect(await read("tenants.csv")).toBe(
      [
        "externalId,displayName,slug,features.sso,metadata.region,metadata.tier",
        "CUST-1,Megasoft,megasoft,,,",
        'CUST-10,"Baxter, Hale & Partners LLP",,,,gold',
        "CUST-2,Initech,,true,eu,silver",
        "",
      ].join("\n"),
    );
    expect(await read("organizations.ts")).toBe(`// Written by pulumi-scalekit from ${emulator.url}.
import { OrganizationFleet } from "pulumi-scalekit";

/** The organizations of the list. With \`adopt\`, \`pulumi up\` takes over those that exist, by their external IDs. */
export const customers = new OrganizationFleet("customers", { file: "tenants.csv", adopt: true });
`);
    expect(ended.stdout).toBe(`Wrote 3 organizations of ${emulator.url}:
  tenants.csv
  organizations.ts

Next, in the Pulumi project:
  1. Import the code in the program:
       import "./organizations";
  2. Take the organizations into the stack. Scalekit is not changed:
       pulumi up
  3. See that nothing would change:
       pulumi preview --expect-no-changes
`);
  });

  test("writes what a fleet reads as it is at Scalekit, for every awkward value, and the same again", async () => {
    const { run, read } = await workplace(estate(40));
    expect(await run("export", "--fleet", "--native", "--out", "made")).toMatchObject({ code: 0 });
    const text = await read("made/tenants.csv");
    const { rows, problems } = readCsv(text);
    expect(problems).toEqual([]);
    const tenants = new Map(rows.map(({ args }) => [(args as { externalId: string }).externalId, args]));
    for (const { display_name, external_id, metadata = {} } of estate(40) as Record<string, string>[]) {
      if (external_id === undefined) continue;
      const pairs = Object.keys(metadata).length > 0 ? { metadata } : {};
      expect(tenants.get(external_id)).toEqual({ displayName: display_name, externalId: external_id, ...pairs });
    }
    expect([...tenants.keys()]).toEqual([...tenants.keys()].sort());
    expect(await read("made/organizations.ts")).toContain(
      'import { OrganizationFleet } from "pulumi-scalekit/native";',
    );
    expect(await read("made/organizations.ts")).toContain('{ file: "made/tenants.csv", adopt: true }');
    expect(await run("export", "--fleet", "--native", "--out", "made", "--force")).toMatchObject({ code: 0 });
    expect(await read("made/tenants.csv")).toBe(text);
  });

  test("leaves out whom no list can name, says each with the way to take it in, and says what is left alone", async () => {
    const { run, ids, read } = await workplace([
      ...bodies,
      { display_name: "Sandbox" },
      { display_name: "two\r\nlines", external_id: "CUST-3" },
      { display_name: "Odd", external_id: "CUST-4", metadata: { toString: "own" } },
    ]);
    const ended = await run("export", "--fleet");
    expect(ended.stdout).toContain("Wrote 4 organizations of");
    expect(ended.stdout).toContain(`Left out, because no fleet could declare them:
  ${ids[4]}: no CSV file holds its values as they are
  ${ids[3]}: it has no external ID, by which a fleet knows its tenants
To have them as resources of their own, list these ids in a file, and use \`export --ids-from FILE --out FOLDER\`.

Left as it is at Scalekit, because no program could declare it:
  CUST-4: its metadata must not have the key "toString", which a Pulumi program cannot hold
`);
    expect(await read("tenants.csv")).not.toMatch(/Sandbox|CUST-3/);
    const { organizations, refused, files } = JSON.parse((await run("export", "--fleet", "--json", "--force")).stdout);
    expect(organizations.map(({ name, id }: { name: string; id: string }) => [name, id])).toEqual([
      ["CUST-1", ids[2]],
      ["CUST-10", ids[1]],
      ["CUST-2", ids[0]],
      ["CUST-4", ids[5]],
    ]);
    expect(refused.map(({ id }: { id: string }) => id)).toEqual([ids[4], ids[3]]);
    expect(files).toEqual(["tenants.csv", "organizations.ts"]);
  });

  test("writes nothing where none has an external ID", async () => {
    const { run, folder } = await workplace([{ display_name: "Sandbox" }]);
    const ended = await run("export", "--fleet");
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain("No organization of");
    expect(ended.stdout).toContain("it has no external ID");
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ["--include", "roles"],
    ["--group-by", "metadata.tier"],
    ["--language", "yaml"],
  ])("is a list in a program in TypeScript, and no %s", async (...args) => {
    const { run } = await workplace();
    const ended = await run("export", "--fleet", ...args);
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain(`--fleet' cannot be used with option '${args[0]}`);
  });
});

test("an export without --fleet sorts what it declares and imports by name, whatever is older", async () => {
  const { run, read } = await workplace(bodies);
  await run("export");
  const code = await read("organizations.ts");
  expect([...code.matchAll(/new Organization\("(.+?)"/g)].map(([, name]) => name)).toEqual([
    "CUST-1",
    "CUST-10",
    "CUST-2",
  ]);
  const { resources } = JSON.parse(await read("import.json"));
  expect(resources.map(({ name }: { name: string }) => name)).toEqual(["CUST-1", "CUST-10", "CUST-2"]);
});
