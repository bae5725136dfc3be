import { snakeCase } from "../../../src/definitions/names.ts";
import { pythonPackage } from "../languages.mts";
import { choiceName, typeName } from "../named-types.mts";
import { type Declared, Reference, type Sample, type Value } from "./sample.mts";

export function pythonProgram({ resources, exports }: Sample): string {
  const exported = Object.entries(exports);
  const lines = [
    ...(exported.length > 0 ? ["import pulumi"] : []),
    `import ${pythonPackage} as scalekit`,
    "",
    ...resources.map(declaration),
    ...exported.map(([name, value]) => `pulumi.export(${JSON.stringify(name)}, ${expression(value)})`),
  ];
  return `${lines.join("\n")}\n`;
}

function declaration({ definition, variable, isUsed, name, args }: Declared): string {
  const lines = Object.entries(args).map(([arg, value]) => {
    const isChoice = definition.fields[arg]?.rule.type === "choice";
    const constant = `scalekit.${typeName(definition, arg)}.${snakeCase(choiceName(String(value)))
      .slice(1)
      .toUpperCase()}`;
    return `    ${snakeCase(arg)}=${isChoice ? constant : expression(value)}`;
  });
  const holder = isUsed ? `${snakeCase(variable)} = ` : "";
  return `${holder}scalekit.${definition.name}(${JSON.stringify(name)},\n${lines.join(",\n")})`;
}

function expression(value: Value): string {
  if (value instanceof Reference) return `${snakeCase(value.variable)}.${snakeCase(value.property)}`;
  if (Array.isArray(value)) return `[${value.map(expression).join(", ")}]`;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${expression(one)}`);
  return `{${pairs.join(", ")}}`;
}
