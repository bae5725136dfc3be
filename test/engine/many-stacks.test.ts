import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isIn, partOf } from "../../examples/many-stacks/keyspace.ts";
import { command } from "../support/command.ts";
import { repository, stackEnvironment } from "../support/stack.ts";
import { story } from "../support/story.ts";

const example = join(repository, "examples", "many-stacks");

/** The example in a folder of its own, whose stacks are gone with it. */
async function begin(environment: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-many-stacks-"));
  const project = join(folder, "project");
  await cp(example, project, { recursive: true });
  await symlink(join(repository, "node_modules"), join(folder, "node_modules"));
  const env = stackEnvironment(folder, environment);
  return {
    project,
    run: (...args: string[]) =>
      new Promise<{ code: number; text: string }>((done) => {
        execFile("sh", [join(project, "all.sh"), ...args], { env }, (error, stdout, stderr) =>
          done({ code: error === null ? 0 : Number(error.code), text: `${stdout}${stderr}` }),
        );
      }),
    scalekit: (...args: string[]) => command(args, { cwd: project, env }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

story(
  "parts of one list come up side by side, each customer in one of them, and one that fails is reported",
  async ({ means }) => {
    const emulator = await means.emulate();
    await using stacks = await begin(emulator.environment);
    const up = await stacks.run("3", "2", "up", "--yes", "--skip-preview");
    expect(up, up.text).toMatchObject({ code: 0 });
    for (const part of [1, 2, 3]) expect(up.text).toContain(`part-${part}-of-3: done`);
    const tenants: { externalId: string }[] = JSON.parse(await readFile(join(example, "tenants.json"), "utf8"));
    const made = () => emulator.organizations().map(({ external_id }) => external_id);
    expect(made().sort()).toEqual(tenants.map(({ externalId }) => externalId).sort());

    const before = emulator.requests.length;
    const drift = await stacks.scalekit(
      "drift",
      ...[1, 2, 3].flatMap((part) => ["--stack", `part-${part}-of-3`]),
      ...["--fail-on", "unmanaged", "shared"],
    );
    expect(drift, drift.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("12 as declared, 0 changed"),
    });
    expect(emulator.requests.slice(before).filter(({ path }) => path.startsWith("/api/"))).toHaveLength(1);

    const added = { externalId: "CUST-20013", displayName: "x".repeat(201) };
    await writeFile(join(stacks.project, "tenants.json"), JSON.stringify([...tenants.slice(1), added]));
    const whose = [1, 2, 3].find((number) => isIn({ number, of: 3 }, added.externalId));
    const failed = await stacks.run("3", "3", "preview");
    expect(failed.code).toBe(1);
    expect(failed.text).toContain(`part-${whose}-of-3: FAILED`);
    expect(failed.text.match(/: done$/gm)).toHaveLength(2);
    const said = await readFile(join(stacks.project, "logs", `part-${whose}-of-3.log`), "utf8");
    expect(said).toContain("displayName must be 1 to 200 characters long");
  },
);

test("every customer is in exactly one part, and about as many in each", () => {
  const ids = Array.from({ length: 2000 }, (_, n) => `CUST-${n}`);
  const whose = (of: number, id: string) =>
    Array.from({ length: of }, (_, index) => index + 1).filter((number) => isIn({ number, of }, id));
  const sizes = new Map<number, number>();
  for (const id of ids) {
    const parts = whose(4, id);
    expect(parts).toHaveLength(1);
    sizes.set(parts[0] ?? 0, (sizes.get(parts[0] ?? 0) ?? 0) + 1);
  }
  for (const size of sizes.values()) expect(Math.abs(size - 500)).toBeLessThan(75);
  expect(partOf("part-2-of-4")).toEqual({ number: 2, of: 4 });
  expect(partOf("dev")).toEqual({ number: 1, of: 1 });
  expect(() => partOf("part-5-of-4")).toThrow("there is no part 5 of 4");
});
