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

/** What the package's sources say of what they export, read by TypeScript itself. */
export type Comments = ReturnType<typeof readComments>;

export function readComments() {
  const file = join(import.meta.dirname, "..", "..", "src", "index.ts");
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const exported = new Map(module && checker.getExportsOfModule(module).map((one) => [one.name, origin(one)]));

  function origin(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }

  function find(name: string): ts.Symbol {
    const found = exported.get(name);
    if (found === undefined) throw new Error(`src/index.ts does not export ${name}`);
    return found;
  }

  function describe(symbol: ts.Symbol): Described {
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

  return {
    /** A class, by its comment. */
    of: (name: string): Described => describe(find(name)),
    /** The properties of a class or of an interface, by name; those of each side of a union. */
    propertiesOf(name: string): Readonly<Record<string, Described>> {
      const type = checker.getDeclaredTypeOfSymbol(find(name));
      const sides = type.isUnion() ? type.types : [type];
      const all = sides.flatMap((side) => checker.getPropertiesOfType(side)).filter((one) => !isMethod(one));
      // The side that says most of a property is the one that it is for.
      const said = all.map((one) => [one.name, describe(one)] as const);
      return Object.fromEntries(said.sort(([, a], [, b]) => a.text.length - b.text.length));
    },
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
