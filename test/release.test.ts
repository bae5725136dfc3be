import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { archive } from "../tools/release/archive.mts";
import { writeChecksums } from "../tools/release/build.mts";
import { archiveName, checksumsName, platforms } from "../tools/release/platforms.mts";
import { tagRelease } from "../tools/release/tag.mts";
import { repository } from "./support/stack.ts";

const exec = promisify(execFile);
const { version } = manifest;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-release-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The command as `npm run` starts it. */
const release = (...args: string[]) =>
  new Promise<{ code: number; out: string; stderr: string }>((done) => {
    const node = join(repository, "node_modules", ".bin", "node");
    execFile(node, ["tools/release.mts", ...args], { cwd: repository }, (error, out, stderr) =>
      done({ code: error === null ? 0 : Number(error.code), out, stderr }),
    );
  });

describe("an archive", () => {
  const entries = () => [
    { name: "LICENSE", file: join(folder, "text") },
    { name: "pulumi-resource-scalekit", file: join(folder, "program"), isExecutable: true },
  ];
  beforeEach(async () => {
    await writeFile(join(folder, "text"), "a license");
    // A whole number of blocks, and a program that says that it ran.
    await writeFile(join(folder, "program"), "#!/bin/sh\necho 4711\n".padEnd(1024, "#"), { mode: 0o600 });
  });

  test("gives tar the files as they were, and the program as one that runs", async () => {
    await writeFile(join(folder, "archive.tar.gz"), await archive(entries()));
    await exec("tar", ["-xzf", "archive.tar.gz"], { cwd: folder });
    expect(await readFile(join(folder, "LICENSE"), "utf8")).toBe("a license");
    expect((await stat(join(folder, "LICENSE"))).mode & 0o777).toBe(0o644);
    expect((await exec(join(folder, "pulumi-resource-scalekit"))).stdout).toBe("4711\n");
  });

  test("is the same whenever it is made", async () => {
    const first = await archive(entries());
    await utimes(join(folder, "program"), new Date(0), new Date(0));
    expect((await archive(entries())).equals(first)).toBe(true);
  });
});

test("the checksums are of all archives of the version in the folder, as sha256sum checks them", async () => {
  const files = [archiveName(version, "linux-amd64"), archiveName(version, "darwin-arm64")];
  for (const file of [...files, archiveName("0.0.1", "linux-amd64")]) await writeFile(join(folder, file), file);
  await writeChecksums(version, folder);
  const check = () => exec("sha256sum", ["--check", checksumsName(version)], { cwd: folder });
  expect((await check()).stdout).toBe(files.map((file) => `${file}: OK\n`).join(""));
  await writeFile(join(folder, files[0] ?? ""), "another");
  await expect(check()).rejects.toThrow("did NOT match");
});

describe("npm run release:build", () => {
  test("names what it would write for each system, as Pulumi asks for it, and writes nothing", async () => {
    const out = join(folder, "out");
    const { code, out: said, stderr } = await release("build", "--dry-run", "--out", out);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const system of ["linux", "darwin", "windows"])
      for (const processor of ["amd64", "arm64"])
        expect(said).toContain(`pulumi-resource-scalekit-v${version}-${system}-${processor}.tar.gz, of node-`);
    expect(said).toContain(`pulumi-resource-scalekit-v${version}-checksums.txt`);
    await expect(stat(out)).rejects.toThrow("ENOENT");
  });

  test("takes each system once", async () => {
    const { out } = await release("build", "--dry-run", "--platform", "linux-arm64", "linux-arm64", "windows-amd64");
    expect(out.match(/-v.*?\.tar\.gz/g)).toEqual([
      `-v${version}-linux-arm64.tar.gz`,
      `-v${version}-windows-amd64.tar.gz`,
    ]);
  });

  test("refuses a system that it does not know, and names those that it does", async () => {
    const { code, stderr } = await release("build", "--platform", "linux-x64");
    expect(code).toBe(1);
    for (const name of Object.keys(platforms)) expect(stderr).toContain(name);
  });

  test("has help with examples", async () => {
    for (const [command, example] of [
      ["build", "npm run release:build -- --platform linux-amd64"],
      ["tag", "npm run release:tag"],
    ] as const) {
      const { code, out } = await release(command, "--help");
      expect(code).toBe(0);
      expect(out).toContain(`  $ ${example}`);
    }
  });
});

describe("the tag of a release", () => {
  const git = async (...args: string[]) => (await exec("git", ["-C", folder, ...args])).stdout.trim();
  const author = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];

  beforeEach(async () => {
    await cp(join(repository, "plugin"), join(folder, "plugin"), { recursive: true });
    await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
    await writeFile(join(folder, ".gitignore"), "plugin/*.js\nplugin/schema.json\nnode_modules\n");
    await exec("git", ["init", "--quiet", "--initial-branch", "main", folder]);
    await git("config", "user.name", "Test");
    await git("config", "user.email", "test@example.com");
    await git("add", ".");
    await git(...author, "commit", "--quiet", "--message", "First");
    await mkdir(join(folder, "plugin", "node_modules"));
    await writeFile(join(folder, "plugin", "node_modules", "left.js"), "");
  });

  test("has the built plugin, and installs Pulumi's SDK alone", async () => {
    const head = await git("rev-parse", "HEAD");
    expect(await git("ls-tree", "--name-only", "HEAD", "plugin/")).not.toContain("provider.js");
    const { name, commit } = await tagRelease(folder);
    expect(name).toBe(`v${version}`);
    expect(await git("rev-parse", `${name}^{commit}`, `${name}^`)).toBe(`${commit}\n${head}`);
    const files = (await git("ls-tree", "-r", "--name-only", name, "plugin/")).split("\n");
    expect(files).toEqual(expect.arrayContaining(["plugin/start.js", "plugin/provider.js", "plugin/schema.json"]));
    expect(files.filter((file) => file.includes("node_modules"))).toEqual([]);
    const plugin = JSON.parse(await git("show", `${name}:plugin/package.json`));
    expect(plugin.scripts).toBeUndefined();
    expect(plugin.dependencies).toEqual({ "@pulumi/pulumi": manifest.peerDependencies["@pulumi/pulumi"] });
    // What somebody works on there is as it was.
    expect(await git("rev-parse", "HEAD")).toBe(head);
    expect(await git("status", "--porcelain")).toBe("");
  });

  test("is not made twice, nor of what no commit has, nor when it is only to be shown", async () => {
    expect((await tagRelease(folder, { dryRun: true })).files).toContain("plugin/provider.js");
    expect(await git("tag", "--list")).toBe("");
    await tagRelease(folder);
    await expect(tagRelease(folder)).rejects.toThrow(`The tag v${version} is there already`);
    await git("tag", "--delete", `v${version}`);
    await writeFile(join(folder, "package.json"), JSON.stringify({ ...manifest, description: "Another" }));
    await expect(tagRelease(folder)).rejects.toThrow("changes that no commit has");
    expect(await git("tag", "--list")).toBe("");
  });
});
