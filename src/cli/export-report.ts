import { isAbsolute } from "node:path";
import { organization } from "../definitions/organization.ts";
import { visible } from "../text/visible.ts";
import type { Adoption, Refusal } from "./adoption.ts";
import type { Coding } from "./code-files.ts";
import { onStack } from "./pulumi.ts";
import { called, countsInWords, isOrganization } from "./resource-types.ts";

/** What an export came to. */
export interface Exported {
  readonly environment: string;
  /** The stack that was named, if one was. */
  readonly stack: string | undefined;
  readonly adoptions: readonly Adoption[];
  readonly refused: readonly Refusal[];
  /** What was written, if anything was: the list first. */
  readonly files: readonly string[];
  readonly native: boolean;
  readonly language: Coding["language"];
}

/** For a person. */
export function report({ environment, stack, adoptions, refused, files, native, language }: Exported): string {
  const left = refused.map(({ definition, id, reason }) => `  ${called(definition, id)}: ${reason}\n`).join("");
  const note = refused.length > 0 ? `\nLeft out, because no program could declare them:\n${left}` : "";
  if (files.length === 0) return `No organization of ${environment} was selected, and nothing was written.\n${note}`;
  const [list, ...code] = files;
  const withCode = language === "none" ? "--out=organizations.txt" : "--generate-code=false";
  const importing = ["pulumi import --file", list, withCode, "--yes", ...onStack(stack)].join(" ");
  const checking = ["pulumi preview --expect-no-changes", ...onStack(stack)].join(" ");
  const all = adoptions.every(isOrganization) ? "the organizations" : "all of it";
  const take = `Take ${all} into the stack. Scalekit is not changed:
       ${importing}
${adoptions.length < many ? "" : inSeconds}`;
  const steps = [
    ...(native ? [namingPlugin] : []),
    ...(language === "none" ? [take, "Put the code in the program that the import wrote to organizations.txt.\n"] : []),
    ...(language === "yaml"
      ? [`Have ${code[0]} as the program, named Main.yaml, or put its resources in yours.\n`, take]
      : []),
    ...(language === "typescript"
      ? [
          `Import the code in the program:\n${code.map((file) => `       import ${JSON.stringify(moduleOf(file))};\n`).join("")}`,
          take,
        ]
      : []),
    `See that nothing would change:\n       ${checking}\n`,
  ];
  return `Wrote ${counted(adoptions)} of ${environment}:
  ${list}
${code.map((file) => `  ${file}\n`).join("")}${note}
Next, in the Pulumi project:
${steps.map((step, at) => `  ${at + 1}. ${step}`).join("")}`;
}

/** Where the engine finds the plugin without a download. */
const namingPlugin = `Let Pulumi.yaml name the plugin, if it does not yet:
       plugins: { providers: [{ name: scalekit, path: node_modules/pulumi-scalekit/plugin }] }
`;

const many = 100;

/** Pulumi saves the whole state after each resource. An import makes nothing that could be lost track of without that. */
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
