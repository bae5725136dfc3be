import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { coverage } from "../../src/emulator/index.ts";
import { code, table } from "./markdown.mts";
import { notOffered, notUsed } from "./not-offered.mts";
import { usedEndpoints } from "./used.mts";

/** docs/coverage.md: which of Scalekit's endpoints there are for which resource, as the code has them. */
export async function coverageDocument(): Promise<string> {
  const used = await usedEndpoints();
  const tests = readTests();
  const rows = coverage.map(({ method, path, resource }) => {
    const endpoint = `${method} ${path}`;
    const isUsed = used.has(endpoint);
    const reason = notUsed[endpoint];
    if (isUsed === (reason !== undefined)) {
      throw new Error(
        `${endpoint} is ${isUsed ? "used, and not-offered.mts says why not" : "not used, and not-offered.mts has no reason"}`,
      );
    }
    return [code(endpoint), resource, isUsed ? "yes" : "no", firstOf(testsOf(method, path, resource, tests))];
  });
  const served = new Set(coverage.map(({ method, path }) => `${method} ${path}`));
  const unserved = [...used.keys()].filter((endpoint) => !served.has(endpoint));
  if (unserved.length > 0)
    throw new Error(`the provider uses what the emulator does not serve: ${unserved.join(", ")}`);
  return `# Endpoints

Written by \`npm run docs\` from the emulator's routes and from what the provider is seen to ask for; a test tells when it is out of
date. The emulator serves each endpoint of this table. The last column names the first test file that speaks of the endpoint and
its resource; besides, [resources.test.ts](../test/emulator/resources.test.ts) and
[documents.test.ts](../test/emulator/documents.test.ts) go over all of them.

${table(["Endpoint", "Resource", "Used by the provider", "Tested by"], rows)}

## Served, and not used by the provider

${Object.entries(notUsed)
  .map(([endpoint, reason]) => `- ${code(endpoint)}: ${reason}.`)
  .join("\n")}

## Not offered

Scalekit's public endpoints about organizations and what hangs on them that neither the provider nor the emulator has, and PREVIEW
ones that would make more possible once they are public.

${notOffered
  .map(({ endpoints, status, reason }) =>
    [`**${status}**: ${reason}.`, "", ...endpoints.map((one) => `- ${code(one)}`)].join("\n"),
  )
  .join("\n\n")}
`;
}

interface TestFile {
  readonly path: string;
  readonly text: string;
}

const root = join(import.meta.dirname, "..", "..");

function readTests(): TestFile[] {
  const folder = join(root, "test");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .sort()
    .map((file) => ({ path: relative(root, join(folder, file)), text: readFileSync(join(folder, file), "utf8") }));
}

/**
 * The tests of an endpoint: those of the emulator that send its method below its path, and those of the provider that
 * speak of the resource. Nearly every test is about organizations, so of theirs only the emulator's own are named.
 */
function testsOf(method: string, path: string, resource: string, tests: readonly TestFile[]): string[] {
  const [last = ""] = path.match(/[/:][a-z][\w-]*(?=(?:\/\{\w+\})*$)/) ?? [];
  const spoken = new RegExp(`[/:]${last.slice(1)}\\b`);
  const isOfAny = resource === "Organization" && last === "/organizations";
  return tests
    .filter(({ path: file, text }) => {
      if (!file.startsWith("test/emulator/"))
        return resource !== "Organization" && new RegExp(`\\b${resource}\\b`).test(text);
      if (/(resources|documents)\.test\.ts$/.test(file) || !text.includes(`"${method}"`)) return false;
      return isOfAny ? !otherPaths.test(text) : spoken.test(text);
    })
    .map(({ path: file }) => file);
}

/** What hangs on organizations: tests of that make organizations and are not about them. */
const otherPaths = /\/(permissions|roles|domains|clients|connections|session-policy|usermanagement)\b/;

/** The first of them, and how many more there are: a table line has to fit into a narrow window. */
const firstOf = ([first, ...more]: readonly string[]): string =>
  first === undefined ? "" : `${link(first)}${more.length > 0 ? ` and ${more.length} more` : ""}`;

const link = (file: string): string => `[${file.replace(/^test\//, "")}](../${file})`;
