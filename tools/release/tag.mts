import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output } from "../engine/process.mts";

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/**
 * Tags a commit of its own on top of HEAD, which has the built plugin too. `pulumi package add` of the tag then installs only Pulumi's SDK,
 * and not everything that builds the plugin. Neither the branch nor the working folder changes.
 *
 * @param folder the repository, built
 * @returns the tag, the commit, and what that has over HEAD
 */
export async function tagRelease(
  folder: string,
  { dryRun = false } = {},
): Promise<{ name: string; commit: string; files: string[] }> {
  const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
  const tag = `v${about.version}`;
  const work = await mkdtemp(join(tmpdir(), "pulumi-scalekit-tag-"));
  // An index of its own, so that the user's staged changes stay as they are.
  const env = { ...process.env, GIT_INDEX_FILE: join(work, "index") };
  const git = async (...args: string[]) => (await output("git", ["-C", folder, ...args], { env })).trim();
  try {
    await git("read-tree", "HEAD");
    const changed = await git("status", "--porcelain");
    if (changed !== "") throw new Error(`${folder} has changes that no commit has, so nothing was tagged:\n${changed}`);
    if ((await git("tag", "--list", tag)) !== "")
      throw new Error(`The tag ${tag} is there already, so nothing was tagged. Raise the version in package.json.`);
    await git("add", "--force", "--", ":(glob)plugin/*.js", "plugin/schema.json");
    await writeFile(join(work, "package.json"), manifestOf(about));
    const manifest = await git("hash-object", "-w", "--no-filters", join(work, "package.json"));
    await git("update-index", "--cacheinfo", `100644,${manifest},plugin/package.json`);
    const message = `Release ${about.version}, with the plugin built`;
    const commit = await git("commit-tree", await git("write-tree"), "-p", "HEAD", "-m", message);
    if (!dryRun) await git("tag", "--annotate", tag, commit, "--message", message);
    const files = await git("diff", "--name-only", "HEAD", commit);
    return { name: tag, commit, files: files.split("\n") };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** In place of the one that builds. The language host runs a plugin by Pulumi's SDK, from the plugin's folder. */
const manifestOf = ({ version, license, peerDependencies: { [sdk]: range } }: Manifest): string =>
  JSON.stringify(
    {
      name: "pulumi-resource-scalekit",
      version,
      license,
      private: true,
      main: "./pulumi-resource-scalekit",
      dependencies: { [sdk]: range },
    },
    undefined,
    2,
  );

const sdk = "@pulumi/pulumi";
