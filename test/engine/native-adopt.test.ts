import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { definitionOf } from "../../src/definitions/index.ts";
import type { Emulator } from "../../src/emulator/index.ts";
import { command } from "../support/command.ts";
import { estate } from "../support/estate.ts";
import { furnish } from "../support/furnish.ts";
import { connect } from "../support/plain-client.ts";
import { byHand, requestsOf, seed } from "../support/seed.ts";
import type { Resource } from "../support/stack.ts";
import { type Stack, story } from "../support/story.ts";
import { needYaml, type YamlStack, yamlStory } from "../support/yaml-stack.ts";

needYaml();

/** An estate with some of everything, features that are on and off, and metadata that looks like a function. */
async function furnished(emulator: Emulator): Promise<void> {
  const ids = await seed(emulator, [
    { display_name: "Furnished Inc", external_id: "CUST-1.F", slug: "furnished", metadata: { tier: "gold" } },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the point of it
    { display_name: "$${a} $$ ${b.id}", metadata: { "${key}": "${value}", $$$: "$" } },
    { display_name: "Functional", metadata: { "fn::secret": "x" } },
    { display_name: "pulumi" },
    ...estate(25),
  ]);
  const features = [
    { name: "sso", enabled: true },
    { name: "dir_sync", enabled: false },
  ];
  await byHand(emulator, "PATCH", `/${ids[0]}/settings`, { features });
  const { call } = await connect(emulator.url, emulator.credentials);
  await furnish(call, ids[0] as string);
  emulator.connect(ids[0] as string, { id: "conn_1", enabled: true });
}

/** Takes the whole estate in as the command says, and expects that nothing is left to do and nothing was sent. */
async function adopt(emulator: Emulator, stack: Stack | YamlStack, language: string, place: () => Promise<void>) {
  const before = emulator.organizations();
  const scalekit = (...args: string[]) => command(args, { cwd: stack.folder, env: stack.env });
  const requests = await requestsOf(emulator, async () => {
    const written = await scalekit("export", "--native", "--language", language, "--include", "all");
    expect(written, written.stderr).toMatchObject({ code: 0, stderr: "" });
    const file = await readFile(join(stack.folder, "import.json"), "utf8");
    expect(file).not.toMatch(/__provider|inputs|outputs|pulumi-nodejs/);
    await place();
    const imported = await stack.pulumi("import", "--file", "import.json", "--yes", "--generate-code=false");
    expect(imported, imported.text).toMatchObject({ code: 0 });
    expect(imported.text).not.toMatch(/warning|error/i);
    const preview = await stack.preview("--diff", "--expect-no-changes");
    expect(preview, preview.text).toMatchObject({ code: 0 });
    const up = await stack.up("--expect-no-changes");
    expect(up, up.text).toMatchObject({ code: 0 });
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
    const drift = await scalekit("drift");
    expect(drift, drift.stdout).toMatchObject({ code: 0, stderr: "" });
  });
  expect(requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
  expect(emulator.organizations()).toEqual(before);
  const { resources } = JSON.parse(await readFile(join(stack.folder, "import.json"), "utf8"));
  const own = ({ type }: Resource) => definitionOf(type) !== undefined;
  const held = (await stack.resources()).filter(own).map(({ type, id }) => `${type} ${id}`);
  expect(held.sort()).toEqual(resources.map(({ type, id }: Resource) => `${type} ${id}`).sort());
  expect(held.every((one) => one.startsWith("scalekit:index:"))).toBe(true);
}

describe.concurrent("an estate that exists comes in whole by export --native, and then there is nothing to do", () => {
  story.for([["true"], ["false"]])(
    "with a program in TypeScript (protection: %s)",
    { timeout: 300_000 },
    async ([protection = ""], { means }) => {
      const emulator = await means.emulate();
      await furnished(emulator);
      const stack = await means.stackOn(emulator, {
        source: 'require("./organizations.ts"); require("./environment.ts");',
        module: "pulumi-scalekit/native",
        env: { SCALEKIT_DELETION_PROTECTION: protection },
      });
      await adopt(emulator, stack, "typescript", async () => {});
    },
  );

  yamlStory.for([["true"], ["false"]])(
    "with a program in YAML (protection: %s)",
    { timeout: 300_000 },
    async ([protection = ""], { yaml }) => {
      const emulator = await yaml.emulate();
      await furnished(emulator);
      const stack = await yaml.stackOn(emulator, { env: { SCALEKIT_DELETION_PROTECTION: protection } });
      const place = () => copyFile(join(stack.folder, "organizations.yaml"), join(stack.folder, "Main.yaml"));
      await adopt(emulator, stack, "yaml", place);
    },
  );
});
