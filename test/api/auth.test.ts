import { expect, test } from "vitest";
import { tokenSource } from "../../src/api/auth.ts";

/** Tokens by number, each good for `expiresIn` seconds, and a clock to set. */
function begin(expiresIn = 86_399) {
  const time = { now: 0, asked: 0 };
  const tokens = tokenSource(
    async () => ({ value: `token-${++time.asked}`, expiresIn }),
    () => time.now,
  );
  return { time, tokens };
}

test("a hundred calls at once ask for one token", async () => {
  const { time, tokens } = begin();
  const values = await Promise.all(Array.from({ length: 100 }, () => tokens.get()));
  expect(new Set(values)).toEqual(new Set(["token-1"]));
  expect(time.asked).toBe(1);
});

test("a token is used until a minute before it expires, and then renewed", async () => {
  const { time, tokens } = begin(3600);
  await tokens.get();
  time.now = 3_539_999;
  expect(await tokens.get()).toBe("token-1");
  time.now = 3_540_000;
  expect(tokens.current()).toBeUndefined();
  expect(await tokens.get()).toBe("token-2");
});

test("a token that lasts less than two minutes is used for half its life", async () => {
  const { time, tokens } = begin(10);
  await tokens.get();
  time.now = 4_999;
  expect(await tokens.get()).toBe("token-1");
  time.now = 5_000;
  expect(await tokens.get()).toBe("token-2");
});

test("the life of a token counts from when it was asked for", async () => {
  const time = { now: 0 };
  const tokens = tokenSource(
    async () => {
      time.now += 30_000;
      return { value: "token", expiresIn: 3600 };
    },
    () => time.now,
  );
  await tokens.get();
  time.now = 3_540_000;
  expect(tokens.current()).toBeUndefined();
});

test("a refused token is not used again, and a newer one is kept", async () => {
  const { tokens } = begin();
  const old = await tokens.get();
  tokens.refuse(old);
  expect(tokens.current()).toBeUndefined();
  expect(await tokens.get()).toBe("token-2");
  tokens.refuse(old);
  expect(tokens.current()).toBe("token-2");
});

test("a token that could not be had is asked for again by the next call", async () => {
  let asked = 0;
  const tokens = tokenSource(
    () => (++asked === 1 ? Promise.reject(new Error("no")) : Promise.resolve({ value: "token", expiresIn: 60 })),
    () => 0,
  );
  await expect(Promise.all([tokens.get(), tokens.get()])).rejects.toThrow("no");
  expect(asked).toBe(1);
  expect(await tokens.get()).toBe("token");
});
