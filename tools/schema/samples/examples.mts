import { goProgram } from "./go.mts";
import { pythonProgram } from "./python.mts";
import type { Sample } from "./sample.mts";
import { typescriptProgram } from "./typescript.mts";
import { yamlProgram } from "./yaml.mts";

/** How each language writes a sample, by the name that Pulumi's documentation has for it. */
export const programs: Readonly<Record<string, (sample: Sample) => string>> = {
  typescript: typescriptProgram,
  python: pythonProgram,
  go: goProgram,
  yaml: yamlProgram,
};

/** A sample in every language, in the form that Pulumi's generators choose one from. */
export const examplesOf = (sample: Sample): string =>
  [
    "{{% examples %}}\n## Example Usage",
    "{{% example %}}",
    ...Object.entries(programs).map(([language, write]) => `\`\`\`${language}\n${write(sample)}\`\`\``),
    "{{% /example %}}\n{{% /examples %}}",
  ].join("\n\n");
