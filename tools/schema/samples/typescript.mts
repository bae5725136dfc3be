import { type Declared, Reference, type Sample, type Value } from "./sample.mts";

export function typescriptProgram({ resources, exports }: Sample): string {
  const classes = [...new Set(resources.map(({ definition }) => definition.name))].sort();
  const lines = [
    `import { ${classes.join(", ")} } from "pulumi-scalekit/native";`,
    "",
    ...resources.map(declaration),
    ...Object.entries(exports).map(([name, value]) => `export const ${name} = ${expression(value)};`),
  ];
  return `${lines.join("\n")}\n`;
}

function declaration({ definition, variable, isUsed, name, args }: Declared): string {
  const lines = Object.entries(args).map(([arg, value]) => `  ${arg}: ${expression(value)},`);
  const holder = isUsed ? `const ${variable} = ` : "";
  return `${holder}new ${definition.name}(${JSON.stringify(name)}, {\n${lines.join("\n")}\n});`;
}

function expression(value: Value): string {
  if (value instanceof Reference) return `${value.variable}.${value.property}`;
  if (Array.isArray(value)) return `[${value.map(expression).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, one]) => `${key}: ${expression(one)}`);
  return `{ ${pairs.join(", ")} }`;
}
