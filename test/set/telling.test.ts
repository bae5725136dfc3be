import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { counted } from "../../src/set/members.ts";
import { newProgress } from "../../src/set/progress.ts";
import { aboutFailures, newExcerpt } from "../../src/set/telling.ts";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

test("progress is reported every five seconds, with the rate and the time that is left", () => {
  const said: string[] = [];
  const progress = newProgress("customers", 10_000, (line) => void said.push(line));
  for (let n = 0; n < 2400; n++) progress.step();
  vi.advanceTimersByTime(4999);
  expect(said).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(said).toEqual(["customers: 2,400 of 10,000 done, 480 a second, about 16 s left."]);
  vi.advanceTimersByTime(5000);
  progress.end();
  vi.advanceTimersByTime(60_000);
  expect(said).toHaveLength(2);
});

test("progress without anything done says no rate", () => {
  const said: string[] = [];
  newProgress("customers", 5, (line) => void said.push(line));
  vi.advanceTimersByTime(5000);
  expect(said).toEqual(["customers: 0 of 5 done."]);
});

test("of many lines the first are shown, and how many there were", () => {
  const said: string[] = [];
  const excerpt = newExcerpt((line) => void said.push(line));
  for (let n = 0; n < 1234; n++) excerpt.say(`Adopted org_${n}.`);
  excerpt.end("customers");
  expect(said).toHaveLength(11);
  expect(said.at(-1)).toBe("customers: 1,224 more messages like these.");
});

test("twenty failures are reported with their reasons, and how many more there are", () => {
  const failures = Array.from({ length: 123 }, (_, n) => ({ key: `CUST-${n}`, error: new Error(`refused ${n}`) }));
  const text = aboutFailures(10_000, { members: new Map(), failures, left: 77 });
  expect(text.split("\n")).toHaveLength(22);
  expect(text).toContain("9,800 of 10,000 changes are done and saved, 123 failed, 77 were not begun.");
  expect(text).toContain("CUST-19: refused 19");
  expect(text).not.toContain("CUST-20");
  expect(text).toContain("and 103 more.");
});

test("numbers are written as people write them", () => {
  expect([0, 999, 1000, 1234567].map(counted)).toEqual(["0", "999", "1,000", "1,234,567"]);
});
