import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, inject, test } from "vitest";
import { startEmulator } from "../src/emulator/index.ts";
import { repository } from "./support/stack.ts";

/** The quickstart as `npm run` starts it, keeping its things in a folder of the test's. */
async function begin() {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-quickstart-"));
  const bin = join(repository, "node_modules", ".bin");
  const base = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith("SCALEKIT_")));
  return {
    run: (command: string[], env: Record<string, string> = {}) =>
      new Promise<{ code: number; text: string }>((done) => {
        execFile(
          join(bin, "node"),
          [join(repository, "tools", "quickstart.mts"), ...command],
          {
            env: {
              ...base,
              ...env,
              PATH: [inject("engine").bin, bin, process.env["PATH"]].join(delimiter),
              PULUMI_SCALEKIT_QUICKSTART: folder,
            },
          },
          (error, stdout, stderr) =>
            done({ code: error === null ? 0 : Number(error.code), text: `${stdout}${stderr}` }),
        );
      }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

test.concurrent("comes up, shows the organizations, changes nothing the second time, and cleans up", async () => {
  await using quickstart = await begin();
  const first = await quickstart.run([]);
  expect(first, first.text).toMatchObject({ code: 0 });
  expect(first.text).toContain("+ 4 created");
  expect(first.text).toContain('"external_id": "CUST-12345-MGSFT"');
  const second = await quickstart.run([]);
  expect(second, second.text).toMatchObject({ code: 0 });
  expect(second.text).toContain("4 unchanged");
  expect(second.text).toContain('"external_id": "CUST-12345-MGSFT"');
  const last = await quickstart.run(["destroy", "--yes", "--skip-preview"]);
  expect(last, last.text).toMatchObject({ code: 0 });
  expect(last.text).toContain("- 4 deleted");
});

test.concurrent("does the same in YAML", { timeout: 1_200_000 }, async ({ onTestFinished }) => {
  await using quickstart = await begin();
  onTestFinished(() => rm(join(repository, "examples", "yaml", "Pulumi.quickstart.yaml"), { force: true }));
  const first = await quickstart.run(["--yaml"]);
  expect(first, first.text).toMatchObject({ code: 0 });
  expect(first.text).toContain("+ 5 created");
  expect(first.text).toContain('"external_id": "CUST-12345-MGSFT"');
  expect(first.text).toContain("edit examples/yaml/Pulumi.yaml");
  expect(first.text).not.toMatch(/warning/i);
  const second = await quickstart.run(["--yaml"]);
  expect(second.text).toContain("5 unchanged");
  const last = await quickstart.run(["--yaml", "destroy", "--yes", "--skip-preview"]);
  expect(last, last.text).toMatchObject({ code: 0 });
  expect(last.text).toContain("- 5 deleted");
});

test.concurrent("runs the same program against a real environment when the settings are given", async () => {
  await using quickstart = await begin();
  await using environment = await startEmulator();
  const up = await quickstart.run(["up", "--yes", "--skip-preview"], { ...environment.environment });
  expect(up, up.text).toMatchObject({ code: 0 });
  expect(up.text).toContain(`Scalekit at ${environment.url}`);
  expect(environment.organizations()).toHaveLength(3);
});

test.concurrent("takes some settings without the others for a mistake", async () => {
  await using quickstart = await begin();
  const half = await quickstart.run([], { SCALEKIT_ENVIRONMENT_URL: "https://example.com" });
  expect(half.code).toBe(1);
  expect(half.text).toContain("SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET is not: set all three, or none");
});

test.concurrent("explains itself", async () => {
  await using quickstart = await begin();
  const help = await quickstart.run(["--help"]);
  expect(help).toMatchObject({ code: 0, text: expect.stringContaining("npm run quickstart -- destroy --yes") });
});
