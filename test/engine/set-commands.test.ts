import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { providersOfStories } from "../support/both-types.ts";
import { command } from "../support/command.ts";
import { estate } from "../support/estate.ts";
import { requestsOf, seed } from "../support/seed.ts";
import { expectSuccess } from "../support/stack.ts";
import { story } from "../support/story.ts";

/** What `export` writes is TypeScript that is JavaScript but for its import. */
const source = (module: string) => `
  const { readFileSync, existsSync } = require("node:fs");
  const pulumi = require("@pulumi/pulumi");
  const { OrganizationSet } = require("${module}");
  if (existsSync("organizations.ts")) {
    const { hidden, ...args } = require("./more.json");
    const [, given] = /new OrganizationSet\\("customers", (.*)\\);/.exec(readFileSync("organizations.ts", "utf8"));
    new OrganizationSet("customers", { ...eval("(" + given + ")"), ...args, ...(hidden && { metadata: { hush: pulumi.secret("hush-hush") } }) });
  }`;

story.for(providersOfStories)(
  "$provider: an environment comes in as a set by export --set and up, which writes nothing, and guard and drift know its tenants",
  async ({ module }, { means }) => {
    const emulator = await means.emulate();
    const bodies = estate(30) as { external_id?: string }[];
    await seed(emulator, bodies);
    const count = bodies.filter(({ external_id }) => external_id !== undefined).length;
    const stack = await means.stackOn(emulator, { source: source(module), module });
    const scalekit = (...args: string[]) => command(args, { cwd: stack.folder, env: stack.env });
    const more = (args: object) => writeFile(join(stack.folder, "more.json"), JSON.stringify(args));
    await more({});
    const before = JSON.stringify(emulator.organizations());
    const requests = await requestsOf(emulator, async () => {
      const written = await scalekit("export", "--set", ...(module.endsWith("native") ? ["--native"] : []));
      expect(written, written.stderr).toMatchObject({ code: 0, stderr: "" });
      const preview = await expectSuccess(stack.preview());
      expect(preview.text).toContain(`customers: ${count} to adopt (`);
      await expectSuccess(stack.up());
      await expectSuccess(stack.preview("--diff", "--expect-no-changes"));
      await expectSuccess(stack.refresh("--expect-no-changes"));
    });
    expect(requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
    expect(JSON.stringify(emulator.organizations())).toBe(before);

    const drift = await scalekit("drift", "--json");
    expect(drift, drift.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(drift.stdout)).toMatchObject({ managed: count, changed: [], gone: [] });

    // Cut short, as a file may be.
    const list = join(stack.folder, "tenants.csv");
    const text = await readFile(list, "utf8");
    const rows = text.trimEnd().split("\n");
    const kept = rows.slice(0, -3).join("\n");
    await writeFile(list, `${kept}\n`);
    const guard = await scalekit("guard", "--max-deletes", "2");
    expect(guard, guard.stderr).toMatchObject({ code: 2 });
    expect(guard.stdout).toContain("The update would delete or replace 3 organizations, more than the 2");
    await writeFile(list, text);

    // A secret makes the whole text one, which no preview shows.
    await more({ hidden: true });
    await expectSuccess(stack.up());
    await writeFile(list, `${kept}\n`);
    const uncountable = await scalekit("guard");
    expect(uncountable.code, uncountable.stdout).toBe(1);
    expect(uncountable.stderr).toContain("does not say which tenants the set customers would have");
    await writeFile(list, text);
    const hidden = await scalekit("drift");
    expect(hidden.stdout).toContain("Not compared, because the state keeps them encrypted");
    expect(hidden.stdout + (await stack.pulumi("stack", "export")).text).not.toContain("hush-hush");
    const compared = await scalekit("drift", "--compare-secrets");
    expect(compared, compared.stderr).toMatchObject({ code: 0 });
  },
);
