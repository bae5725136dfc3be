import { isAbsolute, join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { readAll } from "../lookups/selection.ts";
import type { Organization } from "../schema.ts";
import { type Adoption, adoptionsOf, importFile, type Refusal } from "./adoption.ts";
import { aboutSettings, openEnvironment } from "./environment.ts";
import { writeAll } from "./files.ts";
import { resourceNames, slug } from "./names.ts";
import { programFor } from "./program.ts";
import { progress } from "./progress.ts";
import { onStack } from "./pulumi.ts";
import { addSelectionOptions, type SelectionOptions, selected } from "./selection.ts";
import { visible } from "./visible.ts";

const about = `
It writes import.json, which \`pulumi import\` reads, and organizations.ts, which declares the same organizations. After
the import, \`pulumi up\` changes nothing and sends nothing. Names are the same at every export, whatever is selected.
${aboutSettings}

Nothing at Scalekit and in no stack is changed. Files are written whole, all or none, and none is replaced without --force.

Examples:
  $ pulumi-scalekit export
  $ pulumi-scalekit export --out adopted --external-id-prefix CUST- --metadata tier=gold
  $ pulumi-scalekit export --group-by metadata.tier
  $ cut -d, -f1 customers.csv | pulumi-scalekit export --ids-from - --json

Exit codes: 0 done, 1 failed.`;

interface Options extends SelectionOptions {
  out: string;
  groupBy?: string;
  stack?: string;
  force?: true;
  json?: true;
}

/** `pulumi-scalekit export`: an environment's organizations as an import file and a program. */
export function exportCommand(): Command {
  const command = new Command("export").description("write the organizations that exist as an import file and code");
  return addSelectionOptions(command)
    .option("--out <folder>", "where to write", ".")
    .option("--group-by <metadata.KEY>", "a file of code for each value of this metadata key", metadataKey)
    .option("--stack <name>", "the stack whose configuration names the environment (default: the selected one)")
    .option("--force", "replace files that are there")
    .option("--json", "say what was written as JSON")
    .addHelpText("after", about)
    .action(async (options: Options) => {
      await using environment = await openEnvironment(options.stack);
      const tell = progress(options);
      const all = await readAll(environment.client, (count) => tell(() => `Read ${count} organizations so far.`));
      const { adoptions, refused } = adoptionsOf(
        await selected(all, options),
        resourceNames(all),
        environment.deletionProtection,
      );
      const groups = options.groupBy === undefined ? undefined : grouped(adoptions, options.groupBy);
      const files = filesOf(adoptions, groups, environment.url, options.out);
      if (adoptions.length > 0) writeAll(files, options.force === true);
      const result = {
        environment: environment.url,
        stack: options.stack,
        adoptions,
        refused,
        files: adoptions.length > 0 ? files : new Map(),
      };
      process.stdout.write(options.json ? asJson(result) : report(result));
    });
}

interface Result {
  readonly environment: string;
  /** The stack that was named, if one was. */
  readonly stack: string | undefined;
  readonly adoptions: readonly Adoption[];
  readonly refused: readonly Refusal[];
  readonly files: ReadonlyMap<string, string>;
}

function filesOf(
  adoptions: readonly Adoption[],
  groups: ReadonlyMap<string, Adoption[]> | undefined,
  from: string,
  folder: string,
): Map<string, string> {
  const code =
    groups === undefined
      ? [[join(folder, "organizations.ts"), programFor(adoptions, from)] as const]
      : [...groups].map(
          ([group, members]) => [join(folder, "organizations", `${group}.ts`), programFor(members, from)] as const,
        );
  return new Map([[join(folder, "import.json"), importFile(adoptions)], ...code]);
}

/** By the value of one metadata key, named so that no two files are one on a disk that ignores case. */
function grouped(adoptions: readonly Adoption[], key: string): Map<string, Adoption[]> {
  const byValue = Map.groupBy(adoptions, ({ args }) => groupValue(args.metadata, key));
  const taken = new Set(["others"]);
  const groups = new Map<string, Adoption[]>();
  for (const [value, members] of [...byValue].sort(([a = ""], [b = ""]) => (a < b ? -1 : 1))) {
    const plain = value === undefined ? "others" : slug(value) || "value";
    let name = plain;
    for (let more = 2; value !== undefined && taken.has(name.toLowerCase()); more++) name = `${plain}-${more}`;
    taken.add(name.toLowerCase());
    groups.set(name, members);
  }
  return groups;
}

const groupValue = (metadata: Organization["metadata"] | undefined, key: string): string | undefined =>
  metadata !== undefined && Object.hasOwn(metadata, key) ? metadata[key] : undefined;

function report({ environment, stack, adoptions, refused, files }: Result): string {
  const left = refused.map(({ id, reason }) => `  ${id}: ${reason}\n`).join("");
  const note = refused.length > 0 ? `\nLeft out, because no program could declare them:\n${left}` : "";
  if (adoptions.length === 0)
    return `No organization of ${environment} was selected, and nothing was written.\n${note}`;
  const [list, ...code] = [...files.keys()];
  const importing = ["pulumi import --file", list, "--generate-code=false --yes", ...onStack(stack)].join(" ");
  const checking = ["pulumi preview --expect-no-changes", ...onStack(stack)].join(" ");
  return `Wrote ${count(adoptions.length)} of ${environment}:
  ${list}
${code.map((file) => `  ${file}\n`).join("")}${note}
Next, in the Pulumi project:
  1. Import the code in the program:
${code.map((file) => `       import ${JSON.stringify(moduleOf(file))};\n`).join("")}  2. Take the organizations into the stack. Scalekit is not changed:
       ${importing}
${adoptions.length < many ? "" : inSeconds}  3. See that nothing would change:
       ${checking}
`;
}

const many = 100;

/** Pulumi saves the whole state after each resource. An import makes nothing that could be lost track of without that. */
const inSeconds = `     So many take minutes, or seconds if the state is saved only once, with these two set for that command:
       PULUMI_EXPERIMENTAL=true PULUMI_SKIP_CHECKPOINTS=true
`;

const asJson = ({ environment, adoptions, refused, files }: Result): string =>
  `${JSON.stringify({
    environment,
    organizations: adoptions.map(({ name, id, leftAlone }) => ({ name, id, leftAlone })),
    refused,
    files: [...files.keys()],
  })}\n`;

const count = (size: number): string => `${size} ${size === 1 ? "organization" : "organizations"}`;

function moduleOf(file: string): string {
  const module = file.replaceAll("\\", "/").replace(/\.ts$/, "");
  return visible(isAbsolute(file) || module.startsWith("../") ? module : `./${module}`);
}

function metadataKey(text: string): string {
  const key = /^metadata\.(.+)$/s.exec(text)?.[1];
  if (key === undefined) throw new InvalidArgumentError("write it as metadata.KEY");
  return key;
}
