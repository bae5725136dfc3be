import { execFile } from "node:child_process";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { buildRelease } from "../../tools/release/build.mts";
import { archiveName, checksumsName, ownPlatform } from "../../tools/release/platforms.mts";
import { expectSuccess } from "../support/stack.ts";
import { needYaml, organizations, yamlBin, yamlStory } from "../support/yaml-stack.ts";

const exec = promisify(execFile);
const { version } = manifest;
const own = ownPlatform();

describe.runIf(own)("the archive of a release", () => {
  needYaml();
  let out: string;
  const archive = archiveName(version, own ?? "linux-amd64");

  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), "pulumi-scalekit-release-"));
    await buildRelease({ version, chosen: own ? [own] : [], out }, () => {});
  }, 900_000);
  afterAll(() => rm(out, { recursive: true, force: true }));

  yamlStory("stands beside its checksum, and nothing else", async () => {
    expect((await readdir(out)).sort()).toEqual([checksumsName(version), archive].sort());
    const { stdout } = await exec("sha256sum", ["--check", checksumsName(version)], { cwd: out });
    expect(stdout).toBe(`${archive}: OK\n`);
  });

  yamlStory("is the same byte for byte, wherever it is built", { timeout: 900_000 }, async () => {
    const again = join(out, "again");
    await buildRelease({ version, chosen: own ? [own] : [], out: again }, () => {});
    const [first, second] = [await readFile(join(out, archive)), await readFile(join(again, archive))];
    expect(first.equals(second)).toBe(true);
    await rm(again, { recursive: true });
  });

  yamlStory(
    "is installed from a file, and runs a program that names no plugin, without a Node.js",
    async ({ yaml }) => {
      const emulator = await yaml.emulate();
      const stack = await yaml.stackOn(emulator, { namesPlugin: false });
      const program = (displayName: string) => organizations({ megasoft: { displayName, externalId: "CUST-1" } });
      await stack.write(program("Megasoft"));
      // From here on there is the CLI and its language host, and no other program.
      stack.env["PATH"] = await yamlBin();
      await expectSuccess(
        stack.pulumi("plugin", "install", "resource", "scalekit", version, "--file", join(out, archive)),
      );
      const up = await stack.up();
      expect(up, up.text).toMatchObject({ code: 0, changes: { create: 1 } });
      expect(up.text).not.toMatch(/warning/i);
      expect(emulator.organizations()).toMatchObject([{ display_name: "Megasoft", external_id: "CUST-1" }]);
      expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
      await stack.write(program("Megasoft Inc"));
      expect(await stack.up()).toMatchObject({ code: 0, changes: { update: 1 } });
      expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
      expect((await stack.pulumi("package", "get-schema", "scalekit")).text).toContain(`"version": "${version}"`);
      expect(await stack.destroy()).toMatchObject({ code: 0, changes: { delete: 1 } });
      expect(emulator.organizations()).toEqual([]);
    },
  );

  yamlStory("is installed from a server that has the folder", async ({ yaml }) => {
    const asked: string[] = [];
    const server = createServer(async (request, response) => {
      const file = basename(request.url ?? "");
      asked.push(file);
      // The CLI takes no answer that does not say how long it is.
      response.setHeader("content-length", (await stat(join(out, file))).size);
      createReadStream(join(out, file)).pipe(response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const emulator = await yaml.emulate();
      const stack = await yaml.stackOn(emulator, { namesPlugin: false });
      await stack.write(organizations({ megasoft: { displayName: "Megasoft" } }));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/releases`;
      const install = ["plugin", "install", "resource", "scalekit", `v${version}`, "--server", url];
      await expectSuccess(stack.pulumi(...install));
      expect(asked).toEqual([archive]);
      expect(await stack.up()).toMatchObject({ code: 0, changes: { create: 1 } });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
