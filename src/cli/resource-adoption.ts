import { type Definition, isSetting, ownerField } from "../definitions/definition.ts";
import { providerTextOf, typeOf } from "../definitions/tokens.ts";
import { checkResource } from "../lifecycle/resource-check.ts";
import { goals, type ResourceArgs, type ResourceState } from "../lifecycle/resource-goal.ts";
import type { ImportEntry, Refusal } from "./adoption.ts";
import type { Thing } from "./kinds.ts";
import { slug } from "./names.ts";

/** Something that exists, as a program can declare it without changing it. */
export interface ResourceAdoption {
  readonly definition: Definition;
  readonly name: string;
  readonly id: string;
  readonly args: ResourceArgs;
  readonly outputs: ResourceState;
  /** What is set at Scalekit and cannot be declared, with the reason. */
  readonly leftAlone: Readonly<Record<string, string>>;
}

/**
 * What to declare of each thing: just what is set. What breaks a limit that `pulumi up` holds is left out.
 *
 * @param organizationNames the names of the organizations' resources, by id
 */
export function resourceAdoptionsOf(things: readonly Thing[], organizationNames: ReadonlyMap<string, string>) {
  const names = thingNames(things, organizationNames);
  const adoptions: ResourceAdoption[] = [];
  const refused: Refusal[] = [];
  for (const thing of things) {
    const { definition, live } = thing;
    const { args, leftAlone } = declarable(thing);
    const [broken] = Object.keys(leftAlone).filter((field) => definition.fields[field]?.required);
    if (broken !== undefined) {
      refused.push({ id: `${definition.name} ${live.id}`, reason: `its ${broken} ${leftAlone[broken]}` });
      continue;
    }
    const outputs = goals(definition).stateOf(live, Object.keys(args), {});
    adoptions.push({ definition, name: names.get(thing) ?? live.id, id: live.id, args, outputs, leftAlone });
  }
  return { adoptions, refused };
}

export function resourceEntryOf({ definition, name, id, args, outputs }: ResourceAdoption): ImportEntry {
  const provider = { __provider: providerTextOf(definition.name) };
  return {
    type: typeOf(definition.name),
    name,
    id,
    inputs: { ...args, ...provider },
    outputs: { ...outputs, ...provider },
  };
}

function declarable({ definition, live }: Thing) {
  const set = Object.keys(definition.fields).filter((field) => live[field] !== undefined);
  const all = Object.fromEntries(set.map((field) => [field, sorted(live[field])]));
  const leftAlone: Record<string, string> = {};
  // Only with the rest right, the rules between fields are looked at.
  for (let failures = checkResource(definition, all); failures.length > 0; failures = checkResource(definition, all)) {
    for (const { property, reason } of failures) {
      const field = property.split(/[.[]/)[0] ?? property;
      leftAlone[field] ??= reason;
      delete all[field];
    }
    if (Object.keys(leftAlone).some((field) => definition.fields[field]?.required)) break;
  }
  return { args: all as ResourceArgs, leftAlone };
}

/**
 * A resource name for each: what it is called, after a slash where it belongs to an organization. Where several of one
 * kind would have one name, all but the oldest add their id, so that none depends on what else is selected.
 */
function thingNames(things: readonly Thing[], organizationNames: ReadonlyMap<string, string>): Map<Thing, string> {
  const names = new Map<Thing, string>();
  const taken = new Set<string>();
  for (const thing of things) {
    const { definition, live, owner } = thing;
    const ofOwner = owner && (organizationNames.get(owner.id) ?? owner.id);
    const own = isSetting(definition.api) ? undefined : ownName(definition, live);
    let name = [ofOwner, own].filter((part) => part !== undefined).join("/");
    const suffix = slug(live.id.split("/").at(-1) ?? "");
    while (taken.has(`${definition.name} ${name}`)) name = `${name}-${suffix}`;
    taken.add(`${definition.name} ${name}`);
    names.set(thing, name);
  }
  return names;
}

/** By the first field, which is a name of some kind. */
function ownName({ fields }: Definition, live: ResourceArgs): string {
  const first = Object.keys(fields).find((field) => field !== ownerField) ?? "";
  return slug(String(live[first] ?? "")) || slug(String(live["id"]).split("/").at(-1) ?? "");
}

/** The API may give pairs in another order each time; files that are written again should not differ for that. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
