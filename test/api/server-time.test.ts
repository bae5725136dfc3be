import { expect, test } from "vitest";
import { serverTime } from "../../src/api/server-time.ts";

const noon = Date.UTC(2026, 0, 1, 12);
const asDate = (time: number): string => new Date(time).toUTCString();

test("one answer tells the time to half a second and half a round trip", () => {
  for (const fraction of [0, 1, 499, 500, 999]) {
    for (const trip of [0, 40, 700]) {
      const clock = { now: noon };
      const time = serverTime(() => clock.now);
      // The server is three seconds and a fraction ahead, and says so halfway through the round trip.
      const ahead = 3000 + fraction;
      clock.now += trip;
      time.learn(asDate(noon + trip / 2 + ahead), noon);
      expect(Math.abs(time.now() - clock.now - ahead)).toBeLessThanOrEqual(500 + trip / 2);
    }
  }
});

test("many answers tell it ever more exactly", () => {
  const clock = { now: noon };
  const time = serverTime(() => clock.now);
  for (let answer = 0; answer < 50; answer++) {
    clock.now += 137;
    time.learn(asDate(clock.now + 12_345), clock.now);
  }
  expect(Math.abs(time.now() - clock.now - 12_345)).toBeLessThan(50);
});

test("a clock that was set is believed at once", () => {
  const clock = { now: noon };
  const time = serverTime(() => clock.now);
  time.learn(asDate(noon), noon);
  time.learn(asDate(noon + 60_000), noon);
  expect(time.now() - noon).toBeGreaterThanOrEqual(60_000);
  expect(time.now() - noon).toBeLessThanOrEqual(61_000);
});
