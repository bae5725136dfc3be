import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, inject } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { ensureYamlHost } from "../../tools/engine/yaml-host.mts";
import { newStack, repository, type StackOptions } from "./stack.ts";
import { story as dynamicStory, type Means, type Stack } from "./story.ts";

/** A program as Pulumi reads it from YAML, of which JSON is a part. */
export interface YamlProgram {
  readonly config?: Record<string, unknown>;
  readonly variables?: Record<string, unknown>;
  readonly resources?: Record<string, YamlResource>;
  readonly outputs?: Record<string, unknown>;
}

export interface YamlResource {
  readonly type: string;
  readonly properties?: Record<string, unknown>;
  readonly options?: Record<string, unknown>;
  readonly get?: Record<string, unknown>;
}

export interface YamlStack extends Omit<Stack, "write"> {
  write(program: YamlProgram): Promise<void>;
}

let bin = "";

/** To be called by test files whose stories run YAML programs: the language host is built only for them, which may take minutes. */
export function needYaml(): void {
  beforeAll(async () => {
    bin = await yamlBin();
  }, 1_800_000);
}

/** The folder of an engine that runs YAML programs. */
export const yamlBin = async (): Promise<string> =>
  (await ensureYamlHost(inject("engine"), (line) => process.stderr.write(`${line}\n`))).bin;

export interface YamlStackOptions extends Pick<StackOptions, "name" | "env"> {
  /** Whether Pulumi.yaml names the plugin of this checkout. */
  readonly namesPlugin?: boolean;
}

/** As {@link newStack}, with a YAML program over the native plugin: no npm project, and nothing installed. */
export async function newYamlStack(
  emulator: Pick<Emulator, "environment">,
  { namesPlugin = true, ...options }: YamlStackOptions = {},
) {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-yaml-"));
  const write = (program: YamlProgram) =>
    writeFile(
      join(folder, "Pulumi.yaml"),
      JSON.stringify({ ...project, ...(namesPlugin && { plugins }), ...program }, undefined, 2),
    );
  await write({});
  const stack = await newStack(emulator, { ...options, folder, project: folder, bin });
  return { ...stack, write };
}

const project = { name: "test", runtime: "yaml" };
const plugins = { providers: [{ name: "scalekit", path: join(repository, "plugin") }] };

/** A test that drives the real engine with YAML programs. */
export const yamlStory = dynamicStory.extend<{ yaml: YamlMeans }>({
  yaml: async ({ means }, use) => {
    await using ended = new AsyncDisposableStack();
    await use({
      emulate: means.emulate,
      stackOn: async (emulator, options) => ended.use(await newYamlStack(emulator, options)),
    });
  },
});

export interface YamlMeans extends Pick<Means, "emulate"> {
  stackOn(emulator: Emulator, options?: YamlStackOptions): Promise<YamlStack>;
}

/** A program of organizations alone. */
export const organizations = (args: Readonly<Record<string, Record<string, unknown>>>): YamlProgram => ({
  resources: Object.fromEntries(
    Object.entries(args).map(([name, properties]) => [name, { type: "scalekit:Organization", properties }]),
  ),
});

/** What `--diff` shows of properties, without how far each is to the right, and when it was. */
export const shown = (text: string): string[] =>
  text
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/^([-+~] .+?) *: /, "$1: ")
        .replaceAll(/"[-\d]+T[:.\d]+Z"/g, "[time]"),
    )
    .filter((line) => /^(?:[-+~] (?!scalekit:|pulumi:)(?!\d+ to ).*:|[}\]]$)/.test(line));
