import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import schema from "../schema.json" with { type: "json" };
import { settingNames } from "../src/config/settings.ts";
import { type Definition, isReplacing } from "../src/definitions/definition.ts";
import { definitions } from "../src/definitions/index.ts";
import { organizationSet } from "../src/definitions/organization-set.ts";
import { nativeTypeOf, typeOf } from "../src/definitions/tokens.ts";
import { functionOf } from "../src/host/native/functions.ts";
import * as generated from "../src/sdk/generated/index.ts";
import { stackEnvironment } from "./support/stack.ts";

interface Property {
  readonly type?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly secret?: boolean;
  readonly default?: unknown;
  readonly replaceOnChanges?: boolean;
}
type Properties = Readonly<Record<string, Property>>;
interface Choice {
  readonly name?: string;
  readonly value: string;
}
interface Resource {
  readonly description: string;
  readonly properties: Properties;
  readonly inputProperties: Properties;
  readonly requiredInputs?: readonly string[];
  readonly aliases: readonly { readonly type: string }[];
}

const root = resolve(import.meta.dirname, "..");
const resources: Readonly<Record<string, Resource>> = schema.resources;
const kinds: readonly Definition[] = Object.values(definitions);

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-schema-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const run = (command: string, args: readonly string[], cwd: string, env = process.env) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
    execFile(command, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      done({ code: error ? 1 : 0, stdout, stderr }),
    );
  });

const namesWhere = (properties: Properties, isSo: (property: Property) => unknown): string[] =>
  Object.keys(properties).filter((name) => isSo(properties[name] ?? {}));

describe.each(kinds)("the schema of $name", ({ name, fields, outputs, ...rest }) => {
  const resource = resources[nativeTypeOf(name)] as Resource;
  const definition = { name, fields, outputs, ...rest };

  test("has every field as an input, and says which are required", () => {
    const inputs = Object.keys(resource.inputProperties).filter((input) => input !== "adopt");
    expect(inputs).toEqual(Object.keys(fields));
    expect(resource.requiredInputs).toEqual(Object.keys(fields).filter((field) => fields[field]?.required));
  });

  test("marks what is secret, and what replaces the resource", () => {
    const secrets = Object.keys(outputs).filter((output) => outputs[output]?.secret || outputs[output]?.createOnly);
    expect(namesWhere(resource.properties, ({ secret }) => secret)).toEqual(secrets);
    const replacing = Object.keys(fields).filter((field) => isReplacing(definition, field));
    expect(namesWhere(resource.inputProperties, ({ replaceOnChanges }) => replaceOnChanges)).toEqual(replacing);
    expect(namesWhere(resource.properties, ({ replaceOnChanges }) => replaceOnChanges)).toEqual(replacing);
  });

  test("says of every property what it is, with its limits in words", () => {
    expect(namesWhere(resource.inputProperties, ({ description }) => !description)).toEqual([]);
    expect(namesWhere(resource.properties, ({ description }) => !description)).toEqual([]);
    for (const [field, { rule, limits }] of Object.entries(fields)) {
      if (["choice", "flags"].includes(rule.type)) continue;
      expect(resource.inputProperties[field]?.description?.toLowerCase()).toContain(limits.toLowerCase());
    }
  });

  test("makes one of the dynamic provider's of it without a replacement", () => {
    expect(resource.aliases).toEqual([{ type: typeOf(name) }]);
  });

  test("keeps the provider's notes, and a default that the configuration decides, to itself", () => {
    expect(JSON.stringify(resource)).not.toContain("__");
    expect(resource.inputProperties["deletionProtection"]?.default).toBeUndefined();
  });
});

describe("the schema of OrganizationSet", () => {
  const set = resources[nativeTypeOf("OrganizationSet")] as Resource;

  test("has the set's arguments and a file, of which a program gives one list or the other", () => {
    expect(Object.keys(set.inputProperties)).toEqual(["file", ...Object.keys(organizationSet.fields)]);
    expect(set.requiredInputs).toBeUndefined();
    expect(set.inputProperties["metadataOwnership"]?.$ref).toBe("#/types/scalekit:index:OrganizationMetadataOwnership");
  });

  test("has what it tells as outputs, each with a word on it, and the other provider's type as an alias", () => {
    expect(Object.keys(set.properties)).toEqual(["tenants", "idList", "count"]);
    expect(namesWhere(set.properties, ({ description }) => !description)).toEqual([]);
    expect(namesWhere(set.inputProperties, ({ description }) => !description)).toEqual([]);
    expect(set.aliases).toEqual([{ type: typeOf("OrganizationSet") }]);
    expect(JSON.stringify(set)).not.toContain("__");
  });
});

test("the schema's functions are the look-ups that programs in TypeScript have, and the plugin serves each", () => {
  const lookUps = Object.keys(generated).filter((name) => /^get.*(?<!Output)$/.test(name));
  const functions = Object.keys(schema.functions);
  expect(functions.sort()).toEqual([...lookUps, "getOrganizations"].map(nativeTypeOf).sort());
  expect(functions.filter((token) => functionOf(token) === undefined)).toEqual([]);
});

test("the schema's settings are those of the provider, and the client secret alone is secret", () => {
  for (const settings of [schema.config.variables, schema.provider.inputProperties] as Properties[]) {
    expect(Object.keys(settings).sort()).toEqual([...settingNames].sort());
    expect(namesWhere(settings, ({ secret }) => secret)).toEqual(["clientSecret"]);
  }
});

test("every choice has a name, for languages that make a constant of it", () => {
  const choices = Object.values(schema.types as object).flatMap(({ enum: of = [] }) => of as Choice[]);
  expect(choices.length).toBeGreaterThan(0);
  for (const { name, value } of choices) {
    expect(name).toMatch(/^(?:[A-Z][a-z]+)+$/);
    expect(name?.toLowerCase()).toBe(value.replaceAll("_", "").toLowerCase());
  }
});

describe("the Pulumi CLI", () => {
  // Not in the repository itself, which is a project too.
  async function pulumi(...args: string[]) {
    const folder = await temporaryFolder();
    return run(join(inject("engine").bin, "pulumi"), args, folder, stackEnvironment(folder, {}));
  }

  test("finds nothing wrong with the schema", async () => {
    expect(await pulumi("schema", "check", join(root, "schema.json"))).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("is given the schema by the plugin, without a warning", async () => {
    const plugin = join(root, "plugin", "pulumi-resource-scalekit");
    const { code, stdout, stderr } = await pulumi("package", "get-schema", plugin);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual(schema);
  });
});

test("TypeScript accepts each sample in a description", async () => {
  const folder = await temporaryFolder();
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  for (const [token, { description }] of Object.entries(resources)) {
    const [, program = ""] = /^```typescript\n(.*?)^```/ms.exec(description) ?? [];
    await writeFile(join(folder, `${token.replace("scalekit:index:", "")}.ts`), program);
  }
  const compilerOptions = { target: "es2022", module: "nodenext", strict: true, noEmit: true, skipLibCheck: true };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  await writeFile(join(folder, "package.json"), await readFile(join(root, "examples", "quickstart", "package.json")));
  expect((await readdir(folder)).filter((file) => /^[A-Z].*\.ts$/.test(file))).toHaveLength(kinds.length + 1);
  const tsc = join(root, "node_modules", ".bin", "tsc");
  expect(await run(tsc, ["-p", "."], folder)).toEqual({ code: 0, stdout: "", stderr: "" });
});
