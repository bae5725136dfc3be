import { isAbsolute } from "node:path";
import { inWords } from "../definitions/names.ts";
import { organization } from "../definitions/organization.ts";
import { visible } from "../text/visible.ts";
import type { Adoption, Refusal } from "./adoption.ts";
import type { Coding } from "./code-files.ts";
import type { ListForm } from "./fleet-files.ts";
import { onStack } from "./pulumi.ts";
import { called, countsInWords, isOrganization } from "./resource-types.ts";

/** What an export came to. */
export interface Exported {
  readonly environment: string;
  /** The stack that was named, if one was. */
  readonly stack: string | undefined;
  readonly adoptions: readonly Adoption[];
  readonly refused: readonly Refusal[];
  /** The files that were written, if any, the list first. */
  readonly files: readonly string[];
  /** The provider that the code and the list are for, or what has the list. */
  readonly form: "dynamic" | "native" | ListForm;
  readonly language: Coding["language"];
}

/** For a person. */
export function report(exported: Exported): string {
  const { environment, adoptions, files, form } = exported;
  const notes = [leftOut(exported), isList(form) ? leftAlone(adoptions) : ""].join("");
  if (files.length === 0) return `No organization of ${environment} was selected, and nothing was written.\n${notes}`;
  const steps = isList(form) ? stepsOfList(exported) : stepsOfImport(exported);
  return `Wrote ${counted(adoptions)} of ${environment}:
${files.map((file) => `  ${file}\n`).join("")}${notes}
Next, in the Pulumi project:
${steps.map((step, at) => `  ${at + 1}. ${step}`).join("")}`;
}

function leftOut({ refused, form }: Exported): string {
  if (refused.length === 0) return "";
  const lines = refused.map(({ definition, id, reason }) => `  ${called(definition, id)}: ${reason}\n`).join("");
  return isList(form)
    ? `\nLeft out, because no ${form} could declare them:\n${lines}${asResources}`
    : `\nLeft out, because no program could declare them:\n${lines}`;
}

const asResources =
  "To have them as resources of their own, list these ids in a file, and use `export --ids-from FILE --out FOLDER`.\n";

/** What code says in comments, for which a list has no room. */
function leftAlone(adoptions: readonly Adoption[]): string {
  const lines = adoptions.flatMap(({ args, leftAlone }) =>
    Object.entries(leftAlone).map(([field, reason]) =>
      visible(`  ${args["externalId"]}: its ${inWords(field)} ${reason}`),
    ),
  );
  return lines.length === 0
    ? ""
    : `\nLeft as it is at Scalekit, because no program could declare it:\n${lines.join("\n")}\n`;
}

const isList = (form: Exported["form"]): form is ListForm => form === "fleet" || form === "set";

function stepsOfList({ stack, adoptions, files, form }: Exported): string[] {
  const up = ["up", ...onStack(stack)].join(" ");
  const faster = `     So many take minutes, or seconds with \`npx pulumi-scalekit ${up}\`.\n`;
  return [
    importing(files.slice(1)),
    `Take the organizations into the stack. Scalekit is not changed:
       pulumi ${up}
${form === "set" || adoptions.length < many ? "" : faster}`,
    checking(stack),
  ];
}

function stepsOfImport({ stack, adoptions, files, form, language }: Exported): string[] {
  const [list, ...code] = files;
  const withCode = language === "none" ? "--out=organizations.txt" : "--generate-code=false";
  const command = ["pulumi import --file", list, withCode, "--yes", ...onStack(stack)].join(" ");
  const all = adoptions.every(isOrganization) ? "the organizations" : "all of it";
  const take = `Take ${all} into the stack. Scalekit is not changed:
       ${command}
${adoptions.length < many ? "" : inSeconds}`;
  return [
    ...(form === "native" ? [namingPlugin] : []),
    ...(language === "none" ? [take, "Put the code in the program that the import wrote to organizations.txt.\n"] : []),
    ...(language === "yaml"
      ? [`Have ${code[0]} as the program, named Main.yaml, or put its resources in yours.\n`, take]
      : []),
    ...(language === "typescript" ? [importing(code), take] : []),
    checking(stack),
  ];
}

const importing = (code: readonly string[]): string =>
  `Import the code in the program:\n${code.map((file) => `       import ${JSON.stringify(moduleOf(file))};\n`).join("")}`;

const checking = (stack: string | undefined): string =>
  `See that nothing would change:\n       ${["pulumi preview --expect-no-changes", ...onStack(stack)].join(" ")}\n`;

/** Where the engine finds the plugin without a download. */
const namingPlugin = `Let Pulumi.yaml name the plugin, if it does not yet:
       plugins: { providers: [{ name: scalekit, path: node_modules/pulumi-scalekit/plugin }] }
`;

const many = 100;

/** Pulumi saves the whole state after each resource. An import creates nothing, so it does not need that. */
const inSeconds = `     So many take minutes, or seconds if the state is saved only once, with these two set for that command:
       PULUMI_EXPERIMENTAL=true PULUMI_SKIP_CHECKPOINTS=true
`;

/** For a program, on one line. */
export const asJson = ({ environment, adoptions, refused, files }: Exported): string =>
  `${JSON.stringify({
    environment,
    organizations: adoptions.filter(isOrganization).map(({ name, id, leftAlone }) => ({ name, id, leftAlone })),
    resources: adoptions
      .filter((one) => !isOrganization(one))
      .map(({ definition, name, id, leftAlone }) => ({ kind: definition.plural, name, id, leftAlone })),
    refused: refused.map(({ definition, id, reason }) => ({ id: called(definition, id), reason })),
    files,
  })}\n`;

/** `2 organizations, 1 role and 3 domains`. */
function counted(adoptions: readonly Adoption[]): string {
  const sizes = new Map<string, number>([[organization.plural, 0]]);
  for (const { definition } of adoptions) sizes.set(definition.plural, (sizes.get(definition.plural) ?? 0) + 1);
  return countsInWords(sizes);
}

function moduleOf(file: string): string {
  const module = file.replaceAll("\\", "/").replace(/\.ts$/, "");
  return visible(isAbsolute(file) || module.startsWith("../") ? module : `./${module}`);
}
