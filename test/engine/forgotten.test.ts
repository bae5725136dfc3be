import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { namesOfEach, oneOfEach } from "../support/one-of-each.ts";
import { expectSuccess, type Resource } from "../support/stack.ts";
import { type Stack, story } from "../support/story.ts";

/**
 * A state forgets what it had saved in many ways, and none of them makes it an interrupted run's: the next create with the
 * same URN takes nothing over, and deletes nothing.
 */
const ways: Readonly<Record<string, (stack: Stack) => Promise<Stack>>> = {
  async "pulumi state delete"(stack) {
    for (const { urn } of (await resources(stack)).reverse()) {
      await expectSuccess(stack.pulumi("state", "delete", urn, "--force", "--yes"));
    }
    return stack;
  },
  async "retainOnDelete, taken out and declared again"(stack) {
    await declare(stack, { opts: Object.fromEntries(namesOfEach.map((name) => [name, { retainOnDelete: true }])) });
    await expectSuccess(stack.up());
    await declare(stack, { without: namesOfEach });
    await expectSuccess(stack.up());
    await declare(stack, {});
    return stack;
  },
  async "a stack that is removed and begun again"(stack) {
    await expectSuccess(stack.pulumi("stack", "rm", "test", "--force", "--yes"));
    await expectSuccess(stack.pulumi("stack", "init", "test"));
    return stack;
  },
  async "a state of before"(stack) {
    await expectSuccess(stack.pulumi("stack", "import", "--file", join(stack.folder, "empty.json")));
    return stack;
  },
};

const declare = (stack: Stack, program: object) =>
  writeFile(join(stack.folder, "program.json"), JSON.stringify(program));

const resources = async (stack: Stack): Promise<Resource[]> =>
  (JSON.parse((await expectSuccess(stack.pulumi("stack", "export"))).text).deployment.resources ?? []).filter(
    ({ type }: Resource) => type.includes("scalekit:"),
  );

const kinds = ["organizations", "permissions", "roles", "domains", "clients"] as const;
const there = (emulator: Emulator) =>
  Object.fromEntries(
    kinds.map((kind) => [kind, kind === "organizations" ? emulator.organizations() : emulator.all(kind)]),
  );

story.concurrent.for(Object.keys(ways))(
  "nothing that was saved is taken over or deleted after %s, of any kind",
  { timeout: 600_000 },
  async (way, { means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator, { source: oneOfEach });
    await declare(stack, {});
    await expectSuccess(stack.pulumi("stack", "export", "--file", join(stack.folder, "empty.json")));
    await expectSuccess(stack.up());
    const later = await (ways[way] as (typeof ways)[string])(stack);
    const before = there(emulator);
    const from = emulator.requests.length;

    const up = await later.up("--continue-on-error");
    // What only one can have is refused, as somebody else's would be; of the others there are two now.
    expect(up.code, up.text).not.toBe(0);
    expect(up.text).not.toContain("Took over");
    for (const key of ["its external ID", "its name"])
      expect(up.text.replaceAll(/\s+/g, " ")).toContain(`${key} belongs to`);
    expect(emulator.requests.slice(from).filter(({ method }) => method === "DELETE")).toEqual([]);
    const after = there(emulator);
    for (const kind of kinds) expect(after[kind], kind).toEqual(expect.arrayContaining(before[kind] as object[]));
    const extra = (kind: (typeof kinds)[number]) => (after[kind]?.length ?? 0) - (before[kind]?.length ?? 0);
    expect([extra("organizations"), extra("permissions"), extra("roles")]).toEqual([1, 0, 0]);

    // Whatever external ID the resource is to have now, it is a new organization's.
    await declare(later, { args: { megasoft: { externalId: "CUST-2", slug: "other" } } });
    await later.up("--continue-on-error");
    expect(emulator.organizations()).toEqual(expect.arrayContaining(before["organizations"] as object[]));
    expect(emulator.organizations().filter(({ external_id }) => external_id === "CUST-2")).toHaveLength(1);
    expect(emulator.requests.slice(from).filter(({ method }) => method === "DELETE")).toEqual([]);
  },
);

story.concurrent.for(["the environment", "the project's file"])(
  "two checkouts whose states are beside them have nothing of each other's, by %s",
  { timeout: 600_000 },
  async (where, { means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator);
    const copies = await Promise.all(
      ["a", "b"].map(async (name) => {
        const folder = join(stack.folder, name);
        await mkdir(join(folder, "state"), { recursive: true });
        for (const file of ["Pulumi.yaml", "package.json", "index.js", "node_modules"]) {
          await cp(join(stack.folder, file), join(folder, file), { verbatimSymlinks: true, recursive: true });
        }
        const env: NodeJS.ProcessEnv = { ...stack.env, PULUMI_BACKEND_URL: "file://./state" };
        if (where === "the project's file") {
          delete env["PULUMI_BACKEND_URL"];
          const project = await readFile(join(folder, "Pulumi.yaml"), "utf8");
          await writeFile(join(folder, "Pulumi.yaml"), `${project}backend:\n  url: file://./state\n`);
        }
        return { folder, env };
      }),
    );
    const [a, b] = copies as [(typeof copies)[0], (typeof copies)[0]];
    const declareIn = (folder: string, externalId: string) =>
      writeFile(join(folder, "program.json"), JSON.stringify({ megasoft: { args: { displayName: "M", externalId } } }));
    await declareIn(a.folder, "CUST-1");
    await declareIn(b.folder, "CUST-2");
    for (const { folder, env } of [a, b]) {
      const pulumi = (...args: string[]) => promisify(execFile)("pulumi", args, { cwd: folder, env });
      await pulumi("stack", "init", "test");
      await pulumi("up", "--yes", "--skip-preview", "--non-interactive");
    }
    expect(emulator.organizations().map(({ external_id }) => external_id)).toEqual(["CUST-1", "CUST-2"]);
    // Each has a journal of its own, and in neither of them is anything open.
    const journals = (await readdir(join(stack.folder, "home", "scalekit"))).filter((name) => name.endsWith(".jsonl"));
    expect(journals).toHaveLength(2);
  },
);
