import { isAbsolute } from "node:path";
import { visible } from "../text/visible.ts";
import type { Adoption, Refusal } from "./adoption.ts";
import { countsInWords } from "./kinds.ts";
import { onStack } from "./pulumi.ts";
import type { ResourceAdoption } from "./resource-adoption.ts";

/** What an export came to. */
export interface Exported {
  readonly environment: string;
  /** The stack that was named, if one was. */
  readonly stack: string | undefined;
  readonly organizations: readonly Adoption[];
  readonly resources: readonly ResourceAdoption[];
  readonly refused: readonly Refusal[];
  /** What was written, if anything was: the list first. */
  readonly files: readonly string[];
}

/** For a person. */
export function report({ environment, stack, organizations, resources, refused, files }: Exported): string {
  const left = refused.map(({ id, reason }) => `  ${id}: ${reason}\n`).join("");
  const note = refused.length > 0 ? `\nLeft out, because no program could declare them:\n${left}` : "";
  if (files.length === 0) return `No organization of ${environment} was selected, and nothing was written.\n${note}`;
  const [list, ...code] = files;
  const importing = ["pulumi import --file", list, "--generate-code=false --yes", ...onStack(stack)].join(" ");
  const checking = ["pulumi preview --expect-no-changes", ...onStack(stack)].join(" ");
  return `Wrote ${counted(organizations, resources)} of ${environment}:
  ${list}
${code.map((file) => `  ${file}\n`).join("")}${note}
Next, in the Pulumi project:
  1. Import the code in the program:
${code.map((file) => `       import ${JSON.stringify(moduleOf(file))};\n`).join("")}  2. Take ${resources.length > 0 ? "all of it" : "the organizations"} into the stack. Scalekit is not changed:
       ${importing}
${organizations.length + resources.length < many ? "" : inSeconds}  3. See that nothing would change:
       ${checking}
`;
}

const many = 100;

/** Pulumi saves the whole state after each resource. An import makes nothing that could be lost track of without that. */
const inSeconds = `     So many take minutes, or seconds if the state is saved only once, with these two set for that command:
       PULUMI_EXPERIMENTAL=true PULUMI_SKIP_CHECKPOINTS=true
`;

/** For a program, on one line. */
export const asJson = ({ environment, organizations, resources, refused, files }: Exported): string =>
  `${JSON.stringify({
    environment,
    organizations: organizations.map(({ name, id, leftAlone }) => ({ name, id, leftAlone })),
    resources: resources.map(({ definition, name, id, leftAlone }) => ({
      kind: definition.plural,
      name,
      id,
      leftAlone,
    })),
    refused,
    files,
  })}\n`;

/** `2 organizations, 1 role and 3 domains`. */
function counted(organizations: readonly Adoption[], resources: readonly ResourceAdoption[]): string {
  const kinds = Map.groupBy(resources, ({ definition }) => definition.plural);
  const sizes = new Map([["organizations", organizations.length]]);
  for (const [plural, { length }] of kinds) sizes.set(plural, length);
  return countsInWords(sizes);
}

function moduleOf(file: string): string {
  const module = file.replaceAll("\\", "/").replace(/\.ts$/, "");
  return visible(isAbsolute(file) || module.startsWith("../") ? module : `./${module}`);
}
