import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { withLock } from "./lock.mts";

/**
 * What `find` returns. If that is nothing, `make` first fills an empty folder and returns its place. It is kept for this user, outside
 * the checkout, and shared by all checkouts.
 *
 * @param say gets a line for each step that takes time
 */
export async function kept<T>(
  find: () => T | undefined,
  make: (folder: string) => Promise<string>,
  say: (line: string) => void,
): Promise<T> {
  const found = find();
  if (found !== undefined) return found;
  const cache = cacheFolder();
  await mkdir(cache, { recursive: true });
  // Two that start at once do the work once: the second waits, and finds it done.
  return withLock(join(cache, "lock"), say, async () => {
    const meanwhile = find();
    if (meanwhile !== undefined) return meanwhile;
    await removeUnfinished(cache);
    const work = await mkdtemp(join(cache, "unfinished-"));
    try {
      const home = await make(work);
      // Renamed whole, so that it is there complete or not at all, whenever this is interrupted.
      await rename(work, home).catch((error: unknown) => {
        if (find() === undefined) throw error;
      });
      const made = find();
      if (made === undefined) throw new Error(`What was made for ${home} is not what was looked for.`);
      return made;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}

/** Where this user keeps what can be made again. */
export const cacheFolder = (): string =>
  join(
    process.env["PULUMI_SCALEKIT_CACHE"] ??
      join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "pulumi-scalekit"),
    "engine",
  );

/** What interrupted attempts left behind. Only called under the lock, so nobody is at work in there. */
async function removeUnfinished(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (name.startsWith("unfinished-")) await rm(join(cache, name), { recursive: true, force: true });
  }
}
