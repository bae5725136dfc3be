import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test, vi } from "vitest";
import { estate } from "../support/estate.ts";
import { byHand } from "../support/seed.ts";
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
      declared: ["slug", "logoUrl", "features.sso"],
      features: { sso: true, dirSync: false },
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
    expect(resources).toMatchObject([{ id: "org_1", outputs: { undeclared: ["externalId", "metadata"] } }]);
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
    expect(ended.stderr).toContain("organizations.ts is there already, and nothing was written. Replace with --force");
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
    await vi.waitUntil(() => emulator.requests.length > three.length + 1, { timeout: 30_000 });
    child.kill("SIGINT");
    const [, signal] = await once(child, "exit");
    expect(signal).toBe("SIGINT");
    expect(await readdir(folder)).toEqual([]);
  });

  test("tells on stderr how far it is when it takes long, unless nobody looks on", async () => {
    const { emulator, run } = await workplace(estate(110));
    const slowly = async (...args: string[]) => {
      emulator.fail({ method: "GET", skip: 1, effect: { kind: "delay", milliseconds: 2_500 } });
      return (await run("export", "--force", ...args)).stderr;
    };
    expect(await slowly()).toMatch(/^Read 1\d\d organizations so far\.\n$/);
    expect(await slowly("--json")).toBe("");
  });

  test("says what is not configured", async () => {
    const { run, env } = await workplace();
    env["SCALEKIT_CLIENT_SECRET"] = "";
    expect((await run("export")).stderr).toContain("scalekit:clientSecret is missing");
  });
});
