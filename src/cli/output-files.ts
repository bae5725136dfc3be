import { randomBytes } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { ScalekitError } from "../errors.ts";

/**
 * Writes all the files or none of them, and replaces a file only with `force`. A link stays, and the file it leads to
 * is replaced. Only files are ever replaced.
 *
 * In one go, without a pause in which a Ctrl-C could be heard, and each under another name until it is whole.
 */
export function writeAll(files: ReadonlyMap<string, string>, force: boolean): void {
  const places = [...files].map(([file, content]) => ({ file, content, ...placeOf(file) }));
  const present = places.filter(({ there }) => there).map(({ file }) => file);
  if (present.length > 0 && !force) {
    throw new ScalekitError(
      `${present.join(" and ")} already ${present.length > 1 ? "exist" : "exists"}. Nothing was written. ` +
        "Replace with --force, or write elsewhere with --out.",
    );
  }
  const own = randomBytes(4).toString("hex");
  const temporary = ({ path }: Place) => `${path}.${own}.tmp`;
  const begun: Place[] = [];
  let done = 0;
  const deaf = () => {};
  process.on("SIGINT", deaf).on("SIGTERM", deaf);
  try {
    for (const place of places) {
      attempt(place.file, () => {
        mkdirSync(dirname(place.path), { recursive: true });
        // Never into a file that somebody else made under this name.
        writeFileSync(temporary(place), place.content, { flag: "wx" });
        begun.push(place);
        if (place.there) chmodSync(temporary(place), place.there.mode & 0o777);
      });
    }
    for (const place of places) {
      attempt(place.file, () => renameSync(temporary(place), place.path), done);
      done++;
    }
  } finally {
    for (const place of begun.slice(done)) rmSync(temporary(place), { force: true });
    process.off("SIGINT", deaf).off("SIGTERM", deaf);
  }
}

/** Where a file is in the end, and what is there now. */
interface Place {
  readonly path: string;
  readonly there?: Stats;
}

function placeOf(file: string): Place {
  return attempt(file, () => {
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return { path: file };
    const there = statSync(file, { throwIfNoEntry: false });
    if (there === undefined) throw new Error("it is a link to a missing file");
    if (there.isDirectory()) throw new Error("it is a folder");
    if (!there.isFile()) throw new Error("it is a device, a pipe or a socket");
    return { path: realpathSync(file), there };
  });
}

function attempt<T>(file: string, act: () => T, done = 0): T {
  try {
    return act();
  } catch (error) {
    const others = done === 0 ? "Nothing was written." : `${done} of the other files are written already.`;
    throw new ScalekitError(
      `Could not write ${file}: ${(error as Error).message}. ${others} Write elsewhere with --out, to a file or folder of your own.`,
    );
  }
}
