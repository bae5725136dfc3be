import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { npmInstall, packed } from "../support/installed.ts";

const { typescript, ...sdks } = manifest.devDependencies;

/** Every version that users have: the oldest that the package reads with, the one it is built by, and the newest. */
const compilers = { oldest: "5.0.4", own: typescript, newest: "7.0.2" };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-compilers-"));
  await writeFile(join(folder, "package.json"), '{"private":true}');
  const aliases = Object.entries(compilers).map(([name, version]) => `${name}@npm:typescript@${version}`);
  const pulumi = (["@pulumi/pulumi", "@pulumi/policy"] as const).map((name) => `${name}@${sdks[name]}`);
  const { tarball } = await packed(folder);
  // The typings of Node.js that Pulumi's template asked for.
  await npmInstall(folder, tarball, ...pulumi, ...aliases, "@types/node@18");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const [program, helpers] = ["compiled.ts", "compiled-helpers.ts"].map((name) =>
  readFileSync(join(import.meta.dirname, "..", "types", name), "utf8"),
) as [string, string];

/** As `pulumi new typescript` wrote it until March 2026: it looks into the declarations of every package. */
const template = {
  strict: true,
  outDir: "bin",
  sourceMap: true,
  experimentalDecorators: true,
  pretty: false,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  forceConsistentCasingInFileNames: true,
};
const classic = { ...template, target: "es2016", module: "commonjs", moduleResolution: "node" };
const nodenext = { ...template, target: "es2020", module: "nodenext", moduleResolution: "nodenext" };
const bundler = { ...template, target: "es2020", module: "esnext", moduleResolution: "bundler" };

type Compiler = keyof typeof compilers;

/** What is wrong with other packages' own declarations, whether or not this one is installed. */
const othersFaults =
  /^node_modules\/(?:@grpc\/grpc-js\/.*TS2709: Cannot use namespace 'Long'|@pulumi\/policy\/index\.d\.ts.*\.\/proxy)/;

test.each<[Compiler, string, object]>([
  ["oldest", "classic", classic],
  ["oldest", "nodenext", nodenext],
  ["oldest", "bundler", bundler],
  // What it has come to call deprecated, and the newest no longer knows.
  ["own", "classic", { ...classic, esModuleInterop: false, ignoreDeprecations: "6.0" }],
  ["own", "nodenext", nodenext],
  ["own", "bundler", bundler],
  ["newest", "nodenext", nodenext],
  ["newest", "bundler", bundler],
])(
  "a program compiles by the %s TypeScript, %s, with all declarations looked into",
  async (compiler, name, options) => {
    const wrong = await compile(compiler, `${compiler}-${name}`, options, { "index.ts": program });
    // TypeScript 5.0 by itself, with the bundler's resolution, does not read the declarations of Pulumi's transport.
    const fits = compiler === "oldest" && name === "bundler" ? othersFaults : /^$/;
    expect(wrong.filter((line) => !fits.test(line))).toEqual([]);
    // The same program, moved to the plugin by its import line.
    const moved = program.replaceAll('"pulumi-scalekit"', '"pulumi-scalekit/native"');
    expect(moved).not.toBe(program);
    const native = await compile(compiler, `${compiler}-${name}-native`, options, {
      "index.ts": `${moved}${nativeOnly}`,
    });
    expect(native.filter((line) => !fits.test(line))).toEqual([]);
  },
);

/** What the plugin's classes have besides. */
const nativeOnly = `
import { Organization as NativeOrganization, Provider, type ProviderArgs, getOrganizationsOutput as all } from "pulumi-scalekit/native";
const settings: ProviderArgs = { environmentUrl: "https://acme.scalekit.com", maxRequestsPerMinute: 100 };
const staging = new Provider("staging", settings);
export const imported = new NativeOrganization("imported", { displayName: "A" }, { import: "org_1", provider: staging });
export const everyName = all({}, { provider: staging }).apply((found) => found.map((one) => one.displayName));
// @ts-expect-error no such setting
new Provider("wrong", { enviromentUrl: "" });
`;

test.each<[Compiler, object]>([
  ["oldest", classic],
  ["newest", bundler],
])("policies and the emulator compile by the %s TypeScript", async (compiler, options) => {
  const wrong = await compile(compiler, `${compiler}-helpers`, options, { "index.ts": helpers });
  expect(wrong.filter((line) => !othersFaults.test(line))).toEqual([]);
});

/** What the compiler says of a project below the one installation. */
async function compile(
  compiler: Compiler,
  name: string,
  compilerOptions: object,
  files: Readonly<Record<string, string>>,
): Promise<string[]> {
  const home = join(folder, name);
  await mkdir(home);
  const config = { compilerOptions, files: Object.keys(files) };
  const all = { "package.json": '{"private":true}', "tsconfig.json": JSON.stringify(config), ...files };
  for (const [file, text] of Object.entries(all)) await writeFile(join(home, file), text);
  const tsc = join(folder, "node_modules", compiler, "bin", "tsc");
  const said = await promisify(execFile)(process.execPath, [tsc, "--noEmit", "-p", name], { cwd: folder }).then(
    () => "",
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout || stderr || "no word",
  );
  return said.split("\n").filter((line) => line !== "");
}
