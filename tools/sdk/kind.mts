import { type Definition, isAdoptable, isSetting, makerOf } from "../../src/definitions/definition.ts";
import { nativeTypeOf, typeOf } from "../../src/definitions/tokens.ts";
import type { Described, KindComments } from "../docs/comments.mts";
import { comment } from "./comment.mts";
import type { Modules } from "./files.mts";
import { lookUpNames, lookUps, nativeLookUps } from "./look-ups.mts";
import { inputType, outputType, valueType } from "./types.mts";
import { adoption, fileOf, idOf, limitsOf, oneOf } from "./words.mts";

/** The source of one kind: what a program declares of it, its class, and its look-ups. */
export function kindFile(definition: Definition, comments: KindComments, from: Modules): string {
  const { name } = definition;
  const looking = lookUps(definition, comments);
  return `${head(definition)}
import { isResourceOf, ScalekitResource } from "${from.resource}";
${looking === "" ? "" : `import { definitions } from "${from.definitions}";\nimport { lookUpsOf } from "${from.lookUps}";`}

${comment(`What a program declares of ${oneOf(definition)}. Left out = left alone; taken out of the program = cleared at Scalekit.`)}
export interface ${name}Args {
${argsOf(definition, comments).join("\n")}
}
${flagInterfaces(definition)}
${classOf(definition, comments, { base: "ScalekitResource", type: typeOf(name) })}

${looking}`;
}

/** The source of the same class for the native plugin, and of look-ups that the plugin answers. */
export function nativeFile(definition: Definition, comments: KindComments, from: Modules): string {
  const { name } = definition;
  const looking = nativeLookUps(definition);
  const types = [`${name}Args`, ...flagTypes(definition), ...lookUpNames(definition).types];
  const used = [`${name}Args`, ...lookUpNames(definition).types].map((type) => `type ${type}`);
  const others = types.filter((type) => !used.includes(`type ${type}`));
  return `${head(definition)}
import { isResourceOf } from "${from.resource}";
import { NativeResource } from "${from.nativeResource}";
${looking === "" ? "" : `import { nativeLookUpsOf } from "${from.nativeLookUps}";`}
import { ${used.join(", ")} } from "${from.generated}/${fileOf(definition)}";

export { ${[...used, ...others.map((type) => `type ${type}`)].join(", ")} } from "${from.generated}/${fileOf(definition)}";

${classOf(definition, comments, { base: "NativeResource", type: nativeTypeOf(name) })}

${looking}`;
}

const head = ({ name }: Definition): string =>
  `// Written by \`npm run sdk\` from the definition of ${name}. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";`;

function classOf(
  definition: Definition,
  comments: KindComments,
  { base, type }: { readonly base: string; readonly type: string },
): string {
  const { name } = definition;
  return `${comment(comments.kind.text, { example: comments.kind.example })}
export class ${name} extends ${base} {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = ${JSON.stringify(type)};

${propertiesOf(definition, comments).join("\n")}

${constructorOf(definition)}

${getOf(definition)}

  /** Whether \`value\` is of this class, also of another copy of this package. */
  static override isInstance(value: unknown): value is ${name} {
    return isResourceOf(${name}.__pulumiType, value);
  }
}`;
}

function argsOf(definition: Definition, comments: KindComments): string[] {
  const own = Object.entries(definition.fields).map(([name, field]) => {
    const said = requireText(definition, name, comments.fields[name]);
    const text = [said.text, limitsOf(definition, name)].filter(Boolean).join(" ");
    const value = inputType(field, flagsOf(definition, name));
    const type = field.required ? `${name}: ${value}` : `${name}?: ${value} | undefined`;
    return `${comment(text, { default: said.byDefault }, 2)}\n  ${type};`;
  });
  if (!isAdoptable(definition)) return own;
  return [
    ...own,
    `${comment(adoption(definition), { default: "false" }, 2)}\n  adopt?: pulumi.Input<boolean> | undefined;`,
  ];
}

/** The interface of a field's flags. */
export const flagsOf = ({ name }: Pick<Definition, "name">, field: string): string =>
  `${name}${field.charAt(0).toUpperCase()}${field.slice(1)}`;

export const flagTypes = (definition: Definition): string[] =>
  Object.keys(definition.fields)
    .filter((field) => definition.fields[field]?.rule.type === "flags")
    .map((field) => flagsOf(definition, field));

function flagInterfaces(definition: Definition): string {
  const all = Object.entries(definition.fields).map(([name, { rule }]) => {
    if (rule.type !== "flags") return "";
    const flags = Object.entries(rule.of).map(
      ([flag, text]) => `${comment(text, {}, 2)}\n  ${flag}?: pulumi.Input<boolean> | undefined;`,
    );
    return `
/** Which of the ${name} are on. One that is not named is left alone. */
export interface ${flagsOf(definition, name)} {
${flags.join("\n")}
}
`;
  });
  return all.join("");
}

function propertiesOf(definition: Definition, comments: KindComments): string[] {
  const property = (name: string, said: Described | undefined, type: string, optional: boolean) =>
    `${comment(requireText(definition, name, said).text, {}, 2)}
  declare readonly ${name}: pulumi.Output<${type}${optional ? " | undefined" : ""}>;`;
  return [
    // What holds anyway is no output.
    ...Object.entries(definition.fields)
      .filter(([, { fallback }]) => fallback === undefined)
      .map(([name, { rule, required }]) => property(name, comments.fields[name], valueType(rule), !required)),
    ...Object.keys(definition.outputs).map((name) => {
      const { type, optional } = outputType(definition, name);
      return property(name, comments.outputs[name], type, optional);
    }),
  ];
}

function constructorOf(definition: Definition): string {
  const verb = makerOf(definition) ? "adopts" : isSetting(definition.api) ? "sets" : "creates";
  const text = `Declares ${oneOf(definition)}: \`pulumi up\` ${verb} it, and from then on keeps it as declared.`;
  const tags = {
    "param name": "the resource's name in the stack, unique there; renaming it needs an `aliases` option",
    "param args": "what is declared of it",
    "param opts": "Pulumi's own options, such as `protect` and `retainOnDelete`",
  };
  return `${comment(text, tags, 2)}
  constructor(name: string, args: ${definition.name}Args, opts?: pulumi.CustomResourceOptions) {
    super(${definition.name}.__pulumiType, name, args, opts);
  }`;
}

function getOf(definition: Definition): string {
  const text = "Reads one that exists and is not managed by this stack. It is never changed nor deleted from here.";
  const id = `what Pulumi calls it by, \`${idOf(definition)}\`. The run fails if there is none.`;
  return `${comment(text, { "param id": id }, 2)}
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ${definition.name} {
    return new ${definition.name}(name, {} as ${definition.name}Args, { ...opts, id });
  }`;
}

/** A field without a word on it would be a gap in editors and in the documentation. */
export function requireText({ name: kind }: Definition, name: string, described: Described | undefined): Described {
  if (described?.text) return described;
  throw new Error(`${kind}.${name} has no comment in its definition`);
}
