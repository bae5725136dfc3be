import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { npmInstall, packed } from "../support/installed.ts";
import type { Door } from "../support/moving.ts";
import { nativeOrganizationType, organizationType, repository } from "../support/stack.ts";
import { type Means, story } from "../support/story.ts";

const exec = promisify(execFile);
const sdk = `@pulumi/pulumi@${manifest.devDependencies["@pulumi/pulumi"]}`;
const policy = `@pulumi/policy@${manifest.devDependencies["@pulumi/policy"]}`;
const typescript = `typescript@${manifest.devDependencies.typescript}`;

let folder: string;
let tarball: string;
/** One text, whichever way the package was installed and at whichever version, or installing it again would be a change. */
const provider = "require('pulumi-scalekit/Organization')(exports)";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-install-"));
  const { files, ...made } = await packed(folder);
  tarball = made.tarball;
  installed = project("tarball", {}).then(async (home) => {
    await npmInstall(home, tarball, sdk, policy, typescript);
    return home;
  });
  const others = files.filter(({ path }) => !/^(dist\/|README|LICENSE|CHANGELOG|package\.json)/.test(path));
  expect(others.map(({ path }) => path).sort()).toEqual([
    "plugin/PulumiPlugin.yaml",
    "plugin/package.json",
    "plugin/paths.js",
    "plugin/provider.js",
    "plugin/pulumi-resource-scalekit",
    "plugin/pulumi-resource-scalekit.cmd",
    "plugin/refuse.js",
    "plugin/schema.json",
    "plugin/serve.js",
    "plugin/start.js",
    "types/needs-typescript-5.0-or-newer.d.ts",
  ]);
  const plugin = files.find(({ path }) => path === "plugin/pulumi-resource-scalekit");
  expect((plugin?.mode ?? 0) & 0o111, "the engine runs the plugin").toBe(0o111);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function project(name: string, files: Record<string, string>, parent = folder): Promise<string> {
  const home = join(parent, name);
  await mkdir(home);
  const all = {
    "Pulumi.yaml": `name: ${name}\nruntime: nodejs\n`,
    "package.json": '{"private":true}',
    ...files,
  };
  for (const [file, text] of Object.entries(all)) await writeFile(join(home, file), text);
  return home;
}

/** The file of a project that has the plugin, which the engine looks for before anything else: the folder has to be there. */
const withPlugin = (name: string, modules = "node_modules") => ({
  "Pulumi.yaml": `name: ${name}\nruntime: nodejs\nplugins: { providers: [{ name: scalekit, path: ${modules}/pulumi-scalekit/plugin }] }\n`,
});

const declaration = `new Organization("megasoft", { displayName: "Megasoft", externalId: "CUST-1", metadata: { tier: "gold" } })`;
const commonJs = `const { Organization } = require("pulumi-scalekit");\nexports.id = ${declaration}.id;\n`;
const esModule = `import { Organization } from "pulumi-scalekit";\nexport const id = ${declaration}.id;\n`;
const typeScript = `
import * as pulumi from "@pulumi/pulumi";
import { Organization, type OrganizationArgs } from "pulumi-scalekit";
import { startEmulator } from "pulumi-scalekit/emulator";
import { externalIdPattern, type ScalekitPolicyPackOptions } from "pulumi-scalekit/policy";
const options: ScalekitPolicyPackOptions = { externalIdPattern: { pattern: "^CUST-" }, noSecrets: { except: ["jwt"] } };
// @ts-expect-error a pattern is a text
() => ({ externalIdPattern: { pattern: 7 } }) satisfies ScalekitPolicyPackOptions;
export const ruled: boolean = externalIdPattern.name in options;
const args: OrganizationArgs = { displayName: pulumi.output("Megasoft"), metadata: { tier: pulumi.output("gold") } };
const megasoft = new Organization("megasoft", args);
export const id: pulumi.Output<string> = megasoft.id;
export const tier: pulumi.Output<string | undefined> = megasoft.metadata.apply((pairs) => pairs?.["tier"]);
export const emulates: boolean = typeof startEmulator === "function";
// @ts-expect-error a display name is demanded
() => new Organization("nameless", { externalId: "CUST-2" });
`;
const strict = JSON.stringify({
  compilerOptions: { target: "es2022", module: "nodenext", moduleResolution: "nodenext", strict: true },
});
/** What `pulumi new typescript` wrote for years. */
const classic = JSON.stringify({
  compilerOptions: {
    target: "es2020",
    module: "commonjs",
    moduleResolution: "node",
    strict: true,
    ignoreDeprecations: "6.0",
  },
});

/** One installation from the tarball, with the projects in folders below it. */
let installed: Promise<string>;

describe.concurrent("a project that installs the package", () => {
  story.for([
    ["commonjs", { "index.js": commonJs }],
    ["esm", { "index.mjs": esModule, "package.json": '{"private":true,"type":"module","main":"index.mjs"}' }],
    ["typescript", { "index.ts": typeScript, "tsconfig.json": strict }],
    ["typescript-classic", { "index.ts": typeScript, "tsconfig.json": classic }],
  ] as [string, Record<string, string>][])("from an npm tarball, in %s", async ([name, files], { means }) => {
    await lives(name, await project(name, files, await installed), means);
  });

  const throughPlugin = (text: string) => text.replaceAll('"pulumi-scalekit"', '"pulumi-scalekit/native"');
  story.for([
    ["native-commonjs", { "index.js": throughPlugin(commonJs) }],
    ["native-esm", { "index.mjs": throughPlugin(esModule), "package.json": '{"type":"module","main":"index.mjs"}' }],
    ["native-typescript", { "index.ts": throughPlugin(typeScript), "tsconfig.json": strict }],
    ["native-typescript-classic", { "index.ts": throughPlugin(typeScript), "tsconfig.json": classic }],
  ] as [string, Record<string, string>][])(
    "from an npm tarball, by the plugin, in %s",
    async ([name, files], { means }) => {
      const settings = withPlugin(name, "../node_modules");
      await lives(name, await project(name, { ...files, ...settings }, await installed), means, "native");
    },
  );

  const making =
    'scalekitPolicyPack({ all: "advisory", externalIdPattern: { enforcementLevel: "mandatory", pattern: "^X-" } });';
  const importing = `import { scalekitPolicyPack } from "pulumi-scalekit/policy";\n${making}\n`;
  story.for([
    ["pack-commonjs", { "index.js": `const { scalekitPolicyPack } = require("pulumi-scalekit/policy");\n${making}\n` }],
    ["pack-esm", { "index.mjs": importing, "package.json": '{"version":"1.0.0","type":"module","main":"index.mjs"}' }],
    ["pack-typescript", { "index.ts": importing, "tsconfig.json": strict }],
    ["pack-typescript-classic", { "index.ts": importing, "tsconfig.json": classic }],
  ] as [string, Record<string, string>][])(
    "from an npm tarball, as a policy pack: %s",
    async ([name, files], { means }) => {
      const pack = { "PulumiPolicy.yaml": "runtime: nodejs\n", "package.json": '{"version":"1.0.0"}', ...files };
      const home = await project(name, { "index.js": commonJs }, await installed);
      const stack = await means.stackOn(await means.emulate(), { name, project: home });
      const refused = await stack.preview("--policy-pack", await project("pack", pack, home));
      expect(refused.code, refused.text).not.toBe(0);
      expect(refused.text).toMatch(
        /\[mandatory\].*external-id-pattern.*Organization megasoft: externalId does not match \^X-/s,
      );
    },
  );

  story("by npm link", async ({ means }) => {
    const home = await project("link", { "index.js": commonJs });
    await npmInstall(home, sdk);
    // Without scripts: npm would build the linked package anew, under the hands of everyone who reads the build now.
    await npmInstall(home, "--no-save", "--ignore-scripts", "--install-links=false", repository);
    await lives("link", home, means);
  });

  story("by pnpm", async ({ means }) => {
    const home = await project("pnpm", { "index.js": commonJs, ...withPlugin("pnpm") });
    const pnpm = join(repository, "node_modules", ".bin", "pnpm");
    await exec(pnpm, ["add", "--prefer-offline", "--config.strict-dep-builds=false", tarball, sdk], { cwd: home });
    await lives("pnpm", home, means);
    await writeFile(join(home, "index.js"), throughPlugin(commonJs));
    await lives("pnpm", home, means, "native");
  });

  story("by a folder of its own workspace, as the examples do", async ({ means }) => {
    await lives("example", join(repository, "examples", "quickstart"), means);
  });
});

/** Up, no change, refresh and destroy, and a look at what stands in the state. */
async function lives(name: string, home: string, means: Means, door: Door = "dynamic"): Promise<void> {
  const emulator = await means.emulate();
  const stack = await means.stackOn(emulator, { name, project: home });
  const up = await stack.up();
  expect(up, up.text).toMatchObject({ code: 0 });
  expect(up.text).not.toMatch(/warning|Downloading/);
  expect(emulator.organizations()).toContainEqual(
    expect.objectContaining({ metadata: expect.objectContaining({ tier: "gold" }) }),
  );
  expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
  expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
  const [organization] = await stack.organizations();
  expect(organization?.type).toBe(door === "native" ? nativeOrganizationType : organizationType);
  for (const side of [organization?.inputs, organization?.outputs]) {
    expect(side?.["__provider"]).toBe(door === "native" ? undefined : provider);
  }
  expect(await stack.destroy()).toMatchObject({ code: 0 });
  expect(emulator.organizations()).toEqual([]);
}
