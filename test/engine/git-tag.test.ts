import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { tagRelease } from "../../tools/release/tag.mts";
import { type GitServer, serveGit } from "../support/git-server.ts";
import { expectSuccess, repository } from "../support/stack.ts";
import { needYaml, organizations, yamlStory } from "../support/yaml-stack.ts";

const exec = promisify(execFile);

describe("the tag of a release", () => {
  needYaml();
  let folder: string;
  let server: GitServer;
  /** What a user writes. */
  const source = () => `${server.url}/acme/pulumi-scalekit.git/plugin@${manifest.version}`;

  /** As `npm run release:tag` and `git push` do, of the last commit here. */
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-tag-"));
    const [checkout, bare] = [join(folder, "checkout"), join(folder, "served", "acme", "pulumi-scalekit.git")];
    await exec("git", ["clone", "--quiet", "--no-tags", repository, checkout]);
    await exec("git", ["-C", checkout, "config", "user.name", "Test"]);
    await exec("git", ["-C", checkout, "config", "user.email", "test@example.com"]);
    const built = (await readdir(join(repository, "plugin"))).filter((name) => /\.js$|^schema\.json$/.test(name));
    for (const name of built) await copyFile(join(repository, "plugin", name), join(checkout, "plugin", name));
    await tagRelease(checkout);
    await exec("git", ["clone", "--quiet", "--bare", checkout, bare]);
    server = await serveGit(join(folder, "served"), folder);
  }, 240_000);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  yamlStory("is what `pulumi package add` takes from a git URL", { timeout: 900_000 }, async ({ yaml }) => {
    const emulator = await yaml.emulate();
    const stack = await yaml.stackOn(emulator, { namesPlugin: false, env: server.env });
    await stack.write(organizations({ megasoft: { displayName: "Megasoft", externalId: "CUST-1" } }));
    const added = await expectSuccess(stack.pulumi("package", "add", source()));
    // Nothing was built, and nothing installed that builds.
    expect(added.text).not.toMatch(/npm run build|rolldown/);
    expect(await readFile(join(stack.folder, "Pulumi.yaml"), "utf8")).toMatch(
      new RegExp(`scalekit: \\S*/acme/pulumi-scalekit\\.git/plugin@${manifest.version}`),
    );
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0, changes: { create: 1 } });
    expect(up.text).not.toMatch(/warning/i);
    expect(emulator.organizations()).toMatchObject([{ display_name: "Megasoft", external_id: "CUST-1" }]);
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
    const schema = await expectSuccess(stack.pulumi("package", "get-schema", source()));
    expect(schema.text).toContain('"scalekit:index:Organization"');
    expect(await stack.destroy()).toMatchObject({ code: 0, changes: { delete: 1 } });
  });
});
