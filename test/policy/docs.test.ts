import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { productionProtected } from "../../src/policy/index.ts";
import { detectorsTable, rulesTable } from "../support/policy-docs.ts";
import { repository } from "../support/stack.ts";

const docs = readFileSync(join(repository, "docs", "policies.md"), "utf8");

test("the documentation has every rule, with its level and options, as it is", () => {
  expect(docs).toContain(`| --- | --- | --- | --- | --- | --- |\n${rulesTable()}\n\n`);
});

test("the documentation has everything that is detected", () => {
  expect(docs).toContain(`| --- | --- |\n${detectorsTable()}\n\n`);
});

test("the pack of ten lines in the documentation is the one that the examples try", () => {
  const pack = readFileSync(join(repository, "examples", "policy-pack", "ten-lines", "index.ts"), "utf8");
  expect(docs).toContain(`\`\`\`ts\n${pack}\`\`\``);
  expect(pack.trim().split("\n").length).toBeLessThanOrEqual(10);
});

test("the documentation names the stacks that are production", () => {
  const stacks = productionProtected.configSchema?.properties["stacks"]?.default as string[];
  expect(docs.replaceAll(/\s+/g, " ")).toContain(
    `stacks called ${stacks.map((stack) => `\`${stack}\``).join(", ")} for`,
  );
});
