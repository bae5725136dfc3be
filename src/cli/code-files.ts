import { join } from "node:path";
import { ownerField } from "../definitions/definition.ts";
import { entryOf } from "../definitions/want.ts";
import type { Adoption } from "./adoption.ts";
import { slug } from "./names.ts";
import { programFor } from "./program.ts";
import { isOrganization } from "./resource-types.ts";
import { yamlProgramFor } from "./yaml-program.ts";

/** What code is written, and where. */
export interface Coding {
  readonly language: "typescript" | "yaml" | "none";
  /** Whether the native plugin serves what the code declares. */
  readonly native: boolean;
  /** The metadata key that divides the code: each of its values gets a file. Without it there is one file. */
  readonly groupBy: string | undefined;
  /** The environment that all of it is in. */
  readonly from: string;
  readonly folder: string;
}

/**
 * The files of code that declare all of it. In TypeScript, the file of an organization also declares what belongs to it,
 * and another file declares the rest.
 */
export function codeFiles(all: readonly Adoption[], { language, native, groupBy, from, folder }: Coding) {
  if (language === "none" || all.length === 0) return new Map<string, string>();
  if (language === "yaml") return new Map([[join(folder, "organizations.yaml"), yamlProgramFor(all, from)]]);
  const organizations = all.filter(isOrganization);
  const groups = groupBy === undefined ? new Map([["", organizations]]) : grouped(organizations, groupBy);
  const ownerOf = (one: Adoption) => (isOrganization(one) ? one.id : one.args[ownerField]);
  const declared = new Set<unknown>(organizations.map(({ id }) => id));
  const files = new Map<string, string>();
  const apart = all.filter((one) => !declared.has(ownerOf(one)));
  if (apart.length > 0) files.set(join(folder, "environment.ts"), programFor(apart, from, native));
  for (const [group, members] of groups) {
    if (members.length === 0) continue;
    const ids = new Set<unknown>(members.map(({ id }) => id));
    const file = groupBy === undefined ? "organizations.ts" : join("organizations", `${group}.ts`);
    const here = all.filter((one) => ids.has(ownerOf(one)));
    files.set(join(folder, file), programFor(here, from, native));
  }
  return files;
}

/** By the value of one metadata key. No two names are the same on a disk that ignores case. */
function grouped(adoptions: readonly Adoption[], key: string): Map<string, readonly Adoption[]> {
  const byValue = Map.groupBy(adoptions, ({ args }) => entryOf(args["metadata"], key) as string | undefined);
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
