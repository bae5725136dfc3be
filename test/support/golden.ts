import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

const golden = join(import.meta.dirname, "../golden");

/**
 * Compares what today's code writes with what is frozen, in the newest form. Nothing is written, unless UPDATE_GOLDEN is 1, and
 * then only a file that is absent or empty.
 *
 * @param name such as `state.json`; later forms of it are `state-2.json` and so on
 */
export function expectFrozen(definition: string, name: string, text: string): void {
  const [file = join(golden, definition, name)] = filesOf(definition, name).reverse();
  const frozen = textOf(file);
  if (frozen === "" && process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(join(golden, definition), { recursive: true });
    writeFileSync(file, text);
  } else {
    expect(text, frozen === "" ? absent(file) : promise(file)).toBe(frozen);
  }
}

/** What is frozen in the newest form, where that is written. */
export function newest<T>(definition: string, name: string): T | undefined {
  const text = filesOf(definition, name).map(textOf).at(-1);
  return text ? (JSON.parse(text) as T) : undefined;
}

/** What is frozen of a definition in each form that a version has written, oldest first. */
export const frozenTexts = (definition: string, name: string): string[] =>
  filesOf(definition, name).map(textOf).filter(Boolean);

/** The definitions of which something is frozen. */
export const frozenDefinitions = (): string[] => entriesOf(golden);

function filesOf(definition: string, name: string): string[] {
  const [stem, extension] = name.split(".");
  const form = new RegExp(`^${stem}(?:-(\\d+))?\\.${extension}$`);
  const numberOf = (file: string) => Number(form.exec(file)?.[1] ?? 1);
  return entriesOf(join(golden, definition))
    .filter((file) => form.test(file))
    .sort((a, b) => numberOf(a) - numberOf(b))
    .map((file) => join(golden, definition, file));
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

const short = (file: string): string => file.slice(file.indexOf("test/golden"));

const absent = (file: string): string =>
  `${short(file)} is absent. A new definition, and a new form, has its files written by ` +
  "`UPDATE_GOLDEN=1 npx vitest run test/golden-`: read them and commit them.";

const promise = (file: string): string =>
  `${short(file)} is a promise: users have this in their states, journals and files, and every later version reads it. ` +
  "Never edit or delete it. Take back the change of the code that makes it write something else. If a new form is really " +
  `needed, create an empty file for it beside that one (${nextOf(file)}), run ` +
  "`UPDATE_GOLDEN=1 npx vitest run test/golden-`, and have the code read both: the tests prove it of every form. " +
  "Users who go back to an older version meet the new form with code that does not know it, so say that in CHANGELOG.md.";

function nextOf(file: string): string {
  const [, stem, count, extension] = /([a-z]+)(?:-(\d+))?\.(\w+)$/.exec(file) ?? [];
  return `${stem}-${Number(count ?? 1) + 1}.${extension}`;
}
