import { type Definition, isSetting, ownerField } from "../definitions/definition.ts";
import { visible } from "../text/visible.ts";
import type { Adoption } from "./adoption.ts";
import { isOrganization, pluralInWords } from "./resource-types.ts";

/** The module whose classes a program in TypeScript uses. */
export const moduleOf = (native: boolean): string => (native ? "pulumi-scalekit/native" : "pulumi-scalekit");

/** TypeScript that declares the objects as they are, one entry each, and nothing that they do not have. */
export function programFor(adoptions: readonly Adoption[], from: string, native: boolean): string {
  const organizations = new Map(adoptions.filter(isOrganization).map(({ id, name }) => [id, name]));
  const kinds = Map.groupBy(adoptions, ({ definition }) => definition);
  const sections = [...kinds].map(([{ plural }, members]) => section(plural, members, organizations));
  return `// Written by pulumi-scalekit from ${from}.
${importOf(kinds.keys(), native)}${sections.join("")}`;
}

/** The line with which a program has these classes. */
export function importOf(definitions: Iterable<Definition>, native: boolean): string {
  const classes = [...definitions].map(({ name }) => name);
  const from = `from ${JSON.stringify(moduleOf(native))};\n`;
  const line = `import { ${classes.join(", ")} } ${from}`;
  return line.length <= 120 ? line : `import {\n${classes.map((name) => `  ${name},\n`).join("")}} ${from}`;
}

const section = (plural: string, members: readonly Adoption[], organizations: ReadonlyMap<string, string>): string => `
/** The ${pluralInWords(plural)} by the names that they have in the stack. */
export const ${plural.replaceAll(/-./g, ([, letter = ""]) => letter.toUpperCase())} = {
${members.map((one) => indent(`${keyOf(one.name)}: ${declarationOf(one, organizations)},`)).join("\n")}
};
`;

/**
 * The expression that declares one.
 *
 * @param organizations the names of those that the same code declares, by id
 */
export function declarationOf(
  { definition, name, args, leftAlone }: Adoption,
  organizations: ReadonlyMap<string, string> = new Map(),
): string {
  const lines = Object.entries(args).map(([field, value]) => {
    const owner = field === ownerField ? organizations.get(value as string) : undefined;
    return `${field}: ${owner === undefined ? literal(value) : `organizations${memberOf(owner)}.id`},`;
  });
  const all = [...lines, ...remarksOn(definition, leftAlone).map((remark) => `// ${remark}`)];
  return `new ${definition.name}(${quoted(name)}, {\n${all.map(indent).join("\n")}\n})`;
}

/** What a reader of the code should know besides. */
export const remarksOn = (definition: Definition, leftAlone: Adoption["leftAlone"]): string[] => [
  ...secretRemark(definition),
  ...Object.entries(leftAlone).map(([field, reason]) => `${field} is left alone at Scalekit: it ${reason}.`),
];

function secretRemark({ outputs, fields, api }: Definition): string[] {
  const secret = Object.keys(outputs).find((name) => outputs[name]?.createOnly);
  const renewing = Object.keys(fields).find((name) => fields[name]?.providerOnly && fields[name]?.replaces);
  if (secret === undefined || renewing === undefined || isSetting(api)) return [];
  return [
    `${secret} is not known, since Scalekit shows it only once. For another one, with another id, set ${renewing}.`,
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
