import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type EmulatorOptions, readSemantics, startEmulator } from "../../src/emulator/index.ts";
import { send } from "../support/plain-client.ts";
import { repository } from "../support/stack.ts";
import { workplace } from "../support/workplace.ts";

const few = ["--only", "metadata", "deleteMissing", "rateLimit"];
const seed = [{ display_name: "Megasoft" }];

async function begin(options: EmulatorOptions = {}) {
  const place = await workplace([], { seed, ...options });
  Object.assign(place.env, { SCALEKIT_MAX_REQUESTS_PER_MINUTE: "100000" });
  return { ...place, names: () => place.emulator.organizations().map(({ display_name }) => display_name) };
}

describe("pulumi-scalekit probe", () => {
  test("finds how the environment behaves, leaves it as it was, and writes what the emulator takes", async () => {
    const { run, names, read, folder } = await begin({ semantics: { metadata: "merge", duplicate: 400 } });
    const { code, stdout, stderr } = await run("probe");
    expect(code, stdout).toBe(0);
    expect(names()).toEqual(["Megasoft"]);
    expect(stdout).toMatch(/^metadata +merge +A PATCH of metadata adds to what is there\.$/m);
    expect(stdout).toMatch(/Not tried:\n {2}incompleteConnection: [\s\S]*\n {2}rateLimit: /);
    expect(stdout).toContain("Unlike the emulator's defaults: metadata, duplicate.\n");
    expect(stdout).toContain(
      "Wrote semantics.json, with requests and responses. To play it: pulumi-scalekit emulator --semantics semantics.json\n",
    );
    expect(stdout).toMatch(/Everything that was made is deleted again\.\n$/);
    expect(stderr).toMatch(
      /^What this makes is named (pulumi-scalekit-probe-[\da-f]{8})\. If it is killed: npx pulumi-scalekit probe --clean \1\n/,
    );
    const { semantics, answers, left, probed } = JSON.parse(await read("semantics.json"));
    expect(semantics).toMatchObject({ metadata: "merge", duplicate: 400, settings: "merge" });
    expect(left).toEqual([]);
    expect(probed).toMatchObject({
      environment: expect.stringMatching(/^http:\/\/127/),
      organizations: expect.any(Number),
    });
    const duplicate = answers.find(({ name }: { name: string }) => name === "duplicate");
    expect(duplicate.exchanges).toContainEqual({
      request: {
        method: "POST",
        path: "/api/v1/organizations",
        body: { display_name: expect.stringMatching(/ duplicate$/), external_id: expect.stringMatching(/-taken$/) },
      },
      response: expect.objectContaining({ status: 400, requestId: expect.stringMatching(/^req_/) }),
    });
    const file = join(folder, "semantics.json");
    expect(readSemantics(file)).toEqual(semantics);
    await using again = await startEmulator({ semantics: readSemantics(file) });
    expect(again.url).toContain("http");
  });

  test("reports as JSON, with the same as in the file", async () => {
    const { run, read } = await begin();
    const { code, stdout } = await run("probe", ...few, "--json", "--out", "found.json");
    expect(code).toBe(0);
    expect(stdout.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(await read("found.json")));
    expect(JSON.parse(stdout).semantics).toEqual({ metadata: "replace", deleteMissing: 404 });
  });

  test("asks nothing of what looks like production, and does where that is said", async () => {
    const { run, env } = await begin();
    env["SCALEKIT_ENVIRONMENT_URL"] = "https://acme.scalekit.com";
    // It would be reached through this, if anything were sent.
    env["HTTPS_PROXY"] = "http://127.0.0.1:1";
    const { code, stdout, stderr } = await run("probe");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^pulumi-scalekit: https:\/\/acme\.scalekit\.com looks like production: .*Nothing was sent.*--production\.\n$/,
    );
    env["SCALEKIT_OPERATION_TIMEOUT"] = "1";
    expect((await run("probe", "--production")).stderr).toContain("acme.scalekit.com could not be reached");
  });

  test("replaces no file without --force, and says so before it asks", async () => {
    const { run, write, read, emulator } = await begin();
    await write("semantics.json", "mine");
    const refused = await run("probe", ...few);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("semantics.json already exists. Nothing was sent. Replace it with --force");
    expect(emulator.requests).toEqual([]);
    expect((await run("probe", ...few, "--force")).code).toBe(0);
    expect(await read("semantics.json")).toContain('"metadata": "replace"');
  });

  test("shows what it would ask, and sends nothing", async () => {
    const { run, emulator, folder, env } = await begin();
    const files = await readdir(folder);
    const { code, stdout, stderr } = await run("probe", "--dry-run", "--only", "emptyMetadata");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`The probe would ask ${emulator.url} with some `);
    expect(stdout).toMatch(
      /\nemptyMetadata: Does an empty map[\s\S]*\n {2}PATCH \/api\/v1\/organizations\/org_\d+ \{"metadata":\{\}\}\n/,
    );
    expect(emulator.requests).toEqual([]);
    expect(await readdir(folder)).toEqual(files);
    env["SCALEKIT_ENVIRONMENT_URL"] = "https://acme.scalekit.com";
    const json = JSON.parse((await run("probe", "--dry-run", "--json", "--only", "metadata")).stdout);
    expect(json).toMatchObject({ environment: "https://acme.scalekit.com", isRefused: true, organizations: 1 });
    env["SCALEKIT_ENVIRONMENT_URL"] = "";
    expect((await run("probe", "--dry-run", "--only", "metadata")).stdout).toContain(
      "an environment, once one is set,",
    );
  });

  test("ends with 2 where a question has no answer", async () => {
    const { run, emulator } = await begin();
    emulator.fail({ path: "/api/v1/permissions", count: 99, effect: { kind: "status", status: 403 } });
    const { code, stdout } = await run("probe", "--only", "permissionInUse", "metadata");
    expect(code).toBe(2);
    expect(stdout).toContain("\nNot answered:\n  permissionInUse: a scratch permission was refused with 403 FAULT\n");
  });

  test("ends with 3 where something is left, with the command that deletes it", async () => {
    const { run, emulator, names } = await begin();
    emulator.fail({ method: "DELETE", count: 99, effect: { kind: "status", status: 400 } });
    const { code, stdout } = await run("probe", "--only", "metadata");
    expect(code).toBe(3);
    const [, prefix = ""] =
      /Some of what was made could not be deleted:\n {2}org_\d+: its delete was answered with 400\nDelete it later: {2}npx pulumi-scalekit probe --clean (\S+)\n$/.exec(
        stdout,
      ) ?? [];
    expect(names()).toHaveLength(2);
    expect((await run("probe", "--clean", prefix)).code).toBe(3);
    emulator.heal();
    expect(await run("probe", "--clean", prefix)).toMatchObject({
      code: 0,
      stdout: "Deleted 1 organization.\nNothing of that run is left.\n",
    });
    expect(names()).toEqual(["Megasoft"]);
    expect(JSON.parse((await run("probe", "--clean", prefix, "--json")).stdout)).toEqual({ removed: [], left: [] });
  });

  test.each(["Megasoft", "", "pulumi-scalekit-probe-", "pulumi-scalekit-probe-0000000g", "pulumi"])(
    "deletes by no prefix but its own: %j",
    async (prefix) => {
      const { run, emulator } = await begin();
      const { code, stderr } = await run("probe", "--clean", prefix);
      expect(code).toBe(1);
      expect(stderr).toContain("--clean takes the prefix that a run of the probe printed");
      expect(emulator.requests).toEqual([]);
    },
  );

  test.each([1, 2])("ends in order after %i times Ctrl-C, although nobody answers", async (times) => {
    const { emulator, names, folder, env } = await begin();
    const child = spawn(process.execPath, [join(repository, "dist/cli/main.js"), "probe"], { cwd: folder, env });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => (out += chunk));
    child.stderr.on("data", (chunk) => (err += chunk));
    // A create is done, and its answer does not come.
    emulator.fail({ method: "PATCH", skip: 2, effect: { kind: "delay", milliseconds: 600_000 } });
    const waiting = async () => (await send(`${emulator.url}/_emulator/faults`)).body.length;
    await expect.poll(waiting, { interval: 5 }).toBe(0);
    if (times === 2) emulator.fail({ method: "DELETE", count: 99, effect: { kind: "delay", milliseconds: 600_000 } });
    const began = Date.now();
    child.kill("SIGINT");
    await expect
      .poll(() => err)
      .toContain("Interrupted: cleaning up. Interrupt again to skip that and leave what was made.");
    if (times === 2) {
      const begun = async () => (await send(`${emulator.url}/_emulator/faults`)).body[0].count;
      await expect.poll(begun, { interval: 5 }).toBe(98);
      child.kill("SIGINT");
    }
    const [code] = await once(child, "close");
    expect(code, out + err).toBe(times === 1 ? 130 : 3);
    expect(Date.now() - began).toBeLessThan(100_000);
    expect(await readdir(folder)).not.toContain("semantics.json");
    if (times === 1) {
      expect(names()).toEqual(["Megasoft"]);
      expect(out).toContain("Interrupted: the other questions were not asked, and nothing was written.");
    } else {
      expect(out).toContain("npx pulumi-scalekit probe --clean pulumi-scalekit-probe-");
    }
  });
});
