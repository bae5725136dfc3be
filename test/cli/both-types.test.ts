import { existsSync, readdirSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Definition } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { bothProviders } from "../support/both-types.ts";
import { furnish } from "../support/furnish.ts";
import { connect } from "../support/plain-client.ts";
import { workplace } from "../support/workplace.ts";

const all = Object.values<Definition>(definitions);
const urnOf = (type: string, name: string) => `urn:pulumi:prod::app::${type}::${name}`;
const two = [
  { display_name: "Megasoft", external_id: "CUST-1", metadata: { tier: "gold" } },
  { display_name: "Initech", external_id: "CUST-2" },
];

/** A `pulumi` whose stack has these resources, and whose preview would create them. */
const pulumiWith = (resources: readonly object[]) => `#!/usr/bin/env node
const [verb] = process.argv.slice(2);
const resources = ${JSON.stringify(resources)};
if (verb === "config") console.log("{}");
if (verb === "stack") console.log(JSON.stringify({ deployment: { resources } }));
if (verb === "preview") console.log(JSON.stringify({ steps: resources.map((newState) => ({ op: "create", urn: newState.urn, newState })) }));
if (verb === "up") console.log("went up");
if (verb === "import") console.log(process.argv.slice(2).join(" "));
`;

async function onStackOf(resources: readonly object[], bodies: readonly object[] = []) {
  const place = await workplace(bodies);
  await place.write("pulumi", pulumiWith(resources));
  await chmod(join(place.folder, "pulumi"), 0o755);
  place.env["PATH"] = [place.folder, place.env["PATH"]].join(delimiter);
  await place.write("Pulumi.yaml", "name: app\nruntime: yaml\n");
  return place;
}

describe.each(bothProviders)("resources of $provider", ({ typeIn }) => {
  const held = all.map(({ name }) => ({ urn: urnOf(typeIn(name), name), type: typeIn(name), id: "one", custom: true }));

  test("of every definition are counted by guard", async () => {
    const { run, write } = await workplace();
    const steps = held.map(({ urn, type, id }) => ({ op: "delete", urn, oldState: { type, id } }));
    await write("preview.json", JSON.stringify({ steps }));
    const { stdout, code } = await run("guard", "--preview", "preview.json", "--json");
    expect(code).toBe(2);
    expect(JSON.parse(stdout).removals.map(({ kind }: { kind: string }) => kind)).toEqual(all.map(({ name }) => name));
  });

  test("of every definition are what `up` may save at the end, with their providers", async () => {
    const provider = { urn: urnOf("pulumi:providers:scalekit", "default"), type: "pulumi:providers:scalekit", id: "1" };
    const { run } = await onStackOf([...held, { ...provider, custom: true }]);
    expect(await run("up", "--", "--yes")).toMatchObject({ code: 0, stdout: "went up\n" });
    const foreign = { urn: urnOf("aws:s3/bucket:Bucket", "b"), type: "aws:s3/bucket:Bucket", id: "b", custom: true };
    const other = await onStackOf([...held, foreign]);
    expect((await other.run("up")).stderr).toContain("aws:s3/bucket:Bucket::b");
  });

  test("are compared by drift, and found changed, gone and unmanaged", async () => {
    const { run, write, ids } = await workplace(two);
    const type = typeIn("Organization");
    const resource = (name: string, id: string, inputs: object) => ({ urn: urnOf(type, name), type, id, inputs });
    const resources = [
      resource("megasoft", ids[0] as string, { displayName: "Megasoft", metadata: { tier: "iron" } }),
      resource("lost", "org_1", { displayName: "Lost" }),
    ];
    await write("state.json", JSON.stringify({ deployment: { resources } }));
    const { code, stdout } = await run("drift", "--state", "state.json", "--json");
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      managed: 2,
      changed: [{ name: "megasoft", differences: [{ field: "metadata.tier", declared: "iron", live: "gold" }] }],
      gone: [{ name: "lost" }],
      unmanaged: [{ id: ids[1] }],
      otherEnvironments: [],
    });
  });
});

describe("import for a stack", () => {
  const [dynamic, native] = bothProviders.map(({ typeIn }) => {
    const type = typeIn("Organization");
    return { urn: urnOf(type, "one"), type, id: "org_1", custom: true };
  });

  test("of the native plugin is refused without --native, with what to do instead", async () => {
    const { run, folder } = await onStackOf([native as object], two);
    for (const more of [[], ["--run"], ["--stack", "prod"]]) {
      const ended = await run("import", "CUST-1", ...more);
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toContain(
        "Add --native, or run `pulumi import scalekit:index:Organization NAME ID`, which writes code in the program's language. Nothing was written.",
      );
    }
    expect(existsSync(join(folder, "import.json"))).toBe(false);
  });

  test("of the native plugin writes types, names and ids alone, and code with its classes", async () => {
    const { run, read, ids } = await onStackOf([native as object], two);
    const ended = await run("import", "--native", "CUST-1");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toContain(
      'import { Organization } from "pulumi-scalekit/native";\n\nnew Organization("CUST-1", {',
    );
    expect(JSON.parse(await read("import.json"))).toEqual({
      resources: [{ type: "scalekit:index:Organization", name: "CUST-1", id: ids[0] }],
    });
  });

  test("with resources of the dynamic provider, of both or of none goes on as before", async () => {
    for (const resources of [[dynamic], [dynamic, native], []]) {
      const { run, read } = await onStackOf(resources as object[], two);
      expect(await run("import", "CUST-1")).toMatchObject({ code: 0, stderr: "" });
      expect(await read("import.json")).toContain("__provider");
    }
  });
});

describe("export --native", () => {
  async function furnishedPlace() {
    const place = await workplace([{ ...two[0], metadata: { tier: "gold", "${x}": "$$ \u202e🚀" } }, two[1] as object]);
    const { call } = await connect(place.emulator.url);
    const id = place.ids[0] as string;
    await furnish(call, id);
    place.emulator.connect(id, { id: "conn_1", enabled: true });
    return place;
  }

  test("writes the import file with types, names and ids alone, in the order of the default one", async () => {
    const { run, read } = await furnishedPlace();
    expect(await run("export", "--include", "all")).toMatchObject({ code: 0 });
    const before = JSON.parse(await read("import.json")).resources as { type: string; name: string; id: string }[];
    const code = await read("organizations.ts");
    const ended = await run("export", "--native", "--include", "all", "--force");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toContain("path: node_modules/pulumi-scalekit/plugin }");
    const { resources } = JSON.parse(await read("import.json"));
    expect(resources).toEqual(
      before.map(({ type, name, id }) => ({
        type: type.replace("pulumi-nodejs:dynamic/scalekit:", "scalekit:index:"),
        name,
        id,
      })),
    );
    expect(await read("organizations.ts")).toBe(code.replaceAll('"pulumi-scalekit"', '"pulumi-scalekit/native"'));
  });

  test("writes a program in YAML, the same each time, with nothing that a reviewer could not see", async () => {
    const { run, read, ids, emulator, env } = await furnishedPlace();
    env["SCALEKIT_DELETION_PROTECTION"] = "";
    const ended = await run("export", "--language", "yaml", "--include", "all");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toContain("organizations.yaml as the program, named Main.yaml");
    const text = await read("organizations.yaml");
    expect(text).not.toMatch(/[^\P{C}\n]|[^\P{Z} ]/u);
    expect(text.split("\n").slice(0, 12).join("\n")).toBe(`# Written by pulumi-scalekit from ${emulator.url}.
resources:
  "CUST-1":
    type: scalekit:index:Organization
    properties:
      displayName: "Megasoft"
      externalId: "CUST-1"
      metadata: { "$\${x}": "$$$ \\u202e🚀", "tier": "gold" }
    options:
      deleteBeforeReplace: true
      protect: true
  "CUST-2":`);
    const { resources } = parse(text);
    const listed = JSON.parse(await read("import.json")).resources;
    expect(Object.values<{ type: string }>(resources).map(({ type }) => type)).toEqual(
      listed.map(({ type }: { type: string }) => type),
    );
    expect(Object.entries<{ name?: string }>(resources).map(([key, { name = key }]) => name)).toEqual(
      listed.map(({ name }: { name: string }) => name),
    );
    expect(resources["CUST-1/auditor"].properties.organizationId).toMatch(/^\$\{CUST-1\.id\}$/);
    expect(await run("export", "--language", "yaml", "--include", "all", "--force")).toMatchObject({ code: 0 });
    expect(await read("organizations.yaml")).toBe(text);
    // Without the organizations their ids stand for them.
    await run("export", "--language", "yaml", "--include", "roles", "--external-id-prefix", "CUST-2", "--force");
    expect(await read("organizations.yaml")).not.toContain(ids[0]);
  });

  test("leaves the code to pulumi, and has no files by group, in other languages", async () => {
    const { run, folder } = await furnishedPlace();
    const ended = await run("export", "--language", "none");
    expect(ended.stdout).toMatch(/pulumi import --file import\.json --out=organizations\.txt --yes/);
    expect(readdirSync(folder)).toEqual(["import.json"]);
    const grouped = await run("export", "--language", "yaml", "--group-by", "metadata.tier");
    expect(grouped).toMatchObject({ code: 1, stderr: expect.stringContaining("--group-by is for TypeScript") });
    expect((await run("export", "--language", "cobol")).stderr).toContain("Allowed choices are typescript, yaml, none");
  });
});
