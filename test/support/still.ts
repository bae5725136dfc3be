import { vi } from "vitest";

/** The time at which it is still. */
export const stillTime = Date.UTC(2026, 0, 2, 3, 4, 5);

/** What chance gives next, so that ids, nonces and claims are the same in each run. */
const chance = { count: 0 };

/** In place of `node:crypto`: hashes are as they are, and what is random is counted. */
export async function stillCrypto(original: () => Promise<object>) {
  return {
    ...(await original()),
    randomInt: (least: number) => least + ++chance.count,
    randomUUID: () => `${String(++chance.count).padStart(8, "0")}-0000-4000-8000-000000000000`,
    randomBytes: (size: number) => {
      const bytes = Buffer.alloc(size);
      bytes.writeUInt16BE(++chance.count, size - 2);
      return bytes;
    },
  };
}

/** Counts on from there, whatever was counted before: an id depends on no other then. */
export function countFrom(count: number): void {
  chance.count = count;
}

/** Stops the clock. */
export function holdStill(): void {
  vi.useFakeTimers({ toFake: ["Date"], now: stillTime });
}
