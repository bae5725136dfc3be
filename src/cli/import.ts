import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { aboutPlainSecrets } from "../config/settings.ts";
import { definitions } from "../definitions/index.ts";
import { organization } from "../definitions/organization.ts";
import { organizationSet } from "../definitions/organization-set.ts";
import { nativeTypeOf, typeOf } from "../definitions/tokens.ts";
import { ConfigurationError, isScalekitError, ScalekitError } from "../errors.ts";
import { adoptionsAskedFor } from "./adopted.ts";
import { type Adoption, importFile } from "./adoption.ts";
import { aboutSettings, openEnvironment, type Verbosity, verboseOption } from "./environment.ts";
import { explanation } from "./help.ts";
import { writeAll } from "./output-files.ts";
import { declarationOf, importOf } from "./program.ts";
import { onStack, projectFolder, pulumiRun } from "./pulumi.ts";
import { called, isOrganization, kindOption, kindsNamed } from "./resource-types.ts";
import { resourcesOfStack } from "./stack-state.ts";

const about = `
It looks each organization up, by Scalekit's id (org_…) or by your application's
external ID, writes the import file, and shows the code that declares them. With
--kind it is something else, by the id that Pulumi has for it: a permission's or
role's name, org_…/NAME, org_…/ID, or org_… for what each organization has one
of. An API client comes without its secret, which Scalekit shows only once. With
--run it also runs \`pulumi import\`, which asks before it changes the stack
unless --yes is given. Nothing at Scalekit is changed.

In a stack of the native plugin, --native writes file and code for that. There,
\`pulumi import\` takes single resources by itself:

  $ pulumi import scalekit:index:Organization NAME externalId=CUST-1
${aboutSettings}

Examples:
  $ pulumi-scalekit import CUST-12345-MGSFT
  $ pulumi-scalekit import org_59615193906282635 --name megasoft --run
  $ pulumi-scalekit import CUST-1 CUST-2 --stack prod --run --yes
  $ pulumi-scalekit import --native CUST-1 --run
  $ pulumi-scalekit import --kind roles billing_admin
  $ pulumi-scalekit import --kind api-clients org_5961519390/m2morg_6831575868

Exit codes: 0 done, 1 failed, or that of \`pulumi import\`.`;

interface Options extends Verbosity {
  kind?: string;
  name?: string;
  out: string;
  stack?: string;
  run?: true;
  yes?: true;
  force?: true;
  native?: true;
  json?: true;
}

/** `pulumi-scalekit import`: single organizations that exist, into a stack. */
export function importCommand(): Command {
  return new Command("import")
    .description("bring single existing organizations, or other objects, into a stack")
    .argument("<id...>", "ids (org_…) or external IDs")
    .addOption(kindOption("--kind <kind>", "their resource type, if not organizations"))
    .option("--name <name>", "the resource's name, where there is one (default: from the external ID)")
    .option("--out <file>", "where to write the import file", "import.json")
    .option("--stack <name>", "the stack (default: the selected one)")
    .option("--run", "run `pulumi import` too")
    .option("--yes", "let `pulumi import` change the stack without asking")
    .option("--force", "replace the import file that is there")
    .option("--native", "write it for the native plugin")
    .addOption(verboseOption())
    .option("--json", "say what was found and written as JSON")
    .addHelpText("after", explanation(about))
    .action(async (ids: string[], options: Options) => {
      if (options.name !== undefined && ids.length > 1) throw new ScalekitError("--name is for a single one.");
      await using environment = await openEnvironment(options.stack, options);
      if (!options.native) await requireNoNativeStack(options.stack);
      // Pulumi's import saves the configuration in the state, and runs no program that would refuse it.
      if (options.run && environment.plainSecrets.length > 0) {
        throw new ConfigurationError(aboutPlainSecrets(environment.plainSecrets, "Nothing was imported. "));
      }
      const [definition = organization] = kindsNamed(options.kind === undefined ? [] : [options.kind]);
      const { adoptions, refused } = await adoptionsAskedFor(definition, environment, ids, options.name);
      if (refused.length > 0) {
        const reasons = refused.map(({ id, reason }) => `${called(definition, id)}: ${reason}`).join("; ");
        throw new ScalekitError(`No program could declare ${reasons}. Nothing was written.`);
      }
      process.exitCode = options.run ? await run(adoptions, options) : write(adoptions, options);
    });
}

/** A stack may have resources of both providers, but that is seldom what somebody wants who has none of the dynamic one. */
async function requireNoNativeStack(stack: string | undefined): Promise<void> {
  const types = new Set((await ownResources(stack)).map(({ type }) => type));
  const names = [...Object.keys(definitions), organizationSet.name];
  if (!names.some((name) => types.has(nativeTypeOf(name))) || names.some((name) => types.has(typeOf(name)))) return;
  throw new ScalekitError(
    "The stack's resources are of the native plugin. Add --native, or run `pulumi import scalekit:index:Organization NAME ID`, " +
      "which writes code in the program's language. Nothing was written.",
  );
}

/** Nothing where no stack is selected: the import file can be for any. */
async function ownResources(stack: string | undefined) {
  if (stack === undefined && projectFolder() === undefined) return [];
  return resourcesOfStack(stack).catch((error: unknown) => {
    if (stack !== undefined || !isScalekitError(error)) throw error;
    return [];
  });
}

function write(adoptions: readonly Adoption[], options: Options): number {
  writeAll(new Map([[options.out, importFile(adoptions, options.native === true)]]), options.force === true);
  const next = ["pulumi", ...importArguments(options.out, options)].join(" ");
  const check = ["pulumi preview --expect-no-changes", ...onStack(options.stack)].join(" ");
  process.stdout.write(
    options.json
      ? asJson(adoptions, { file: options.out, next })
      : `${codeFor(adoptions, options.native === true)}
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
    writeFileSync(file, importFile(adoptions, options.native === true));
    const code = await pulumiRun(importArguments(file, options), options.json === true);
    if (code !== 0) return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(
    options.json
      ? asJson(adoptions, { imported: true })
      : `\nNow put the code in the program, before the next \`pulumi up\`:\n\n${codeFor(adoptions, options.native === true)}`,
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

const codeFor = (adoptions: readonly Adoption[], native: boolean): string => {
  const classes = new Set(adoptions.map(({ definition }) => definition));
  return `${importOf(classes, native)}\n${adoptions.map((one) => `${declarationOf(one)};\n`).join("")}`;
};

const asJson = (adoptions: readonly Adoption[], more: object): string => {
  const all = adoptions.map((one) => {
    const { name, id, leftAlone } = one;
    return { name, id, leftAlone, code: `${declarationOf(one)};` };
  });
  return `${JSON.stringify({ [adoptions.every(isOrganization) ? "organizations" : "resources"]: all, ...more })}\n`;
};
