import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readSettings } from "../src/config/settings.ts";
import { kinds } from "../src/emulator/collections.ts";
import { type Emulator, readSeed, startEmulator } from "../src/emulator/index.ts";
import { byHand } from "./support/seed.ts";
import { expectSuccess, newStack, repository, stackEnvironment } from "./support/stack.ts";
import { yamlBin } from "./support/yaml-stack.ts";

const folder = join(repository, "examples");
/** Those in TypeScript and YAML. The others need packages that are made for them: see test/sdks.test.ts. */
const examples = readdirSync(folder).filter(
  (name) => name === "yaml" || existsSync(join(folder, name, "package.json")),
);

/** What there is before an example comes: what its `environment.json` says, or nothing. */
function environmentOf(name: string): Promise<Emulator> {
  const file = join(folder, name, "environment.json");
  return startEmulator({ seed: existsSync(file) ? readSeed(file) : [] });
}

/** Everything but organizations: what every environment has from the start, and what has come since. */
const thingsIn = (emulator: Emulator) => Object.fromEntries(kinds.map((kind) => [kind, emulator.all(kind)]));

/** The policy packs in an example's folders, enforced. */
const packsOf = (name: string): string[] =>
  readdirSync(join(folder, name))
    .filter((inner) => existsSync(join(folder, name, inner, "PulumiPolicy.yaml")))
    .flatMap((inner) => ["--policy-pack", join(folder, name, inner)]);

/** As a user has it: protected by default, unless the stack's configuration says otherwise. */
const stackOf = async (project: string, emulator: Emulator, name = "test") =>
  newStack(emulator, {
    project: join(folder, project),
    name,
    env: { SCALEKIT_DELETION_PROTECTION: "" },
    bin: project === "yaml" ? await yamlBin() : undefined,
  });

// The language host for YAML is built here, and not in the time of a test.
beforeAll(yamlBin, 1_800_000);

describe.concurrent.each(examples)("the example %s", (name) => {
  // Whole projects, each run of which compiles TypeScript: on a busy machine all of them together take their time.
  test("comes up, stays as it is, and goes without a trace", { timeout: 300_000 }, async () => {
    await using emulator = await environmentOf(name);
    await using stack = await stackOf(name, emulator);
    const before = emulator.organizations();
    const predefined = thingsIn(emulator);
    const packs = packsOf(name);
    const importing = existsSync(join(folder, name, "import.json"));
    if (importing) {
      await expectSuccess(stack.pulumi("import", "--file", "import.json", "--generate-code=false", "--yes"));
      await expectSuccess(stack.preview("--expect-no-changes"));
    }

    await expectSuccess(stack.up(...packs));
    const made = emulator.organizations();
    const things = thingsIn(emulator);
    const managed = new Set((await stack.organizations()).map(({ id }) => id));
    const others = before.filter(({ id }) => !managed.has(id));
    expect(managed.size).toBeGreaterThan(0);
    expect(made).toEqual(expect.arrayContaining(importing ? before : others));
    await expectSuccess(stack.up("--expect-no-changes", ...packs));
    await expectSuccess(stack.refresh("--expect-no-changes"));
    expect(emulator.organizations()).toEqual(made);
    expect(thingsIn(emulator)).toEqual(things);
    expect(JSON.parse((await stack.pulumi("stack", "output", "--json")).text)).not.toEqual({});

    await expectSuccess(stack.pulumi("config", "set", "scalekit:deletionProtection", "false"));
    await expectSuccess(stack.up());
    await expectSuccess(stack.destroy());
    expect(emulator.organizations()).toEqual(others);
    expect(thingsIn(emulator)).toEqual(predefined);
  });
});

test.concurrent("the packs of policy-pack refuse what they are there for, and mend it where they are asked to", async () => {
  await using emulator = await startEmulator();
  await using stack = await newStack(emulator);
  const packs = packsOf("policy-pack");
  expect(packs).toHaveLength(4);
  const megasoft = { displayName: "Megasoft  Test", metadata: { tier: "gold", internal_id: "1" } };
  await stack.write({ megasoft: { args: megasoft } });
  const refused = await stack.preview(...packs);
  expect(refused.code).not.toBe(0);
  for (const rule of ["external-id-required", "metadata-keys-required", "metadata-keys-forbidden", "gold-has-owner"]) {
    expect(refused.text).toMatch(new RegExp(`${rule} .*Organization: megasoft`));
  }

  await stack.write({
    megasoft: { args: { displayName: "Megasoft  Inc", externalId: "CUST-12345", metadata: { owner: "emea" } } },
  });
  const policies = join(folder, "policy-pack", "policies");
  const stricter = ["--policy-pack", policies, "--policy-pack-config", join(policies, "stricter.json")];
  await expectSuccess(stack.up(...stricter));
  expect(emulator.organizations()).toMatchObject([{ display_name: "Megasoft Inc", metadata: { tier: "standard" } }]);
});

/** Runs the package's command in a folder that ends with the test. */
async function commandOn(emulator: Emulator, ...args: string[]) {
  const cwd = await mkdtemp(join(tmpdir(), "pulumi-scalekit-example-"));
  const command = join(repository, "dist", "cli", "main.js");
  const env = stackEnvironment(cwd, { ...emulator.environment, SCALEKIT_DELETION_PROTECTION: "" });
  await promisify(execFile)(process.execPath, [command, ...args], { cwd, env });
  return {
    read: (file: string) => readFileSync(join(cwd, file), "utf8"),
    [Symbol.asyncDispose]: () => rm(cwd, { recursive: true, force: true }),
  };
}

test.concurrent("what adopt-estate has committed is what the export writes", async () => {
  await using emulator = await environmentOf("adopt-estate");
  await using written = await commandOn(emulator, "export");
  const committed = (file: string) => readFileSync(join(folder, "adopt-estate", file), "utf8");
  expect(JSON.parse(written.read("import.json"))).toEqual(JSON.parse(committed("import.json")));
  expect(written.read("organizations.ts").replace(emulator.url, "https://acme.scalekit.com")).toBe(
    committed("organizations.ts"),
  );
});

test.concurrent("the step of drift-job that compares tells drift from none and from a failure", async () => {
  await using emulator = await startEmulator();
  await using stack = await newStack(emulator);
  await stack.write({ megasoft: { args: { displayName: "Megasoft Inc", externalId: "CUST-1" } } });
  await expectSuccess(stack.up());
  const workflow = parse(readFileSync(join(folder, "drift-job", ".github", "workflows", "drift.yaml"), "utf8"));
  const { run } = workflow.jobs.compare.steps.find(({ id }: { id?: string }) => id === "drift");

  /** Runs it as GitHub does, and reads what it tells the steps that follow. */
  const step = async (env: Record<string, string> = {}) => {
    const outputFile = join(stack.folder, "output");
    await writeFile(outputFile, "");
    const files = { GITHUB_OUTPUT: outputFile, GITHUB_STEP_SUMMARY: join(stack.folder, "summary.md") };
    const running = promisify(execFile)("bash", ["-e", "-c", run], {
      cwd: stack.folder,
      env: { ...stack.env, STACK: "test", ...files, ...env },
    });
    const passed = await running.then(
      () => true,
      () => false,
    );
    return { passed, code: /^code=(\d+)$/m.exec(readFileSync(outputFile, "utf8"))?.[1] };
  };
  expect(await step()).toEqual({ passed: true, code: "0" });
  await byHand(emulator, "PATCH", `/${emulator.organizations()[0]?.id}`, { display_name: "By hand" });
  expect(await step()).toEqual({ passed: true, code: "2" });
  expect(readFileSync(join(stack.folder, "summary.md"), "utf8")).toContain("megasoft");
  expect(await step({ SCALEKIT_CLIENT_SECRET: "wrong" })).toEqual({ passed: false, code: "1" });
});

test.concurrent("the tests of tested-program pass, on the real engine", { timeout: 300_000 }, async () => {
  const cwd = join(folder, "tested-program");
  const home = await mkdtemp(join(tmpdir(), "pulumi-scalekit-tested-"));
  const own = Object.entries(stackEnvironment(home, {})).filter(([name]) => !name.startsWith("VITEST"));
  const vitest = join(repository, "node_modules", "vitest", "vitest.mjs");
  const running = promisify(execFile)(process.execPath, [vitest, "run"], {
    cwd,
    env: { ...Object.fromEntries(own), NO_COLOR: "1", FORCE_COLOR: "0" },
  });
  const { stdout } = await running.finally(() => rm(home, { recursive: true, force: true }));
  expect(stdout).toMatch(/Tests\D+3 passed/);
  expect(readdirSync(cwd).filter((name) => /^Pulumi\..+\.yaml$/.test(name))).not.toContain("Pulumi.vitest.yaml");
});

test("the provider takes the settings in tested-program's compose.yaml, whose emulator listens where they say", () => {
  const read = (file: string) => readFileSync(join(folder, "tested-program", file), "utf8");
  const { preview, scalekit } = parse(read("compose.yaml")).services;
  expect(readSettings({ get: () => undefined }, preview.environment)).toMatchObject({
    environmentUrl: "http://scalekit:8080",
    insecureHosts: ["scalekit"],
  });
  expect(scalekit.build).toBe(".");
  expect(read("Dockerfile")).toContain('"emulator", "--host", "0.0.0.0", "--port", "8080"');
});

test.concurrent("what saas-setup's customers have is what their plans give", { timeout: 300_000 }, async () => {
  await using emulator = await environmentOf("saas-setup");
  // Its settings are a file of the project's, where another story may be running in the stack of the usual name.
  await using stack = await stackOf("saas-setup", emulator, "plans");
  await expectSuccess(stack.up());
  const idOf = (externalId: string) => emulator.organizations().find((one) => one.external_id === externalId)?.id;
  const [megasoft, lyon] = [idOf("CUST-20001"), idOf("CUST-20004")];
  expect(emulator.organizations()).toContainEqual(
    expect.objectContaining({
      id: megasoft,
      slug: "megasoft",
      features: expect.objectContaining({ session_policy: true }),
    }),
  );
  const policies = emulator.all("session_policies");
  expect(policies).toContainEqual(expect.objectContaining({ organization_id: megasoft, absolute: 720, idle: 30 }));
  expect(policies.map((one) => one.organization_id)).not.toContain(lyon);
  expect(emulator.all("domains").map(({ domain }) => domain)).toContain("megasoft.com");
  const [client] = emulator.all("clients");
  const outputs = async (...args: string[]) =>
    JSON.parse((await expectSuccess(stack.pulumi("stack", "output", "--json", ...args))).text);
  expect(await outputs()).toMatchObject({ robotId: client?.id, robotSecret: "[secret]" });
  expect((await outputs("--show-secrets")).robotSecret).toMatch(/^test_[\w-]+$/);
});
