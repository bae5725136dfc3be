import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { furnish } from "../support/furnish.ts";
import { connect } from "../support/plain-client.ts";
import { workplace } from "../support/workplace.ts";

const two = [
  { display_name: "Megasoft Inc", external_id: "CUST-1", metadata: { tier: "gold" } },
  { display_name: "Odd", external_id: "org_looks-like-an-id" },
];

describe("pulumi-scalekit import", () => {
  test("--run imports nothing while the stack's client secret is in plain text", async () => {
    const { run, write, env, emulator, folder, ids } = await workplace(two);
    await write("Pulumi.yaml", "name: app\nruntime: nodejs\n");
    const pulumi = (...args: string[]) => promisify(execFile)("pulumi", args, { cwd: folder, env });
    await pulumi("stack", "init", "test");
    await pulumi("config", "set", "scalekit:clientSecret", emulator.credentials.clientSecret);
    const ended = await run("import", ids[0] as string, "--run", "--yes");
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toMatch(
      /in plain text[\s\S]*pulumi config set --secret scalekit:clientSecret[\s\S]*Nothing was imported/,
    );
    expect((await pulumi("stack", "export")).stdout).not.toContain(emulator.credentials.clientSecret);
  });

  test("finds by id and by external ID, and shows the code and the next commands", async () => {
    const { run, read, ids } = await workplace(two);
    const ended = await run("import", ids[0] as string, "org_looks-like-an-id", "CUST-1");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toBe(`import { Organization } from "pulumi-scalekit";

new Organization("CUST-1", {
  displayName: "Megasoft Inc",
  externalId: "CUST-1",
  metadata: { tier: "gold" },
});
new Organization("org_looks-like-an-id", {
  displayName: "Odd",
  externalId: "org_looks-like-an-id",
});

The import file is import.json. Put the code in the program, and then:
  pulumi import --file import.json --generate-code=false --yes
  pulumi preview --expect-no-changes
`);
    expect(JSON.parse(await read("import.json")).resources).toMatchObject(ids.map((id) => ({ id })));
  });

  test("gives JSON, and the name that it is given", async () => {
    const { run, ids } = await workplace(two);
    const ended = await run("import", "CUST-1", "--name", "megasoft", "--out", "one.json", "--json", "--stack", "prod");
    // No such stack: its configuration is asked for before anything is looked up.
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    const { stdout } = await run("import", "CUST-1", "--name", "megasoft", "--out", "one.json", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      organizations: [{ name: "megasoft", id: ids[0], code: expect.stringContaining('new Organization("megasoft"') }],
      file: "one.json",
      next: "pulumi import --file one.json --generate-code=false --yes",
    });
  });

  test("finds another kind by the id that Pulumi has for it", async () => {
    const { run, read, ids, emulator } = await workplace(two);
    const { call } = await connect(emulator.url);
    const secret = await furnish(call, ids[0] as string);
    const { clients } = (await call("GET", `/organizations/${ids[0]}/clients`)).body;
    const id = `${ids[0]}/${clients[0].client_id}`;
    const ended = await run("import", "--kind", "api-clients", id);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toContain(`import { OrganizationApiClient } from "pulumi-scalekit";

new OrganizationApiClient("CUST-1/Robot", {
  organizationId: "${ids[0]}",
  name: "Robot",
`);
    const file = await read("import.json");
    expect(JSON.parse(file).resources).toMatchObject([{ id, name: "CUST-1/Robot", outputs: { name: "Robot" } }]);
    expect(`${ended.stdout}${file}`).not.toContain(secret);

    const json = await run("import", "--kind", "roles", "billing", "--name", "money", "--force", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ resources: [{ name: "money", id: "billing" }] });
    expect((await run("import", "--kind", "roles", "billing", "nobody", "--force")).stderr).toContain(
      "There is no role with the id nobody",
    );
    // It has the application's.
    const policy = await run("import", "--kind", "session-policies", ids[1] as string, "--force");
    expect(policy.stderr).toContain("There is no session policy of the organization");
  });

  test("names what is not there, and writes nothing", async () => {
    const { run, folder, emulator } = await workplace(two);
    const ended = await run("import", "CUST-1", "CUST-9", "org_9");
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain(
      `no organization with the id or external ID CUST-9, org_9 in the Scalekit environment at ${emulator.url}`,
    );
    expect(await readdir(folder)).toEqual([]);
    expect((await run("import", "CUST-1", "org_looks-like-an-id", "--name", "x")).stderr).toContain(
      "--name is for a single one",
    );
  });
});
