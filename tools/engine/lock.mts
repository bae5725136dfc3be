import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** Runs `work` while no other process on this machine runs under the same `file`. A lock whose holder died is void. */
export async function withLock<T>(file: string, say: (line: string) => void, work: () => Promise<T>): Promise<T> {
  for (let isWaiting = false; !(await take(file)); ) {
    if (await holderIsGone(file)) {
      await rm(file, { force: true });
      continue;
    }
    if (!isWaiting) say("Another process is bringing the Pulumi CLI; waiting for it.");
    isWaiting = true;
    await sleep(500);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

const take = (file: string): Promise<boolean> =>
  writeFile(file, String(process.pid), { flag: "wx" }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return false;
      throw error;
    },
  );

async function holderIsGone(file: string): Promise<boolean> {
  const holder = Number(await readFile(file, "utf8").catch(() => ""));
  // Empty for the moment between its creation and its first write, or for good if its holder died in that moment.
  if (!holder) {
    const written = await stat(file).catch(() => undefined);
    return written !== undefined && written.mtimeMs < Date.now() - 10_000;
  }
  try {
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
