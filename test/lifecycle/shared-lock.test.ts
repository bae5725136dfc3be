import { expect, test } from "vitest";
import { newSharedLock } from "../../src/lifecycle/shared-lock.ts";

/** Works that say when they begin and end, and end when they are let go. */
function works() {
  const { shared, exclusive } = newSharedLock();
  const said: string[] = [];
  const begin = (how: "shared" | "exclusive", name: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const run = async () => {
      said.push(`${name} begins`);
      return promise.finally(() => said.push(`${name} ends`));
    };
    const outcome = how === "shared" ? shared(run) : exclusive(run);
    outcome.catch(() => {});
    return { outcome, end: () => resolve(name), fail: () => reject(new Error(name)) };
  };
  return { begin, said };
}

const settled = () => new Promise((done) => setImmediate(done));

test("shared work runs side by side, and what is exclusive waits for all of it", async () => {
  const { begin, said } = works();
  const [one, two] = [begin("shared", "one"), begin("shared", "two")];
  await settled();
  const alone = begin("exclusive", "alone");
  one.end();
  await settled();
  expect(said).toEqual(["one begins", "two begins", "one ends"]);
  two.fail();
  await settled();
  expect(said.slice(3)).toEqual(["two ends", "alone begins"]);
  alone.end();
  expect(await Promise.all([one.outcome, alone.outcome])).toEqual(["one", "alone"]);
  await expect(two.outcome).rejects.toThrow("two");
});

test("nothing runs beside exclusive work, and a failure of it lets the others go on", async () => {
  const { begin, said } = works();
  const alone = begin("exclusive", "alone");
  const next = begin("exclusive", "next");
  const late = begin("shared", "late");
  await settled();
  expect(said).toEqual(["alone begins"]);
  alone.fail();
  await expect(alone.outcome).rejects.toThrow("alone");
  await settled();
  expect(said).toEqual(["alone begins", "alone ends", "next begins"]);
  next.end();
  await settled();
  expect(said.slice(3)).toEqual(["next ends", "late begins"]);
  late.end();
  expect(await late.outcome).toBe("late");
});

test("work that has ended is not waited for", async () => {
  const { begin, said } = works();
  for (const name of ["one", "two"]) {
    const work = begin("shared", name);
    work.end();
    await work.outcome;
  }
  const alone = begin("exclusive", "alone");
  alone.end();
  await alone.outcome;
  expect(said.at(-2)).toBe("alone begins");
});
