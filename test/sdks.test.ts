import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { startEmulator } from "../src/emulator/index.ts";
import { schemaFile } from "../tools/schema/schema.mts";
import { buildHosts } from "../tools/sdks/hosts/build.mts";
import { writeSdks } from "../tools/sdks/write.mts";
import { expectSuccess, newStack } from "./support/stack.ts";

const root = resolve(import.meta.dirname, "..");

/** Laid out as the repository is, so that the examples find the packages. */
let folder: string;

/** What a command prints, and whether it succeeded. */
const run = (command: string, args: readonly string[], cwd = folder, env: NodeJS.ProcessEnv = {}) =>
  new Promise<{ code: number; text: string }>((done) => {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
    execFile(command, args, options, (error, stdout, stderr) => done({ code: error ? 1 : 0, text: stdout + stderr }));
  });

const has = async (command: string, ...args: string[]): Promise<boolean> => (await run(command, args, root)).code === 0;
const hasGo = await has("go", "version");
const hasPython = await has("python3", "-m", "venv", "--help");

/** The samples in the schema's descriptions, by the name of the kind. */
async function samplesIn(language: string): Promise<[kind: string, program: string][]> {
  const { resources } = JSON.parse(await readFile(join(root, schemaFile), "utf8")) as {
    resources: Record<string, { description: string }>;
  };
  return Object.entries(resources).map(([token, { description }]) => {
    const program = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "ms").exec(description)?.[1];
    return [token.replace("scalekit:index:", ""), program ?? ""];
  });
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(join(folder, file, ".."), { recursive: true });
  await writeFile(join(folder, file), text);
}

/** Minutes where nothing is compiled yet. */
const slow = 900_000;

/** The environment in which Go compiles what imports the packages. */
const goEnvironment = {
  CGO_ENABLED: "0",
  // The example's sums are of what it imports itself.
  GOFLAGS: "-mod=mod -trimpath",
};

/** Runs an example by its language's host on the real engine, from nothing to nothing. */
async function expectToRun(language: string, env: Readonly<Record<string, string>>): Promise<void> {
  const path = [join(folder, "hosts"), env["PATH"], process.env["PATH"]].filter(Boolean).join(delimiter);
  vi.stubEnv("PATH", path);
  await using emulator = await startEmulator();
  await using stack = await newStack(emulator, { project: join(folder, "examples", language), env });
  const { text } = await expectSuccess(stack.up());
  // The CLI warns of a language host that does not lie beside it.
  expect(text).not.toMatch(/warning: (?!using pulumi-language-)/);
  expect(
    emulator
      .organizations()
      .map((one) => one["external_id"])
      .sort(),
  ).toEqual(["CUST-12345-MGSFT", "CUST-67890-ACME"]);
  const shown = JSON.parse((await expectSuccess(stack.pulumi("stack", "output", "--json", "--show-secrets"))).text);
  expect(shown).toMatchObject({
    roles: ["billing_admin", "member"],
    organizationIds: [expect.stringMatching(/^org_/), expect.stringMatching(/^org_/)],
  });
  expect(shown.robotSecret).toMatch(/./);
  expect((await expectSuccess(stack.pulumi("stack", "export"))).text).not.toContain(shown.robotSecret);
  await expectSuccess(stack.up("--expect-no-changes"));
  await expectSuccess(stack.refresh("--expect-no-changes"));
  await expectSuccess(stack.destroy());
  expect(emulator.organizations()).toEqual([]);
}

describe.runIf(hasGo)("the packages that the CLI's generators make of the schema", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-sdks-"));
    await writeSdks(join(folder, "sdks"));
    await buildHosts(join(folder, "hosts"));
    await cp(join(root, "plugin"), join(folder, "plugin"), { recursive: true });
    for (const language of ["go", "python"])
      await cp(join(root, "examples", language), join(folder, "examples", language), { recursive: true });
  }, slow);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  describe("in Go", () => {
    async function vet(...packages: string[]) {
      const { code, text } = await run("go", ["vet", ...packages], join(folder, "examples", "go"), goEnvironment);
      // On a machine that has none of the modules yet, Go says what it brings.
      return { code, text: text.replaceAll(/^go: downloading .*\n/gm, "") };
    }

    test("compile, with the example and each sample in a description", { timeout: slow }, async () => {
      for (const [kind, program] of await samplesIn("go")) await write(`examples/go/${kind}/main.go`, program);
      expect(await vet("./...", "pulumi-scalekit/sdk/go/...")).toEqual({ code: 0, text: "" });
    });

    test("refuse an argument of another type, at compile time", { timeout: slow }, async () => {
      const [[, program] = []] = await samplesIn("go");
      await write("examples/go/wrong/main.go", (program ?? "").replace(/pulumi\.String\(("[^"]+")\)/, "pulumi.Int(7)"));
      const { code, text } = await vet("./wrong");
      await rm(join(folder, "examples", "go", "wrong"), { recursive: true });
      expect(code).not.toBe(0);
      expect(text).toContain("cannot use pulumi.Int(7)");
    });

    test("are formatted as gofmt has it, the samples too", async () => {
      expect(await run("gofmt", ["-l", "examples/go"])).toEqual({ code: 0, text: "" });
    });

    test("run the example", { timeout: slow }, () => expectToRun("go", goEnvironment));
  });

  describe.runIf(hasPython)("in Python", () => {
    const python = () => join(folder, "venv", "bin", "python");

    beforeAll(async () => {
      await run("python3", ["-m", "venv", "venv"]);
      const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
      const needed = ["pulumi==3.272.0", "mypy==2.4.1", "./sdks/python"];
      expect(await run(python(), [...install, ...needed])).toEqual({ code: 0, text: "" });
    }, slow);

    test("compile, and import with the names that the samples use", async () => {
      expect(await run("python3", ["-m", "compileall", "-q", "sdks/python"])).toEqual({ code: 0, text: "" });
      const program = "import pulumi_scalekit as s; print(*s.OrganizationDomainType, *s.OrganizationMetadataOwnership)";
      expect(await run(python(), ["-c", program])).toEqual({
        code: 0,
        text: [
          "OrganizationDomainType.ORGANIZATION_DOMAIN OrganizationDomainType.ALLOWED_EMAIL_DOMAIN",
          "OrganizationMetadataOwnership.ALL OrganizationMetadataOwnership.DECLARED\n",
        ].join(" "),
      });
    });

    test("have types that fit the example and each sample in a description", { timeout: slow }, async () => {
      const samples = await samplesIn("python");
      for (const [kind, program] of samples) await write(`samples/${kind}.py`, program);
      const files = ["examples/python/__main__.py", ...samples.map(([kind]) => `samples/${kind}.py`)];
      const { code, text } = await run(python(), ["-m", "mypy", "--strict", ...files]);
      expect(text).toBe(`Success: no issues found in ${files.length} source files\n`);
      expect(code).toBe(0);
    });

    test("refuse an argument of another type", { timeout: slow }, async () => {
      await write("wrong.py", 'import pulumi_scalekit\npulumi_scalekit.Organization("a", display_name=7)\n');
      const { code, text } = await run(python(), ["-m", "mypy", "wrong.py"]);
      expect(code).not.toBe(0);
      expect(text).toContain('No overload variant of "Organization" matches argument types "str", "int"');
    });

    test("run the example", { timeout: slow }, () =>
      expectToRun("python", { PATH: join(folder, "venv", "bin"), VIRTUAL_ENV: join(folder, "venv") }),
    );
  });
});
