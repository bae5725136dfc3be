import { join } from "node:path";
import ts from "typescript";

/** The comment above something, and its type as TypeScript writes it. */
export interface Described {
  readonly text: string;
  readonly type: string;
  readonly optional: boolean;
  readonly example?: string | undefined;
  readonly byDefault?: string | undefined;
}

/** The comments of the package's exports, read by TypeScript itself. */
export type Comments = ReturnType<typeof readComments>;

export function readComments() {
  const { checker, find } = openModule("src/index.ts");
  return {
    /** A class, by its comment. */
    of: (name: string): Described => describe(find(name), checker),
    /** The properties of a class or of an interface, by name; those of each side of a union. */
    propertiesOf(name: string): Readonly<Record<string, Described>> {
      const type = checker.getDeclaredTypeOfSymbol(find(name));
      const sides = type.isUnion() ? type.types : [type];
      const all = sides.flatMap((side) => checker.getPropertiesOfType(side)).filter((one) => !isMethod(one));
      // A property belongs to the side that says most about it.
      const said = all.map((one) => [one.name, describe(one, checker)] as const);
      return Object.fromEntries(said.sort(([, a], [, b]) => a.text.length - b.text.length));
    },
  };
}

/** What is said of a kind of resource, and of what it has, by name. */
export interface KindComments {
  readonly kind: Described;
  readonly fields: Readonly<Record<string, Described>>;
  readonly outputs: Readonly<Record<string, Described>>;
}

/** The comments in the definitions, by the name of the kind. */
export function readDefinitionComments(): Readonly<Record<string, KindComments>> {
  const { checker, find } = openModule("src/definitions/index.ts");
  const kinds = checker.getPropertiesOfType(checker.getTypeOfSymbol(find("definitions"))).map((kind) => {
    const comment = describe(origin(namedBy(kind, checker), checker), checker);
    return [kind.name, { kind: comment, ...partsOf(kind, checker) }] as const;
  });
  return Object.fromEntries(kinds);
}

/** The comments in the definition of a set. */
export function readSetComments(): KindComments {
  const { checker, find } = openModule("src/definitions/organization-set.ts");
  const set = find("organizationSet");
  return { kind: describe(set, checker), ...partsOf(set, checker) };
}

/** The comments of a definition's fields and outputs, from its source and not from its type. */
function partsOf(kind: ts.Symbol, checker: ts.TypeChecker): Pick<KindComments, "fields" | "outputs"> {
  const written = kind.valueDeclaration;
  const initializer = written && ts.isVariableDeclaration(written) ? written.initializer : undefined;
  const type = initializer ? checker.getTypeAtLocation(initializer) : checker.getTypeOfSymbol(kind);
  const described = (part: string) => {
    const symbol = checker.getPropertiesOfType(type).find(({ name }) => name === part);
    const all = symbol ? checker.getPropertiesOfType(checker.getTypeOfSymbol(symbol)) : [];
    return Object.fromEntries(all.map((one) => [one.name, describe(one, checker)]));
  };
  return { fields: described("fields"), outputs: described("outputs") };
}

/** The definition that `Role: role` names. */
function namedBy(property: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  const written = property.valueDeclaration;
  const named = written && ts.isPropertyAssignment(written) && checker.getSymbolAtLocation(written.initializer);
  if (!named) throw new Error(`src/definitions/index.ts does not give ${property.name} by the name of its definition`);
  return named;
}

function openModule(path: string) {
  const file = join(import.meta.dirname, "..", "..", path);
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const exported = new Map(module && checker.getExportsOfModule(module).map((one) => [one.name, origin(one, checker)]));
  const find = (name: string): ts.Symbol => {
    const found = exported.get(name);
    if (found === undefined) throw new Error(`${path} does not export ${name}`);
    return found;
  };
  return { checker, find };
}

const origin = (symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

function describe(symbol: ts.Symbol, checker: ts.TypeChecker): Described {
  const tag = (name: string) => {
    const found = symbol.getJsDocTags(checker).find((one) => one.name === name);
    return found && ts.displayPartsToString(found.text);
  };
  return {
    text: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    type: checker.typeToString(checker.getTypeOfSymbol(symbol), undefined, ts.TypeFormatFlags.NoTruncation),
    optional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
    example: tag("example"),
    byDefault: tag("default"),
  };
}

/** A property's type without the SDK's wrapping. */
export const plain = (type: string): string =>
  type.replace(/^(?:pulumi\.)?Output(?:Instance)?<(.*)>$/, "$1").replace(" | undefined", "");

const isMethod = ({ flags }: ts.Symbol): boolean => (flags & ts.SymbolFlags.Method) !== 0;

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  types: ["node"],
};
