import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { workplace } from "../support/workplace.ts";

const bodies = [
  { display_name: "Initech", external_id: "CUST-2", metadata: { tier: "silver" } },
  { display_name: "Baxter, Hale & Partners LLP", external_id: "CUST-1" },
  { display_name: "Sandbox" },
];

test.each([
  { flags: [], module: "pulumi-scalekit" },
  { flags: ["--native"], module: "pulumi-scalekit/native" },
])(
  "export --set writes the list of a set and the program that takes it over, from $module",
  async ({ flags, module }) => {
    const { run, read, folder, emulator, ids } = await workplace(bodies);
    const ended = await run("export", "--set", ...flags);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect((await readdir(folder)).sort()).toEqual(["organizations.ts", "tenants.csv"]);
    expect(await read("tenants.csv")).toBe(
      'externalId,displayName,metadata.tier\nCUST-1,"Baxter, Hale & Partners LLP",\nCUST-2,Initech,silver\n',
    );
    expect(await read("organizations.ts")).toBe(`// Written by pulumi-scalekit from ${emulator.url}.
import { OrganizationSet } from "${module}";

/** The organizations of the list. With \`adopt\`, \`pulumi up\` takes over those that exist, by their external IDs. */
export const customers = new OrganizationSet("customers", { file: "tenants.csv", adopt: true });
`);
    expect(ended.stdout).toContain(`Left out, because no set could declare them:
  ${ids[2]}: it has no external ID, by which a set knows its tenants
`);
    expect(ended.stdout).not.toContain("So many take minutes");
  },
);

test.each([["--fleet"], ["--include", "roles"], ["--group-by", "metadata.tier"], ["--language", "yaml"]])(
  "export --set goes with no %s",
  async (...args) => {
    const { run } = await workplace(bodies);
    const ended = await run("export", "--set", ...args);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("--set' cannot be used with option");
  },
);
