import type { Adoption } from "./adoption.ts";
import { visible } from "./visible.ts";

/** TypeScript that declares organizations as they are, one entry each. It never holds more than they do. */
export const programFor = (
  adoptions: readonly Adoption[],
  from: string,
): string => `// Written by pulumi-scalekit from ${from}.
import { Organization } from "pulumi-scalekit";

/** The organizations by the names that they have in the stack. */
export const organizations = {
${adoptions.map((adoption) => indent(`${keyOf(adoption.name)}: ${declarationOf(adoption)},`)).join("\n")}
};
`;

/** The expression that declares one organization. */
export function declarationOf({ name, args, leftAlone }: Adoption): string {
  const lines = [
    `displayName: ${quoted(args.displayName)},`,
    ...(args.externalId === undefined ? [] : [`externalId: ${quoted(args.externalId)},`]),
    ...(args.metadata === undefined ? [] : [`metadata: ${recordOf(args.metadata)},`]),
    ...(args.slug === undefined ? [] : [`slug: ${quoted(args.slug)},`]),
    ...(args.logoUrl === undefined ? [] : [`logoUrl: ${quoted(args.logoUrl)},`]),
    ...(args.features === undefined ? [] : [`features: ${recordOf(args.features)},`]),
    ...Object.entries(leftAlone).map(([field, reason]) => `// ${field} is left alone at Scalekit: it ${reason}.`),
  ];
  return `new Organization(${quoted(name)}, {\n${lines.map(indent).join("\n")}\n})`;
}

function recordOf(pairs: Readonly<Record<string, string | boolean>>): string {
  const entries = Object.entries(pairs).map(
    ([key, value]) => `${keyOf(key)}: ${typeof value === "string" ? quoted(value) : value}`,
  );
  const line = `{ ${entries.join(", ")} }`;
  return line.length <= 90 ? line : `{\n${entries.map((entry) => indent(`${entry},`)).join("\n")}\n}`;
}

/** As a plain key, `__proto__` would set the prototype and not be a key at all. */
function keyOf(key: string): string {
  if (key === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}

/** A reviewer has to see in the code what the engine will send. */
const quoted = (text: string): string => visible(JSON.stringify(text));

const indent = (text: string): string => text.replaceAll(/^/gm, "  ");
