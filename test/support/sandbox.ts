import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname } from "node:path";
import vm from "node:vm";

/**
 * Runs `program`, with all that it requires, as Jest 29 does on Node.js 22: in a realm of its own that has Node's globals
 * and V8's, without what Node adds to its main realm's own objects, and without `import()`. Gives what it exports.
 *
 * @param place the file that the program is taken to be
 */
export function runInSandbox(program: string, place: string): unknown {
  const realm = vm.createContext();
  const has = new Set<string>(vm.runInContext("Object.getOwnPropertyNames(globalThis)", realm));
  for (const name of Object.getOwnPropertyNames(globalThis).filter((one) => !has.has(one))) {
    Object.defineProperty(realm, name, Object.getOwnPropertyDescriptor(globalThis, name) as PropertyDescriptor);
  }
  vm.runInContext(withoutDisposal, realm);
  const loaded = new Map<string, { exports: unknown }>();

  function load(file: string): unknown {
    const before = loaded.get(file);
    if (before) return before.exports;
    const text = readFileSync(file, "utf8");
    return file.endsWith(".json") ? JSON.parse(text) : run(text, file);
  }

  function run(text: string, filename: string): unknown {
    const module = { exports: {}, id: filename, filename };
    loaded.set(filename, module);
    const real = createRequire(filename);
    const require = (name: string) => (isBuiltin(name) ? real(name) : load(real.resolve(name)));
    const names = ["exports", "require", "module", "__filename", "__dirname"];
    const code = vm.compileFunction(text, names, { filename, parsingContext: realm });
    code.call(module.exports, module.exports, Object.assign(require, real), module, filename, dirname(filename));
    return module.exports;
  }

  return run(program, place);
}

/** As in V8 before it had `using`. The properties cannot be deleted, so `Symbol` gives way to one like it. */
const withoutDisposal = `
globalThis.Symbol = ((real) => {
  const Symbol = (description) => real(description);
  for (const name of Object.getOwnPropertyNames(real)) {
    if (!/ispose$/.test(name)) Object.defineProperty(Symbol, name, Object.getOwnPropertyDescriptor(real, name));
  }
  return Symbol;
})(Symbol);`;
