import { describe, expect, test } from "vitest";
import { isOlder, lag, untilCurrent, untilShown } from "../../src/lifecycle/staleness.ts";

/** A server whose answers are those of `script`, one after the other, and then the last. */
function server(script: readonly unknown[]) {
  let now = 1_000_000;
  const waits: number[] = [];
  let asked = 0;
  const client = {
    serverNow: () => now,
    sleep: async (milliseconds: number) => {
      waits.push(milliseconds);
      now += milliseconds;
    },
  };
  const ask = async () => {
    const answer = script[Math.min(asked++, script.length - 1)];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { client, waits, ask, now };
}

const isNew = (answer: unknown) => answer === "new";

describe("a read after a write", () => {
  const read = async (script: readonly unknown[], age: number, first: unknown = "old") => {
    const { client, waits, ask, now } = server(script);
    const answer = await untilCurrent(client)({ first, ask, isCurrent: isNew, written: [undefined, now - age] });
    return { answer, waits };
  };

  test("is repeated until it shows the write", async () => {
    expect(await read(["new"], 0)).toEqual({ answer: "new", waits: [250] });
    expect(await read(["old", "old", "new"], 0)).toEqual({ answer: "new", waits: [250, 500, 1000] });
    expect(await read(["old"], 0, "new")).toEqual({ answer: "new", waits: [] });
  });

  test("is not repeated once the write is five seconds old", async () => {
    expect(await read(["old"], 0)).toEqual({ answer: "old", waits: [250, 500, 1000, 1500, 2000] });
    expect(await read(["new"], lag)).toEqual({ answer: "old", waits: [] });
    expect(await read(["new"], lag - 1)).toEqual({ answer: "new", waits: [250] });
    expect(await read(["old"], lag - 700)).toEqual({ answer: "old", waits: [250, 500] });
  });

  test("is not repeated where nothing says when it was written", async () => {
    const { client, waits, ask } = server(["new"]);
    const question = { first: "old", ask, isCurrent: isNew, written: [undefined, "no time"] } as const;
    expect(await untilCurrent(client)(question)).toBe("old");
    expect(waits).toEqual([]);
  });

  test("takes the latest time, in either form", async () => {
    const { client, ask, now } = server(["new"]);
    const written = [new Date(now).toISOString(), now - 2 * lag, undefined];
    expect(await untilCurrent(client)({ first: "old", ask, isCurrent: isNew, written })).toBe("new");
  });
});

describe("what was made a moment ago", () => {
  const waitsFor = async (script: readonly unknown[], age = 0) => {
    const { client, waits, ask, now } = server(script);
    await untilShown(client, ask, [now - age]);
    return waits;
  };

  test("is waited for until it shows", async () => {
    expect(await waitsFor([undefined, undefined, "it"])).toEqual([250, 500, 1000]);
    expect(await waitsFor(["it"])).toEqual([250]);
    expect(await waitsFor([undefined])).toHaveLength(5);
  });

  test("is not waited for where it is old, or where the look fails", async () => {
    expect(await waitsFor([undefined], lag)).toEqual([]);
    expect(await waitsFor([new Error("503")])).toEqual([250]);
  });
});

test("one time is before another only where both are known", () => {
  const [early, late] = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"];
  expect(isOlder(early, late)).toBe(true);
  expect(isOlder(late, early)).toBe(false);
  expect(isOlder(early, early)).toBe(false);
  for (const unclear of [undefined, "no time"]) {
    expect(isOlder(unclear, late)).toBe(false);
    expect(isOlder(early, unclear)).toBe(false);
  }
});
