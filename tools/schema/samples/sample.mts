import ts from "typescript";
import { definitions } from "../../../src/definitions/index.ts";
import { organizationSet, type ResourceType } from "../../../src/definitions/organization-set.ts";
import type { KindComments } from "../../docs/comments.mts";

/** A program as data: what it declares, in order, and what it exports. */
export interface Sample {
  readonly resources: readonly Declared[];
  readonly exports: Readonly<Record<string, Reference>>;
}

export interface Declared {
  readonly definition: ResourceType;
  /** The variable that holds it. */
  readonly variable: string;
  /** Whether something in the program refers to it. */
  readonly isUsed: boolean;
  readonly name: string;
  readonly args: Readonly<Record<string, Value>>;
}

export type Value = string | number | boolean | Reference | readonly Value[] | { readonly [key: string]: Value };

/** What another resource of the program has: `megasoft.id`. */
export class Reference {
  readonly variable: string;
  readonly property: string;

  constructor(variable: string, property: string) {
    this.variable = variable;
    this.property = property;
  }
}

/**
 * The samples in the comments above the definitions, by kind. One that names a resource of another sample declares that first, so
 * each is a whole program.
 */
export function samplesOf(comments: Readonly<Record<string, KindComments>>): (kind: string) => Sample {
  const read = Object.entries(comments).map(
    ([kind, said]) => [kind, readSample(kind, said.kind.example ?? "")] as const,
  );
  const named = new Map(read.flatMap(([, { resources }]) => resources.map((one) => [one.variable, one] as const)));
  const byKind = new Map(read);
  return (kind) => {
    const sample = byKind.get(kind);
    if (sample === undefined) throw new Error(`There is no sample of ${kind}`);
    const missing = sample.resources
      .flatMap(({ args }) => referencesIn(Object.values(args)))
      .filter(({ variable }) => !sample.resources.some((one) => one.variable === variable))
      .map(({ variable }) => {
        const found = named.get(variable);
        if (found === undefined) throw new Error(`The sample of ${kind} names ${variable}, which no sample declares`);
        return found;
      });
    const all = [...new Set(missing), ...sample.resources];
    const used = [...all.map(({ args }) => args), Object.values(sample.exports)].flatMap((one) => referencesIn([one]));
    const resources = all.map((one) => ({ ...one, isUsed: used.some(({ variable }) => variable === one.variable) }));
    return { resources, exports: sample.exports };
  };
}

function readSample(kind: string, fenced: string): Sample {
  const code = /^```ts\n(.*)^```/ms.exec(fenced)?.[1];
  if (code === undefined) throw new Error(`The comment above ${kind} has no example in TypeScript`);
  const resources: Declared[] = [];
  const exported: Record<string, Reference> = {};
  for (const statement of ts.createSourceFile("sample.ts", code, ts.ScriptTarget.Latest).statements) {
    const [name, made] = declarationIn(statement);
    if (made !== undefined && ts.isNewExpression(made)) resources.push(declared(name, made));
    else if (made !== undefined && name !== undefined) exported[name] = dataOf(made) as Reference;
    else throw new Error(`The example of ${kind} has a statement that only TypeScript has`);
  }
  return { resources, exports: exported };
}

function declarationIn(statement: ts.Statement): [name: string | undefined, made: ts.Expression | undefined] {
  if (ts.isExpressionStatement(statement)) return [undefined, statement.expression];
  if (!ts.isVariableStatement(statement)) return [undefined, undefined];
  const [variable] = statement.declarationList.declarations;
  return variable && ts.isIdentifier(variable.name)
    ? [variable.name.text, variable.initializer]
    : [undefined, undefined];
}

function declared(variable: string | undefined, made: ts.NewExpression): Declared {
  const kind = (made.expression as ts.Identifier).text;
  const definition: ResourceType = { ...definitions, OrganizationSet: organizationSet }[
    kind as keyof typeof definitions
  ];
  const [name, args] = made.arguments ?? [];
  if (name === undefined || args === undefined) throw new Error(`The example of ${kind} has no name or no arguments`);
  return {
    definition,
    variable: variable ?? variableOf(kind),
    isUsed: false,
    name: dataOf(name) as string,
    args: dataOf(args) as Declared["args"],
  };
}

/** "sessionPolicy", of one that the example keeps in no variable. */
const variableOf = (kind: string): string =>
  kind.replace(/^Organization(?=.)/, "").replace(/^./, (letter) => letter.toLowerCase());

function dataOf(node: ts.Expression): Value {
  if (ts.isStringLiteral(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword)
    return node.kind === ts.SyntaxKind.TrueKeyword;
  if (ts.isArrayLiteralExpression(node)) return node.elements.map(dataOf);
  if (ts.isPropertyAccessExpression(node))
    return new Reference((node.expression as ts.Identifier).text, node.name.text);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskToken)
    return Number(dataOf(node.left)) * Number(dataOf(node.right));
  if (ts.isObjectLiteralExpression(node)) {
    const properties = node.properties.filter(ts.isPropertyAssignment);
    return Object.fromEntries(
      properties.map(({ name, initializer }) => [(name as ts.Identifier).text, dataOf(initializer)]),
    );
  }
  throw new Error(`An example has a value that is no data: a ${ts.SyntaxKind[node.kind]}`);
}

function referencesIn(values: readonly Value[]): Reference[] {
  return values.flatMap((value) => {
    if (value instanceof Reference) return [value];
    return typeof value === "object" ? referencesIn(Object.values(value)) : [];
  });
}
