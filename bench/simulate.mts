import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { numbers } from "./options.mts";
import { outlook, outlookTable } from "./outlook.mts";
import { resultsSchema } from "./results.mts";

const examples = `
Examples:
  $ npm run simulate
  $ npm run simulate -- --organizations 50000 --per-stack 1000,5000 --requests-per-minute 300
  $ npm run simulate -- --json

What the engine takes is measured: the curves come from the results of \`npm run bench -- --full\`.`;

await new Command("npm run simulate --")
  .description("Days and requests that many organizations would take, for this provider and for a naive one")
  .option("--organizations <number>", "how many", numbers, [1_000_000])
  .option("--per-stack <numbers>", "how many in each stack", numbers, [1000, 5000, 10_000])
  .option("--requests-per-minute <numbers>", "what the environment allows", numbers, [600, 6000])
  .option("--runners <numbers>", "machines that run Pulumi at the same time", numbers, [1, 4])
  .option("--from <file>", "measured results", join(import.meta.dirname, "..", "docs", "scale.json"))
  .option("--json", "as JSON")
  .addHelpText("after", examples)
  .action(async (options) => {
    const results = resultsSchema.parse(JSON.parse(await readFile(options.from, "utf8")));
    const rows = outlook(results, options);
    process.stdout.write(options.json ? `${JSON.stringify(rows, null, 2)}\n` : outlookTable(rows));
  })
  .parseAsync();
