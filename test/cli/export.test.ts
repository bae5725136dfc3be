import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { talkativeCommand } from "../support/command.ts";
import { estate } from "../support/estate.ts";
import { furnish } from "../support/furnish.ts";
import { connect } from "../support/plain-client.ts";
import { byHand, requestsOf } from "../support/seed.ts";
import { startServer } from "../support/server.ts";
import { organizationType, repository } from "../support/stack.ts";
import { workplace } from "../support/workplace.ts";

const three = [
  { display_name: "Megasoft Inc", external_id: "CUST-1", metadata: { tier: "gold", plan: "annual" } },
  { display_name: "Initech", external_id: "CUST-2", metadata: { tier: "Gold" } },
  { display_name: "Sandbox" },
];

describe("pulumi-scalekit export", () => {
  test("writes an import file and code that declares just what is set", async () => {
    const { run, read, ids, emulator } = await workplace(three);
    const ended = await run("export");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toBe(`Wrote 3 organizations of ${emulator.url}:
  import.json
  organizations.ts

Next, in the Pulumi project:
  1. Import the code in the program:
       import "./organizations";
  2. Take the organizations into the stack. Scalekit is not changed:
       pulumi import --file import.json --generate-code=false --yes
  3. See that nothing would change:
       pulumi preview --expect-no-changes
`);
    expect(await read("organizations.ts")).toBe(`// Written by pulumi-scalekit from ${emulator.url}.
import { Organization } from "pulumi-scalekit";

/** The organizations by the names that they have in the stack. */
export const organizations = {
  "CUST-1": new Organization("CUST-1", {
    displayName: "Megasoft Inc",
    externalId: "CUST-1",
    metadata: { plan: "annual", tier: "gold" },
  }),
  "CUST-2": new Organization("CUST-2", {
    displayName: "Initech",
    externalId: "CUST-2",
    metadata: { tier: "Gold" },
  }),
  Sandbox: new Organization("Sandbox", {
    displayName: "Sandbox",
  }),
};
`);
    const { resources } = JSON.parse(await read("import.json"));
    expect(resources).toMatchObject(
      ids.map((id, at) => ({ type: organizationType, name: ["CUST-1", "CUST-2", "Sandbox"][at], id })),
    );
  });

  test("declares slug, logo and the features that are on", async () => {
    const { run, read, ids, emulator } = await workplace([
      { display_name: "Megasoft", slug: "megasoft", logo_url: "https://cdn.example.com/1" },
    ]);
    const features = [
      { name: "sso", enabled: true },
      { name: "dir_sync", enabled: false },
    ];
    await byHand(emulator, "PATCH", `/${ids[0]}/settings`, { features });
    await run("export");
    expect(await read("organizations.ts")).toContain(`    displayName: "Megasoft",
    slug: "megasoft",
    logoUrl: "https://cdn.example.com/1",
    features: { sso: true },
`);
    const { resources } = JSON.parse(await read("import.json"));
    expect(resources[0].outputs).toMatchObject({
      slug: "megasoft",
      features: { sso: true, dirSync: false },
      __notes: { undeclared: ["features.dirSync"] },
    });
  });

  test("writes the same again, and code that TypeScript parses and that hides nothing, for every awkward name", async () => {
    const { run, read } = await workplace(estate(30));
    expect(await run("export")).toMatchObject({ code: 0 });
    const first = await read("organizations.ts");
    expect(await run("export", "--force")).toMatchObject({ code: 0 });
    expect(await read("organizations.ts")).toBe(first);
    const { diagnostics } = ts.transpileModule(first, { reportDiagnostics: true });
    expect(diagnostics).toEqual([]);
    expect(first).not.toMatch(/[^\P{C}\n]|[^\P{Z} ]/u);
    expect(first).toContain("\\u202egpj.exe");
    expect(first).toContain(`// metadata is left alone at Scalekit: it must not have the key "toString"`);
  });

  test("leaves alone what a program may not declare, and leaves out an organization that none could", async () => {
    const { run, read, env } = await workplace();
    const pairs = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`key_${n}`, "value"]));
    const { url } = await startServer(({ path }) =>
      path === "/oauth/token"
        ? undefined
        : {
            json: {
              organizations: [
                { id: "org_1", display_name: "Many", external_id: "m".repeat(256), metadata: pairs },
                { id: "org_2", display_name: "" },
              ],
            },
          },
    );
    env["SCALEKIT_ENVIRONMENT_URL"] = url;
    const ended = await run("export");
    expect(ended.stdout).toContain(
      "Left out, because no program could declare them:\n  org_2: its display name must be 1",
    );
    expect(await read("organizations.ts")).toContain(`    displayName: "Many",
    // externalId is left alone at Scalekit: it must be 1 to 255 characters long; it has 256.
    // metadata is left alone at Scalekit: it must have at most 10 pairs; it has 11.
`);
    const { resources } = JSON.parse(await read("import.json"));
    expect(resources).toMatchObject([
      { id: "org_1", outputs: { __notes: { undeclared: ["externalId", "metadata"] } } },
    ]);
    expect(Object.keys(resources[0].inputs).sort()).toEqual(["__provider", "deletionProtection", "displayName"]);
  });

  test("selects by external ID, metadata and a file, under the names of a whole export", async () => {
    const { run, runWith, ids } = await workplace([...three, { display_name: "Sandbox" }]);
    const names = async (ended: ReturnType<typeof run>) =>
      JSON.parse((await ended).stdout).organizations.map(({ name }: { name: string }) => name);
    expect(await names(run("export", "--json", "--external-id-prefix", "CUST-"))).toEqual(["CUST-1", "CUST-2"]);
    const both = ["--metadata", "tier=gold", "--metadata", "plan=annual"];
    expect(await names(run("export", "--json", "--force", ...both))).toEqual(["CUST-1"]);
    const list = `CUST-2\r\n\n${ids[3]}\n`;
    expect(await names(runWith(list, "export", "--json", "--force", "--ids-from", "-"))).toEqual([
      "CUST-2",
      `Sandbox-${ids[3]?.slice(4)}`,
    ]);
  });

  test("says which lines of a file name nobody, and writes nothing", async () => {
    const { run, write, folder } = await workplace(three);
    await write("ids.txt", "CUST-1\nCUST-9\n");
    const ended = await run("export", "--ids-from", "ids.txt");
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain("ids.txt names organizations that are not in the environment:\n  line 2: CUST-9\n");
    expect(await readdir(folder)).toEqual(["ids.txt"]);
  });

  test("groups the code by a metadata key, in files that no disk takes for one", async () => {
    const { run, read, folder } = await workplace(three);
    expect(await run("export", "--group-by", "metadata.tier", "--out", "adopted")).toMatchObject({ code: 0 });
    expect((await readdir(`${folder}/adopted/organizations`)).sort()).toEqual(["Gold.ts", "gold-2.ts", "others.ts"]);
    expect(await read("adopted/organizations/gold-2.ts")).toContain('new Organization("CUST-1"');
    expect(await read("adopted/organizations/others.ts")).toContain('new Organization("Sandbox"');
    expect((await run("export", "--group-by", "tier")).stderr).toContain("write it as metadata.KEY");
  });

  test("replaces no file without --force, and leaves all as they were", async () => {
    const { run, read, write, folder } = await workplace(three);
    await write("organizations.ts", "mine");
    const ended = await run("export");
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain("organizations.ts already exists. Nothing was written. Replace with --force");
    expect(await readdir(folder)).toEqual(["organizations.ts"]);
    expect(await read("organizations.ts")).toBe("mine");
  });

  test("writes nothing where nothing is selected, and nothing when reading fails half way", async () => {
    const { run, folder, emulator } = await workplace(estate(150));
    expect((await run("export", "--external-id-prefix", "NOBODY")).stdout).toContain("nothing was written");
    emulator.fail({ method: "GET", skip: 1, effect: { kind: "status", status: 403, message: "no" } });
    const ended = await run("export");
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toMatch(/^pulumi-scalekit: Could not list the organizations: Scalekit answered 403/);
    expect(ended.stderr).not.toContain("    at ");
    expect(await readdir(folder)).toEqual([]);
  });

  test("leaves nothing behind when it is interrupted", async () => {
    const { emulator, env, folder } = await workplace(three);
    emulator.fail({ method: "GET", effect: { kind: "delay", milliseconds: 60_000 } });
    const child = spawn(process.execPath, [join(repository, "dist", "cli", "main.js"), "export"], { cwd: folder, env });
    // The delay holds the list back, so once there is a token the command waits for it.
    await expect.poll(() => emulator.requests.length).toBeGreaterThan(three.length + 1);
    child.kill("SIGINT");
    const [, signal] = await once(child, "exit");
    expect(signal).toBe("SIGINT");
    expect(await readdir(folder)).toEqual([]);
  });

  test("tells on stderr how far it is when it takes long, unless nobody looks on", async () => {
    const { emulator, folder, env } = await workplace(estate(110));
    const slowly = async (...args: string[]) => {
      emulator.fail({ method: "GET", skip: 1, effect: { kind: "delay", milliseconds: 2_500 } });
      const began = performance.now();
      const { stderr } = await talkativeCommand(["export", "--force", ...args], { cwd: folder, env });
      return { stderr, seconds: (performance.now() - began) / 1000 };
    };
    const { stderr, seconds } = await slowly();
    expect(stderr).toMatch(/^(Read \d+ of 110 organizations so far\.\n)*Read 1\d\d of 110 organizations so far\.\n$/);
    expect(stderr.match(/\n/g)?.length).toBeLessThanOrEqual(seconds / 2);
    expect((await slowly("--json")).stderr).toBe("");
  });

  test("says what is not configured", async () => {
    const { run, env } = await workplace();
    env["SCALEKIT_CLIENT_SECRET"] = "";
    expect((await run("export")).stderr).toContain("scalekit:clientSecret is missing");
  });
});

describe("pulumi-scalekit export --include", () => {
  test("writes what the environment and the organizations have, and nothing that Scalekit has by itself", async () => {
    const { run, read, furnished } = await furnishedPlace();
    const ended = await run("export", "--include", "all");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toContain(
      "Wrote 2 organizations, 1 permission, 1 role, 1 organization role, 2 domains, 1 api client, 1 connection and 1 session policy of",
    );
    expect(ended.stdout).toContain("  environment.ts\n  organizations.ts\n");
    expect(await read("environment.ts")).toContain(`
import { Permission, Role } from "pulumi-scalekit";

/** The permissions by the names that they have in the stack. */
export const permissions = {
  "invoices-write": new Permission("invoices-write", {
    name: "invoices:write",
  }),
};

/** The roles by the names that they have in the stack. */
export const roles = {
  billing: new Role("billing", {
    name: "billing",
    displayName: "Billing",
    description: "Money",
    permissions: ["invoices:write", "sk_org_users_read"],
  }),
};
`);
    const code = await read("organizations.ts");
    expect(code).toContain(`
export const connections = {
  "CUST-1/${furnished.connection}": new OrganizationConnection("CUST-1/${furnished.connection}", {
    organizationId: organizations["CUST-1"].id,
    connectionId: "${furnished.connection}",
    enabled: true,
  }),
};
`);
    expect(code).toContain(`  OrganizationSessionPolicy,\n} from "pulumi-scalekit";`);
    expect(code).toContain(`
export const domains = {
  "CUST-1/megasoft.com": new OrganizationDomain("CUST-1/megasoft.com", {
    organizationId: organizations["CUST-1"].id,
    domain: "megasoft.com",
    domainType: "`);
    expect(code).toMatch(/ {2}"CUST-1\/megasoft\.com-dom_\d+": new OrganizationDomain\(/);
    expect(code).toContain(`
  "CUST-1/Robot": new OrganizationApiClient("CUST-1/Robot", {
    organizationId: organizations["CUST-1"].id,
    name: "Robot",
    scopes: ["read"],
    customClaims: { a: "1", b: "2" },
    expiry: 3600,
    // clientSecret is not known, since Scalekit shows it only once. For another one, with another id, set rotation.
  }),
`);
    expect(code).toContain(`
export const sessionPolicies = {
  "CUST-1": new OrganizationSessionPolicy("CUST-1", {
    organizationId: organizations["CUST-1"].id,
    absoluteSessionTimeout: 600,
    idleSessionTimeout: 30,
  }),
};
`);
    const { resources } = JSON.parse(await read("import.json"));
    expect(resources).toHaveLength(10);
    expect(resources.at(-1)).toEqual({
      type: "pulumi-nodejs:dynamic/scalekit:OrganizationSessionPolicy",
      name: "CUST-1",
      id: furnished.id,
      inputs: {
        organizationId: furnished.id,
        absoluteSessionTimeout: 600,
        idleSessionTimeout: 30,
        __provider: "require('pulumi-scalekit/OrganizationSessionPolicy')(exports)",
      },
      outputs: expect.objectContaining({ absoluteSessionTimeout: 600, __provider: expect.any(String) }),
    });
    expect(`${ended.stdout}${code}${JSON.stringify(resources)}`).not.toContain(furnished.secret);
  });

  test("writes only the kinds that are asked for, of the organizations that are selected", async () => {
    const { run, read, emulator, furnished } = await furnishedPlace();
    const requests = await requestsOf(emulator, async () => {
      const ended = await run("export", "--include", "roles", "domains", "--external-id-prefix", "CUST-1", "--json");
      expect(JSON.parse(ended.stdout).resources).toEqual([
        { kind: "roles", name: "billing", id: "billing", leftAlone: {} },
        ...Array(2).fill(expect.objectContaining({ kind: "domains" })),
      ]);
    });
    const within = `GET /api/v1/organizations/${furnished.id}`;
    expect(requests.sort()).toEqual(["GET /api/v1/organizations", `${within}/domains`, "GET /api/v1/roles"]);
    expect(await read("environment.ts")).not.toContain("Permission(");
    expect((await run("export", "--include", "user-managements")).stderr).toContain("Allowed choices are permissions");
  });

  test("writes what Scalekit has by itself when it is asked to", async () => {
    const { run, read } = await furnishedPlace();
    expect(await run("export", "--include", "roles", "permissions", "--predefined")).toMatchObject({ code: 0 });
    const code = await read("environment.ts");
    for (const name of ["admin", "member", "sk_org_users_read"]) expect(code).toContain(`name: "${name}"`);
  });

  test("has one file for each group with what belongs to its organizations", async () => {
    const { run, read } = await furnishedPlace();
    expect(await run("export", "--include", "domains", "--group-by", "metadata.tier")).toMatchObject({ code: 0 });
    expect(await read("organizations/gold.ts")).toContain(`new OrganizationDomain("CUST-1/megasoft.com", {`);
    expect(await read("organizations/others.ts")).not.toContain("OrganizationDomain");
  });

  test("leaves out what no program could declare, and names the organization of what it may not declare", async () => {
    const { run, read, env } = await workplace();
    const { url } = await startServer(({ path }) => {
      if (path === "/oauth/token") return undefined;
      if (!path.includes("/domains")) return { json: { organizations: [{ id: "org_1", display_name: "" }] } };
      const domains = ["MEGASOFT.com", "initech.com"].map((domain, n) => ({
        id: `dom_${n}`,
        domain,
        domain_type: "ORGANIZATION_DOMAIN",
      }));
      return { json: { domains } };
    });
    env["SCALEKIT_ENVIRONMENT_URL"] = url;
    const ended = await run("export", "--include", "domains", "--ids-from", "/dev/null");
    expect(ended.stdout).toContain("nothing was written");
    const { stdout } = await run("export", "--include", "domains");
    expect(stdout).toContain("  org_1: its display name must be 1");
    expect(stdout).toContain("  OrganizationDomain org_1/dom_0: its domain must be a domain name in lower case");
    expect(await read("environment.ts")).toContain(`organizationId: "org_1",\n    domain: "initech.com"`);
  });
});

/** An environment with one of everything, one organization that has all and one that has nothing. */
async function furnishedPlace() {
  const place = await workplace([
    { display_name: "Megasoft Inc", external_id: "CUST-1", metadata: { tier: "gold" } },
    { display_name: "Initech", external_id: "CUST-2" },
  ]);
  const { call } = await connect(place.emulator.url);
  const id = place.ids[0] as string;
  const secret = await furnish(call, id);
  const connection = place.emulator.connect(id, { enabled: true });
  return { ...place, furnished: { id, secret, connection } };
}
