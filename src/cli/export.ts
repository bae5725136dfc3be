import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import { organization } from "../definitions/organization.ts";
import { ScalekitError } from "../errors.ts";
import { readAll } from "../provider/selection.ts";
import { type Adoption, adoptionsOf, importFile } from "./adoption.ts";
import { type Coding, codeFiles } from "./code-files.ts";
import { aboutSettings, openEnvironment, type Verbosity, verboseOption } from "./environment.ts";
import { asJson, report } from "./export-report.ts";
import { type ListForm, listFiles, tenantsAmong } from "./fleet-files.ts";
import { explanation } from "./help.ts";
import { resourceNames } from "./names.ts";
import { writeAll } from "./output-files.ts";
import { type Progress, withProgress } from "./progress.ts";
import { newLists, type RemoteObject, remoteObjectsOf } from "./remote-objects.ts";
import { kindsNamed, kindsOption } from "./resource-types.ts";
import { addSelectionOptions, type SelectionOptions, selected } from "./selection.ts";

const about = `
It writes import.json, which \`pulumi import\` reads, and organizations.ts, which
declares the same organizations. After the import, \`pulumi up\` changes nothing
and sends nothing. Names are the same at every export, whatever is selected.
With --include it writes what belongs to the selected organizations too, and
what the environment has into environment.ts; what Scalekit itself has in every
environment only with --predefined. An API client comes without its secret,
which Scalekit shows only once. The objects of an organization take a request
for each kind.

With --fleet it writes the organizations as the list of an OrganizationFleet,
tenants.csv, and the program that takes them over at its first \`pulumi up\`, by
their external IDs. It names those without one, and leaves them out. With --set
it is an OrganizationSet, one resource for all of them.

With --native it writes all of that for the native plugin: the import file has
types and ids alone, and the code is in TypeScript, in YAML with --language
yaml, or left to \`pulumi import\` with --language none.
${aboutSettings}

It changes nothing at Scalekit and no stack. Files are written whole, all or
none, and none is replaced without --force.

Examples:
  $ pulumi-scalekit export
  $ pulumi-scalekit export --external-id-prefix CUST- --metadata tier=gold
  $ pulumi-scalekit export --group-by metadata.tier
  $ pulumi-scalekit export --fleet
  $ pulumi-scalekit export --set --native
  $ pulumi-scalekit export --include permissions roles domains
  $ pulumi-scalekit export --native --language yaml --include all
  $ cut -d, -f1 customers.csv | pulumi-scalekit export --ids-from - --json

Exit codes: 0 done, 1 failed.`;

interface Options extends SelectionOptions, Verbosity {
  out: string;
  include?: string[];
  predefined?: true;
  groupBy?: string;
  stack?: string;
  force?: true;
  fleet?: true;
  set?: true;
  native?: true;
  language: Coding["language"];
  json?: true;
}

/** `pulumi-scalekit export`: an environment's organizations, and what hangs on them, as an import file and a program. */
export function exportCommand(): Command {
  const command = new Command("export").description("write the organizations that exist as an import file and code");
  return addSelectionOptions(command)
    .addOption(kindsOption("--include <kinds...>", "what to write besides organizations"))
    .option("--predefined", "also what Scalekit itself defines in every environment")
    .option("--out <folder>", "where to write", ".")
    .option("--group-by <metadata.KEY>", "a file of code for each value of this metadata key", metadataKey)
    .addOption(
      new Option("--fleet", "as the list of a fleet, and the program that takes it over").conflicts([
        "include",
        "groupBy",
        "language",
      ]),
    )
    .addOption(
      new Option("--set", "as the list of a set, and the program that takes it over").conflicts([
        "include",
        "groupBy",
        "language",
        "fleet",
      ]),
    )
    .option("--native", "write it for the native plugin")
    .addOption(
      new Option(
        "--language <language>",
        "of the code, if not TypeScript; other than that, only the native plugin has any",
      )
        .choices(["typescript", "yaml", "none"])
        .default("typescript"),
    )
    .option("--stack <name>", "the stack whose configuration names the environment (default: the selected one)")
    .option("--force", "replace files that are there")
    .addOption(verboseOption())
    .option("--json", "say what was written as JSON")
    .addHelpText("after", explanation(about))
    .action(async (options: Options) => {
      const { language, groupBy } = options;
      const native = options.native === true || language !== "typescript";
      if (groupBy !== undefined && language !== "typescript") {
        throw new ScalekitError("--group-by is for TypeScript: a program in YAML is one file.");
      }
      await using environment = await openEnvironment(options.stack, options);
      const { all, objects } = await withProgress(options, (progress) => read(environment.client, options, progress));
      const names = resourceNames(objects, resourceNames(all.map(asRemoteObject)));
      const found = adoptionsOf(objects, names, environment.deletionProtection);
      const list = options.fleet ? "fleet" : options.set ? "set" : undefined;
      const { adoptions, refused } = list ? asTenants(found, list) : found;
      const place = { native, from: environment.url, folder: options.out };
      const files = list
        ? listFiles(adoptions, { form: list, ...place })
        : new Map([...listFile(adoptions, place), ...codeFiles(adoptions, { language, groupBy, ...place })]);
      if (files.size > 0) writeAll(files, options.force === true);
      const exported = {
        environment: environment.url,
        stack: options.stack,
        adoptions,
        refused,
        files: [...files.keys()],
        form: list ?? (native ? "native" : "dynamic"),
        language,
      } as const;
      process.stdout.write(options.json ? asJson(exported) : report(exported));
    });
}

/** All organizations that there are, and what of the environment is selected. */
async function read(client: Client, options: Options, { tell }: Progress) {
  const all = await readAll(client, (...far) => tell("organizations", ...far));
  const chosen = await selected(all, options);
  const others = await remoteObjectsOf(newLists(client), kindsNamed(options.include), chosen, {
    predefined: options.predefined === true,
    tell: (...far) => tell("lists of other objects", ...far),
  });
  return { all, objects: [...chosen.map(asRemoteObject), ...others] };
}

const asRemoteObject = (live: Live): RemoteObject => ({ definition: organization, live });

function asTenants({ adoptions, refused }: Found, form: ListForm): Found {
  const tenants = tenantsAmong(adoptions, form);
  return { adoptions: tenants.adoptions, refused: [...refused, ...tenants.refused] };
}

type Found = ReturnType<typeof adoptionsOf>;

/** What `pulumi import` reads, unless there is nothing to import. */
function listFile(adoptions: readonly Adoption[], { folder, native }: Pick<Coding, "folder" | "native">) {
  if (adoptions.length === 0) return [];
  return [[join(folder, "import.json"), importFile(adoptions, native)]] as const;
}

function metadataKey(text: string): string {
  const key = /^metadata\.(.+)$/s.exec(text)?.[1];
  if (key === undefined) throw new InvalidArgumentError("write it as metadata.KEY");
  return key;
}
