import { stringify } from "yaml";
import { Reference, type Sample, type Value } from "./sample.mts";

export function yamlProgram({ resources, exports }: Sample): string {
  const program = {
    resources: Object.fromEntries(
      resources.map(({ definition, variable, args }) => [
        variable,
        { type: `scalekit:${definition.name}`, properties: plain(args) },
      ]),
    ),
    ...(Object.keys(exports).length > 0 && { outputs: plain(exports) }),
  };
  return stringify(program, { lineWidth: 0 });
}

function plain(value: Value): unknown {
  if (value instanceof Reference) return `\${${value.variable}.${value.property}}`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
