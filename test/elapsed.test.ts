import { afterEach, expect, test, vi } from "vitest";
import { elapsed } from "../tools/engine/elapsed.mts";

afterEach(() => void vi.useRealTimers());

const wait = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

async function shown(isTTY: boolean, milliseconds: number) {
  vi.useFakeTimers();
  const said: string[] = [];
  const written: string[] = [];
  const stream = { isTTY, write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
  const work = elapsed(
    "building",
    (line) => void said.push(line),
    () => wait(milliseconds),
    stream,
  );
  await vi.advanceTimersByTimeAsync(milliseconds);
  return { said, written, seconds: (await work).seconds };
}

test("long work has a running clock on a terminal, which is gone at the end", async () => {
  const { said, written, seconds } = await shown(true, 3_500);
  expect(said).toEqual([]);
  expect(written).toEqual([1, 2, 3].map((n) => `\r… building, ${n} s so far\u001b[K`).concat("\r\u001b[K"));
  expect(seconds).toBe(4);
});

test("long work has a line now and then where there is no terminal, and short work none", async () => {
  expect((await shown(false, 45_000)).said).toEqual([20, 40].map((n) => `… still building, ${n} s so far`));
  expect(await shown(false, 3_000)).toMatchObject({ said: [], written: [] });
});
