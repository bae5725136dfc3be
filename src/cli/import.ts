import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import type { Client } from "../api/client.ts";
import { ScalekitError } from "../errors.ts";
import type { Organization } from "../schema.ts";
import { type Adoption, adoptionsOf, importFile } from "./adoption.ts";
import { aboutSettings, openEnvironment } from "./environment.ts";
import { writeAll } from "./files.ts";
import { resourceNames } from "./names.ts";
import { declarationOf } from "./program.ts";
import { onStack, pulumiRun } from "./pulumi.ts";

const about = `
It looks each organization up, by Scalekit's id (org_…) or by your application's external ID, writes the import file, and
shows the code that declares them. With --run it also runs \`pulumi import\`, which asks before it changes the stack unless
--yes is given. Nothing at Scalekit is changed.
${aboutSettings}

Examples:
  $ pulumi-scalekit import CUST-12345-MGSFT
  $ pulumi-scalekit import org_59615193906282635 --name megasoft --run
  $ pulumi-scalekit import CUST-1 CUST-2 --stack prod --run --yes

Exit codes: 0 done, 1 failed, or that of \`pulumi import\`.`;

interface Options {
  name?: string;
  out: string;
  stack?: string;
  run?: true;
  yes?: true;
  force?: true;
  json?: true;
}

/** `pulumi-scalekit import`: single organizations that exist, into a stack. */
export function importCommand(): Command {
  return new Command("import")
    .description("bring single organizations that exist into a stack")
    .argument("<id...>", "ids (org_…) or external IDs")
    .option("--name <name>", "the resource's name, where there is one (default: from the external ID)")
    .option("--out <file>", "where to write the import file", "import.json")
    .option("--stack <name>", "the stack (default: the selected one)")
    .option("--run", "run `pulumi import` too")
    .option("--yes", "let `pulumi import` change the stack without asking")
    .option("--force", "replace the import file that is there")
    .option("--json", "say what was found and written as JSON")
    .addHelpText("after", about)
    .action(async (ids: string[], options: Options) => {
      if (options.name !== undefined && ids.length > 1) throw new ScalekitError("--name is for one organization only.");
      await using environment = await openEnvironment(options.stack);
      const found = await lookUp(environment.client, environment.url, ids);
      const names =
        options.name === undefined ? resourceNames(found) : new Map(found.map(({ id }) => [id, options.name ?? id]));
      const { adoptions, refused } = adoptionsOf(found, names, environment.deletionProtection);
      if (refused.length > 0) {
        throw new ScalekitError(
          `No program could declare ${refused.map(({ id, reason }) => `${id}: ${reason}`).join("; ")}. Nothing was written.`,
        );
      }
      process.exitCode = options.run ? await run(adoptions, options) : write(adoptions, options);
    });
}

async function lookUp(client: Client, url: string, asked: readonly string[]): Promise<Organization[]> {
  const found = new Map<string, Organization>();
  const missing: string[] = [];
  for (const one of asked) {
    // An external ID may look like an id of Scalekit's.
    const byId = one.startsWith("org_") ? await client.get(one) : undefined;
    const organization = byId ?? (await client.getByExternalId(one));
    if (organization) found.set(organization.id, organization);
    else missing.push(one);
  }
  if (missing.length > 0) {
    throw new ScalekitError(
      `There is no organization with the id or external ID ${missing.join(", ")} in the Scalekit environment at ${url}. Nothing was written.`,
    );
  }
  return [...found.values()];
}

function write(adoptions: readonly Adoption[], options: Options): number {
  writeAll(new Map([[options.out, importFile(adoptions, [])]]), options.force === true);
  const next = ["pulumi", ...importArguments(options.out, options)].join(" ");
  const check = ["pulumi preview --expect-no-changes", ...onStack(options.stack)].join(" ");
  process.stdout.write(
    options.json
      ? asJson(adoptions, { file: options.out, next })
      : `${codeFor(adoptions)}
The import file is ${options.out}. Put the code in the program, and then:
  ${next}
  ${check}
`,
  );
  return 0;
}

async function run(adoptions: readonly Adoption[], options: Options): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-scalekit-import-"));
  try {
    const file = join(folder, "import.json");
    writeFileSync(file, importFile(adoptions, []));
    const code = await pulumiRun(importArguments(file, options), options.json === true);
    if (code !== 0) return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(
    options.json
      ? asJson(adoptions, { imported: true })
      : `\nNow put the code in the program, before the next \`pulumi up\`:\n\n${codeFor(adoptions)}`,
  );
  return 0;
}

const importArguments = (file: string, { stack, yes, run: asked }: Options): string[] => [
  "import",
  "--file",
  file,
  "--generate-code=false",
  ...onStack(stack),
  // In the command that is shown, for the user to type, there is nobody else to say yes.
  ...(yes || !asked ? ["--yes"] : []),
];

const codeFor = (adoptions: readonly Adoption[]): string =>
  `import { Organization } from "pulumi-scalekit";\n\n${adoptions.map((one) => `${declarationOf(one)};\n`).join("")}`;

const asJson = (adoptions: readonly Adoption[], more: object): string =>
  `${JSON.stringify({
    organizations: adoptions.map((one) => ({
      name: one.name,
      id: one.id,
      leftAlone: one.leftAlone,
      code: `${declarationOf(one)};`,
    })),
    ...more,
  })}\n`;
