import type { Field } from "../../../src/definitions/field.ts";
import { goPackage } from "../languages.mts";
import { choiceName, typeName } from "../named-types.mts";
import { type Declared, Reference, type Sample, type Value } from "./sample.mts";

export function goProgram({ resources, exports }: Sample): string {
  const outputs = Object.entries(exports).map(
    ([name, value]) => `\t\tctx.Export(${JSON.stringify(name)}, ${referenced(value)})`,
  );
  return `package main

import (
\t"${goPackage}"

\t"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
\tpulumi.Run(func(ctx *pulumi.Context) error {
${[...resources.map(declaration), ...outputs].join("\n")}
\t\treturn nil
\t})
}
`;
}

function declaration({ definition, variable, isUsed, name, args }: Declared, index: number): string {
  const fields = Object.entries(args).map(([arg, value]) => {
    const field = definition.fields[arg];
    const isChoice = field?.rule.type === "choice";
    const constant = () => `scalekit.${typeName(definition, arg)}${choiceName(String(value))}`;
    return [`${upper(arg)}:`, isChoice ? constant() : expression(value, field)] as const;
  });
  // As gofmt aligns them.
  const widest = Math.max(...fields.map(([arg]) => arg.length));
  const lines = fields.map(([arg, value]) => `\t\t\t${arg.padEnd(widest)} ${value},`);
  const isFirst = isUsed || index === 0;
  const made = `scalekit.New${definition.name}(ctx, ${JSON.stringify(name)}, &scalekit.${definition.name}Args{`;
  return `\t\t${isUsed ? variable : "_"}, err ${isFirst ? ":=" : "="} ${made}
${lines.join("\n")}
\t\t})
\t\tif err != nil {
\t\t\treturn err
\t\t}`;
}

function expression(value: Value, field: Field | undefined): string {
  if (value instanceof Reference) return referenced(value);
  if (Array.isArray(value)) return `pulumi.StringArray{${value.map((one) => expression(one, undefined)).join(", ")}}`;
  if (typeof value === "boolean") return `pulumi.Bool(${value})`;
  if (typeof value === "number") return `pulumi.Int(${value})`;
  if (typeof value === "string") return `pulumi.String(${JSON.stringify(value)})`;
  if (field?.rule.type === "flags") throw new Error("No sample has flags yet");
  const pairs = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${expression(one, undefined)}`);
  return `pulumi.StringMap{${pairs.join(", ")}}`;
}

const referenced = ({ variable, property }: Reference): string =>
  `${variable}.${property === "id" ? "ID()" : upper(property)}`;

const upper = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
