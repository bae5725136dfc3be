import { join } from "node:path";
import { resourceName } from "../sdk/fleet/resource-name.ts";
import { visible } from "../text/visible.ts";
import type { Adoption, Refusal } from "./adoption.ts";
import { moduleOf } from "./program.ts";
import { isKeptByCsv, tenantsCsv } from "./tenants-csv.ts";

/** What declares the organizations of a list. */
export type ListForm = "fleet" | "set";

/** The organizations that a fleet or a set can declare, under the names that it gives them, and the others. */
export function tenantsAmong(all: readonly Adoption[], form: ListForm) {
  const adoptions: Adoption[] = [];
  const refused: Refusal[] = [];
  for (const one of all) {
    const { definition, id, args } = one;
    const { externalId } = args;
    const reason =
      externalId === undefined
        ? `it has no external ID, by which a ${form} knows its tenants`
        : isKeptByCsv(args)
          ? undefined
          : "no CSV file holds its values as they are";
    if (reason === undefined) adoptions.push({ ...one, name: resourceName(String(externalId)) });
    else refused.push({ definition, id, reason });
  }
  return { adoptions, refused };
}

/** The list of a fleet or a set, and the program that takes over what is on it. */
export function listFiles(
  adoptions: readonly Adoption[],
  { form, from, native, folder }: { form: ListForm; from: string; native: boolean; folder: string },
): Map<string, string> {
  if (adoptions.length === 0) return new Map();
  const list = join(folder, "tenants.csv");
  const file = visible(JSON.stringify(list.replaceAll("\\", "/")));
  const program = `// Written by pulumi-scalekit from ${from}.
import { ${classes[form]} } from ${JSON.stringify(moduleOf(native))};

/** The organizations of the list. With \`adopt\`, \`pulumi up\` takes over those that exist, by their external IDs. */
export const customers = new ${classes[form]}("customers", { file: ${file}, adopt: true });
`;
  return new Map([
    [list, tenantsCsv(adoptions.map(({ args }) => args))],
    [join(folder, "organizations.ts"), program],
  ]);
}

const classes = { fleet: "OrganizationFleet", set: "OrganizationSet" } as const;
