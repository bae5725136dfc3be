import { type Definition, isSetting, ownerField } from "../definitions/definition.ts";
import { visible } from "../text/visible.ts";
import type { Adoption } from "./adoption.ts";
import { inWords } from "./kinds.ts";
import type { ResourceAdoption } from "./resource-adoption.ts";

/** What one file of code declares. */
export interface Declared {
  readonly organizations: readonly Adoption[];
  readonly resources: readonly ResourceAdoption[];
}

/** TypeScript that declares what there is as it is, one entry each. It never holds more than that has. */
export function programFor({ organizations, resources }: Declared, from: string): string {
  const names = new Map(organizations.map(({ id, name }) => [id, name]));
  const kinds = Map.groupBy(resources, ({ definition }) => definition);
  const sections = [
    ...(organizations.length > 0 || resources.length === 0
      ? [section("organizations", organizations, declarationOf)]
      : []),
    ...[...kinds].map(([{ plural }, members]) => section(plural, members, (one) => resourceDeclaration(one, names))),
  ];
  const classes = [...(organizations.length > 0 ? ["Organization"] : []), ...[...kinds.keys()].map(({ name }) => name)];
  return `// Written by pulumi-scalekit from ${from}.
${importOf(classes)}${sections.join("")}`;
}

/** The line with which a program has these classes. */
export const importOf = (classes: readonly string[]): string => {
  const line = `import { ${classes.join(", ")} } from "pulumi-scalekit";\n`;
  return line.length <= 120
    ? line
    : `import {\n${classes.map((name) => `  ${name},\n`).join("")}} from "pulumi-scalekit";\n`;
};

const section = <One extends { readonly name: string }>(
  plural: string,
  members: readonly One[],
  declare: (one: One) => string,
): string => `
/** The ${inWords(plural, 2)} by the names that they have in the stack. */
export const ${plural.replaceAll(/-./g, ([, letter = ""]) => letter.toUpperCase())} = {
${members.map((one) => indent(`${keyOf(one.name)}: ${declare(one)},`)).join("\n")}
};
`;

/** The expression that declares one organization. */
export function declarationOf({ name, args, leftAlone }: Adoption): string {
  const fields = ["displayName", "externalId", "metadata", "slug", "logoUrl", "features"] as const;
  const lines = fields
    .filter((field) => args[field] !== undefined)
    .map((field) => property(field, literal(args[field])));
  return construction("Organization", name, [...lines, ...remarks(leftAlone)]);
}

/**
 * The expression that declares one of another kind.
 *
 * @param organizations the names of those that the same code declares, by id
 */
export function resourceDeclaration(
  { definition, name, args, leftAlone }: ResourceAdoption,
  organizations: ReadonlyMap<string, string> = new Map(),
): string {
  const lines = Object.entries(args).map(([field, value]) => {
    const owner = field === ownerField ? organizations.get(value as string) : undefined;
    return property(field, owner === undefined ? literal(value) : `organizations${memberOf(owner)}.id`);
  });
  return construction(definition.name, name, [...lines, ...secretRemark(definition), ...remarks(leftAlone)]);
}

const construction = (kind: string, name: string, lines: readonly string[]): string =>
  `new ${kind}(${quoted(name)}, {\n${lines.map(indent).join("\n")}\n})`;

const property = (field: string, value: string): string => `${field}: ${value},`;

const remarks = (leftAlone: Readonly<Record<string, string>>): string[] =>
  Object.entries(leftAlone).map(([field, reason]) => `// ${field} is left alone at Scalekit: it ${reason}.`);

function secretRemark({ outputs, fields, api }: Definition): string[] {
  const secret = Object.keys(outputs).find((name) => outputs[name]?.once);
  const renewing = Object.keys(fields).find((name) => fields[name]?.local && fields[name]?.replaces);
  if (secret === undefined || renewing === undefined || isSetting(api)) return [];
  return [
    `// ${secret} is not known, since Scalekit tells it only once. For another one, with another id, set ${renewing}.`,
  ];
}

function literal(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value === null) return String(value);
  const isList = Array.isArray(value);
  const entries = isList
    ? value.map(literal)
    : Object.entries(value).map(([key, inner]) => `${keyOf(key)}: ${literal(inner)}`);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  const line = isList ? `[${entries.join(", ")}]` : `{ ${entries.join(", ")} }`;
  return line.length <= 90 ? line : `${open}\n${entries.map((entry) => indent(`${entry},`)).join("\n")}\n${close}`;
}

/** As a plain key, `__proto__` would set the prototype and not be a key at all. */
function keyOf(key: string): string {
  if (key === "__proto__") return '["__proto__"]';
  return isPlain(key) ? key : quoted(key);
}

const memberOf = (key: string): string => (isPlain(key) ? `.${key}` : `[${quoted(key)}]`);

const isPlain = (key: string): boolean => /^[A-Za-z_$][\w$]*$/.test(key);

/** A reviewer has to see in the code what the engine will send. */
const quoted = (text: string): string => visible(JSON.stringify(text));

const indent = (text: string): string => text.replaceAll(/^/gm, "  ");
