import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { projectFiles, projectFolder } from "./pulumi.ts";

/** What was looked at, and how it is. */
export interface Check {
  readonly name: string;
  readonly status: "ok" | "warn" | "fail";
  readonly detail: string;
}

/** Whether a project finds what it needs: the engine looks from the project's own folder, wherever this command is. */
export function installation(): Check[] {
  const folder = projectFolder();
  if (folder === undefined) return [];
  const { runtime = "nodejs", plugins, packages } = projectIn(folder);
  const isNode = ["nodejs", "bun"].includes(typeof runtime === "string" ? runtime : runtime.name);
  const place = plugins?.providers?.find(({ name }) => name === "scalekit")?.path;
  return [
    ...(isNode ? [npmPackages(folder)] : []),
    ...(place === undefined ? [] : [plugin(resolve(folder, place))]),
    ...(isNode || place !== undefined || packages?.["scalekit"] !== undefined ? [] : [unnamed]),
  ];
}

function npmPackages(folder: string): Check {
  const { resolve } = createRequire(join(folder, "package.json"));
  const missing = ["pulumi-scalekit/Organization", "@pulumi/pulumi"].filter((name) => !resolves(resolve, name));
  if (missing.length === 0) return { name: "package", status: "ok", detail: `installed in ${folder}` };
  const packages = missing.map((name) => name.replace("/Organization", "")).join(" ");
  return {
    name: "package",
    status: "fail",
    detail: `not found from ${folder}: run \`npm install ${packages}\` there.`,
  };
}

function resolves(resolve: (name: string) => string, name: string): boolean {
  try {
    resolve(name);
    return true;
  } catch {
    return false;
  }
}

function plugin(folder: string): Check {
  const text = textIn(join(folder, "schema.json"));
  if (text !== undefined && textIn(join(folder, "pulumi-resource-scalekit")) !== undefined) {
    return { name: "plugin", status: "ok", detail: `version ${JSON.parse(text).version} in ${folder}` };
  }
  const detail = `not found in ${folder}, which Pulumi.yaml names: run \`npm install pulumi-scalekit\`, or change the path.`;
  return { name: "plugin", status: "fail", detail };
}

const unnamed: Check = {
  name: "plugin",
  status: "warn",
  detail:
    "Pulumi.yaml names no plugin scalekit, so Pulumi takes one that it has installed: let `plugins` name its folder, see docs/native.md.",
};

const project = z.object({
  runtime: z.union([z.string(), z.object({ name: z.string() })]).optional(),
  plugins: z
    .object({ providers: z.array(z.object({ name: z.string(), path: z.string().optional() })).nullish() })
    .nullish(),
  packages: z.record(z.string(), z.unknown()).nullish(),
});

/** Nothing if the file is malformed: Pulumi itself reports that. */
function projectIn(folder: string): z.infer<typeof project> {
  const text = projectFiles.map((name) => textIn(join(folder, name))).find((found) => found !== undefined);
  try {
    return project.parse(parse(text ?? "{}"));
  } catch {
    return {};
  }
}

function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
