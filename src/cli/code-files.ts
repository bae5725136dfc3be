import { join } from "node:path";
import { ownerField } from "../definitions/definition.ts";
import type { Organization } from "../schema.ts";
import type { Adoption } from "./adoption.ts";
import { slug } from "./names.ts";
import { type Declared, programFor } from "./program.ts";

/**
 * The files of code that declare all of it. What belongs to an organization is in the file that declares that, and the
 * rest in one of its own.
 *
 * @param groupBy the metadata key each value of which has a file, if there is to be more than one
 */
export function codeFiles(all: Declared, groupBy: string | undefined, from: string, folder: string) {
  const groups = groupBy === undefined ? new Map([["", all.organizations]]) : grouped(all.organizations, groupBy);
  const declared = new Set(all.organizations.map(({ id }) => id));
  const ownerOf = ({ args }: Declared["resources"][number]) => args[ownerField] as string | undefined;
  const apart = all.resources.filter((one) => !declared.has(ownerOf(one) ?? ""));
  const files = new Map<string, string>();
  if (apart.length > 0) {
    files.set(join(folder, "environment.ts"), programFor({ organizations: [], resources: apart }, from));
  }
  for (const [group, organizations] of groups) {
    if (organizations.length === 0) continue;
    const ids = new Set(organizations.map(({ id }) => id));
    const resources = all.resources.filter((one) => ids.has(ownerOf(one) ?? ""));
    const file = groupBy === undefined ? "organizations.ts" : join("organizations", `${group}.ts`);
    files.set(join(folder, file), programFor({ organizations, resources }, from));
  }
  return files;
}

/** By the value of one metadata key, named so that no two files are one on a disk that ignores case. */
function grouped(adoptions: readonly Adoption[], key: string): Map<string, readonly Adoption[]> {
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
