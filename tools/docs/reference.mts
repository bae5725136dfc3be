import {
  type Definition,
  handedOver,
  isAdoptable,
  isReplacing,
  isSetting,
  keyFieldsOf,
  keyInWords,
  keysOf,
  makerOf,
  ownerField,
  scopeOf,
  secretOutputsOf,
} from "../../src/definitions/definition.ts";
import type { Field } from "../../src/definitions/field.ts";
import { definitions } from "../../src/definitions/index.ts";
import { nativeTypeOf, providerTextOf, typeOf } from "../../src/definitions/tokens.ts";
import { type Sample, samplesOf } from "../schema/samples/sample.mts";
import { yamlProgram } from "../schema/samples/yaml.mts";
import { requireText } from "../sdk/kind.mts";
import { outputType } from "../sdk/types.mts";
import { adoption, idOf } from "../sdk/words.mts";
import { type KindComments, readComments, readDefinitionComments } from "./comments.mts";
import { fleetChapter } from "./fleet.mts";
import { code, listed } from "./markdown.mts";
import { setChapter } from "./set.mts";

/** docs/reference.md: every resource, from the definitions and from the comments above what they define. */
export function referenceDocument(): string {
  const comments = readComments();
  const kindComments = readDefinitionComments();
  const samples = samplesOf(kindComments);
  const kinds: readonly Definition[] = Object.values(definitions);
  const names = [...kinds.map(({ name }) => name), "OrganizationFleet", "OrganizationSet"];
  const chapters = [
    ...kinds.map((kind) => chapterOf(kind, kindComments[kind.name] as KindComments, samples(kind.name))),
    fleetChapter(comments),
    setChapter(comments),
  ];
  return `${[head(names), ...chapters].join("\n\n")}\n`;
}

const head = (names: readonly string[]): string => `# Reference

Written by \`npm run docs\` from [src/definitions](../src/definitions) and the comments above what it defines; a test tells when
it is out of date. Resources: ${names.map((name) => `[${name}](#${name.toLowerCase()})`).join(", ")}.

What holds for each resource:

- **Limits** are checked at preview, all at once, and messages name the argument and never its value. Characters are Unicode code
  points. An argument may be an Output, and secret.
- **Left out** of the program from the start, an argument is left alone: what is set at Scalekit stays, and shows in the outputs.
- **Cleared**: taken out of the program, an argument that was declared is cleared at Scalekit. Where Scalekit answers with success
  and leaves it as it was, the update fails with \`did not clear …\`, and the resource keeps what it has.
- **Replaced**: the API cannot change it, so another value makes another resource of it. The new one is made before the old one
  is deleted, unless the two would need what only one can have.
- **Outputs** are the arguments and those of its own. What Scalekit does not tell is \`undefined\`.
- **Gone** is what the API itself does not find. Then \`pulumi refresh\` takes it out of the state, and the next \`pulumi up\` creates
  it again; an update of it fails with \`no longer exists at Scalekit\`. Deleting what is gone already is no failure.
- **Look-up**: \`Class.get(name, id)\` reads one that this stack does not manage.
- **Import**: with the native plugin, by \`pulumi import\`. With the dynamic provider by a file, since its resources cannot be imported by
  type and id. An entry holds the type, the id, the arguments as
  inputs, the arguments and outputs as outputs, and in both the provider.

Write such a file, run \`pulumi import --file import.json --generate-code=false --yes\`, declare the same in the program, and look at
\`pulumi preview --expect-no-changes\`. For organizations \`npx pulumi-scalekit export\` and \`import\` write it:
see [adopting.md](adopting.md).

\`\`\`json
${importEntry}
\`\`\`

[errors.md](errors.md) lists the errors that any resource may show. [coverage.md](coverage.md) lists the endpoints behind each.`;

const importEntry = `{ "resources": [{
  "type": "${typeOf("Permission")}",
  "name": "write-invoices",
  "id": "invoices:write",
  "inputs": { "name": "invoices:write", "__provider": ${JSON.stringify(providerTextOf("Permission"))} },
  "outputs": { "name": "invoices:write", "__provider": ${JSON.stringify(providerTextOf("Permission"))} }
}] }`;

function chapterOf(definition: Definition, { kind, ...comments }: KindComments, sample: Sample): string {
  const { name, fields, outputs, api, needs } = definition;
  const args = Object.entries(fields).map(([field, rule]) => {
    const said = requireText(definition, field, comments.fields[field]);
    const facts = [typeIn(rule), ...(rule.required ? ["required"] : []), ...(isSaidByType(rule) ? [] : [rule.limits])];
    const after = [
      `Changed: ${onChange(definition, field)}.`,
      ...(rule.required ? [] : [`Taken out: ${onRemoval(rule)}.`]),
      ...(said.byDefault === undefined ? [] : [`Default: ${said.byDefault}.`]),
    ];
    return entry(field, facts, [said.text, ...after].join(" "));
  });
  if (isAdoptable(definition)) args.push(entry("adopt", ["boolean"], `${adoption(definition)} Default: false.`));
  const secrets = secretOutputsOf(definition);
  const decided = Object.keys(outputs).map((output) => {
    const { text } = requireText(definition, output, comments.outputs[output]);
    return entry(output, [outputType(definition, output).type, ...(secrets.includes(output) ? ["secret"] : [])], text);
  });
  return `## ${name}

${kind.text}

${kind.example}

\`\`\`yaml
${yamlProgram(sample).trim()}
\`\`\`

### Arguments

${args.join("\n")}

### Outputs

${decided.length === 0 ? "No outputs but the arguments." : ["The arguments, and:", "", ...decided].join("\n")}

### Import

The id is ${code(idOf(definition))}. With the native plugin:

\`\`\`sh
pulumi import ${nativeTypeOf(name)} NAME ${idOf(definition)}
\`\`\`

The type of the dynamic provider, for import files, is ${code(typeOf(name))}.

### Besides

- **Permissions** of the API client: ${listed(needs.map(code))}.
- **Unique**: ${uniqueness(definition)}
- **Delete**: ${deletion(definition)}
- **An answer that is lost**: ${lostAnswer(definition)}
- **Errors**: ${errorsOf(definition).join("; ")}.${isSetting(api) && !api.readable ? "\n- **Drift**: none is seen, since no public endpoint shows what is set." : ""}`;
}

const isSaidByType = ({ limits, rule }: Field): boolean => limits === "" || ["choice", "flags"].includes(rule.type);

const entry = (name: string, facts: readonly string[], text: string): string =>
  `- ${code(name)} (${facts.join("; ")}): ${text.replaceAll(/\s*\n\s*/g, " ")}`;

function typeIn({ rule }: Field): string {
  switch (rule.type) {
    case "choice":
      return rule.of.map((choice) => code(JSON.stringify(choice))).join(", ");
    case "texts":
      return "list of strings";
    case "map":
    case "pairs":
      return "string pairs";
    case "flags":
      return `flags by name: ${listed(Object.keys(rule.of).map(code))}`;
    default:
      return { text: "string", whole: "integer", flag: "boolean" }[rule.type];
  }
}

/** As lifecycle.ts decides it in `diff`. */
function onChange(definition: Definition, name: string): string {
  const { fields } = definition;
  if (!isReplacing(definition, name)) return fields[name]?.providerOnly ? "nothing is sent" : "updated in place";
  const unique = keyFieldsOf(definition) ?? [];
  return unique.length > 0 && !unique.includes(name) ? "replaced, the old one first deleted" : "replaced";
}

function onRemoval(field: Field): string {
  if (field.required) return "required";
  if (field.unclearable) return "refused at preview: Scalekit does not clear it";
  if (field.providerOnly) return "the default";
  if (field.rule.type === "flags") return "turned off";
  if (!("empty" in field)) return "stays as it is";
  return field.replaces ? "replaced" : "cleared";
}

function uniqueness(definition: Definition): string {
  if (isSetting(definition.api)) {
    return "an organization has one. Two resources for one organization are refused at preview.";
  }
  const keys = keysOf(definition);
  if (keys.length === 0) return "nothing. Two may be alike in all but their ids.";
  const all = keys.map(({ fields }) => {
    const key = fields.filter((field) => field !== ownerField).map(code);
    return `${listed(key)}${key.length > 1 ? " together" : ""} in ${scopeOf(fields)}`;
  });
  const moves = handedOver(definition);
  const maker = makerOf(definition);
  if (maker !== undefined) {
    return (
      `${listed(all)}. Two resources that declare the same are refused at preview. Only ${maker}, so a create adopts the one ` +
      "that is there: the preview says what it will change, and fails where there is none."
    );
  }
  return (
    `${listed(all)}. Two resources that declare the same are refused at preview, and a create where ` +
    "Scalekit has it already is refused with its id, unless `adopt` takes it over." +
    (moves.length > 0 ? ` Resources may swap their ${listed(moves.map(code))} in one run.` : "") +
    (definition.reserved ? " Scalekit's own are never taken over, which shows at preview." : "")
  );
}

function deletion({ api, reserved, losing, fields }: Definition): string {
  if (!isSetting(api) && api.madeBy) return "nothing is sent. It stays at Scalekit as it is.";
  if (!isSetting(api)) {
    const guard =
      losing === undefined
        ? ""
        : ` It would also remove ${losing}; refused while ${code("deletionProtection")} is on, which it is ${fields["deletionProtection"]?.fallback === true ? "by default" : "where you set it"}.`;
    return `${code(`DELETE ${api.path}/{${api.parameter}}`)}.${reserved ? " One that is Scalekit's own stays there." : ""}${guard}`;
  }
  const [[field = "", value] = []] = Object.entries(api.reset);
  return `it is set back: ${code(`PATCH ${api.path}`)} with ${code(`${field}: ${JSON.stringify(value)}`)}.`;
}

function lostAnswer(definition: Definition): string {
  const { api, outputs, fields } = definition;
  if (isSetting(api) || api.madeBy) return "it is sent again, since setting twice is setting once.";
  if (Object.values(outputs).some(({ createOnly }) => createOnly)) {
    return "what it made has lost its secret with the answer. The next run gives it another one, if it is provably this resource's.";
  }
  const optional = (keyFieldsOf(definition) ?? []).filter((field) => !fields[field]?.required);
  if (optional.length > 0) {
    return `with ${listed(optional.map(code))}, what it made is taken over if it is provably what this resource asked for. Without, nothing is created a second time: see [interrupted.md](interrupted.md).`;
  }
  return "what it made is found by what is unique, and taken over if it is provably what this resource asked for.";
}

function errorsOf(definition: Definition): string[] {
  const { api, rules, fields, noun, losing } = definition;
  const key = keyFieldsOf(definition);
  const clearable = Object.entries(fields).filter(
    ([, { required, empty, replaces }]) => !required && empty !== undefined && !replaces,
  );
  const updates = isSetting(api) || api.update !== undefined;
  return [
    "at preview every limit that is broken",
    ...(rules ? ["arguments that do not fit together"] : []),
    ...(key ? ["`is the same as that of …, and must be unique in …`"] : []),
    ...(makerOf(definition) ? ["`there is none with the …`"] : []),
    ...(key && !isSetting(api) && !api.madeBy ? [code(`its ${keyInWords(key)} belongs to the ${noun} …`)] : []),
    ...(losing === undefined ? [] : [code("is protected from deletion")]),
    ...(isSetting(api) ? ["`there is no such organization`"] : []),
    ...(updates && clearable.length > 0
      ? [`\`did not clear …\` for ${listed(clearable.map(([name]) => code(name)))}`]
      : []),
  ];
}
