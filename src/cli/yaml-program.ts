import { handedOver, ownerField, protectionField } from "../definitions/definition.ts";
import { nativeTypeOf } from "../definitions/tokens.ts";
import type { Adoption } from "./adoption.ts";
import { remarksOn } from "./program.ts";
import { isOrganization } from "./resource-types.ts";

/** YAML that declares the objects as they are, one resource each, and nothing that they do not have. */
export function yamlProgramFor(adoptions: readonly Adoption[], from: string): string {
  const keys = keysFor(adoptions);
  const organizations = new Map(adoptions.filter(isOrganization).map((one) => [one.id, keys.get(one) ?? ""]));
  const resources = adoptions.map((one) => resourceFor(one, keys.get(one) ?? "", organizations));
  return `# Written by pulumi-scalekit from ${from}.\nresources:\n${resources.join("")}`;
}

/** In a program all resources have names of their own, whatever their types. `pulumi` is Pulumi's. */
function keysFor(adoptions: readonly Adoption[]): ReadonlyMap<Adoption, string> {
  const keys = new Map<Adoption, string>();
  const taken = new Set(["pulumi"]);
  for (const one of adoptions) {
    let key = one.name;
    while (taken.has(key)) key = `${one.definition.name} ${key}`;
    taken.add(key);
    keys.set(one, key);
  }
  return keys;
}

function resourceFor(one: Adoption, key: string, organizations: ReadonlyMap<string, string>): string {
  const { definition, name, args, leftAlone } = one;
  const unwritable = Object.keys(args).filter((field) => isMistaken(args[field]));
  const properties = Object.entries(args).flatMap(([field, value]) => {
    if (unwritable.includes(field)) return [];
    const owner = field === ownerField ? organizations.get(value as string) : undefined;
    return [`${field}: ${owner === undefined ? literal(value) : text(referenceTo(owner))}`];
  });
  const remarks = [
    ...remarksOn(definition, leftAlone),
    ...unwritable.map((field) => `${field} is left as it is: one of its keys would be a function in YAML.`),
  ];
  const options = Object.entries(optionsOf(one, unwritable)).map(([option, value]) => `${option}: ${literal(value)}`);
  const lines = [
    `type: ${nativeTypeOf(definition.name)}`,
    ...(key === name ? [] : [`name: ${text(escaped(name))}`]),
    "properties:",
    ...[...properties, ...remarks.map((remark) => `# ${remark}`)].map(indent),
    ...(options.length > 0 ? ["options:", ...options.map(indent)] : []),
  ];
  return `  ${text(key)}:\n${lines.map((line) => `    ${line}\n`).join("")}`;
}

/** What the classes in TypeScript set by themselves: see sdk/declared-args.ts. */
function optionsOf({ definition, args, unsaid }: Adoption, unwritable: readonly string[]) {
  const { fields } = definition;
  const isKeyed = handedOver(definition).some((field) => args[field] !== undefined);
  const isProtected = fields[protectionField]?.fallback === true && unsaid[protectionField] !== false;
  return {
    ...(isKeyed && { deleteBeforeReplace: true }),
    ...(isProtected && { protect: true }),
    ...(unwritable.length > 0 && { ignoreChanges: unwritable }),
  };
}

/** Whether Pulumi would take it for a call of a function. */
const isMistaken = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).some((key) => /^fn::/i.test(key));

function literal(value: unknown): string {
  if (typeof value === "string") return text(escaped(value));
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${text(escaped(key))}: ${literal(inner)}`)
    .join(", ")} }`;
}

/** A dot would lead into a resource. */
const referenceTo = (key: string): string => `\${${/^[\w/-]+$/.test(key) ? key : `["${key}"]`}.id}`;

/** `${…}` is a reference, and `$$` a dollar. */
const escaped = (value: string): string => value.replaceAll(/\$(?=[${])/g, "$$$$");

/** In double quotes, with what a reviewer could not see as YAML escapes it. */
const text = (value: string): string =>
  JSON.stringify(value).replaceAll(/\p{C}|[^\P{Z} ]/gu, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return point > 0xffff ? `\\U${point.toString(16).padStart(8, "0")}` : `\\u${point.toString(16).padStart(4, "0")}`;
  });

const indent = (line: string): string => `  ${line}`;
