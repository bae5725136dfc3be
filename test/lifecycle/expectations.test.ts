import { expect, test } from "vitest";
import { newExpectations } from "../../src/lifecycle/expectations.ts";

const holder = { id: "org_1", externalId: "CUST-1", slug: "one" };

function begin() {
  const waits: number[] = [];
  const run = newExpectations(["externalId", "slug"], { sleep: async (milliseconds) => void waits.push(milliseconds) });
  const answers = () => [run.answerOf({ holder, field: "externalId" }), run.answerOf({ holder, field: "slug" })];
  return { ...run, answers, waits };
}

test("a holder that the run has not reached may do anything", () => {
  const { answers, isReached } = begin();
  expect(answers()).toEqual(["unknown", "unknown"]);
  expect(isReached(holder)).toBe(false);
});

test("one that is about to get another key gives up its own, in those fields alone", () => {
  const { expect: expects, answers, isReached } = begin();
  expects("org_1", { externalId: "CUST-2", slug: "two" }, ["externalId"]);
  expect(answers()).toEqual(["moves", "kept"]);
  expect(isReached(holder)).toBe(true);
  expects("org_1", { externalId: "CUST-2" }, ["externalId", "slug"]);
  expect(answers()).toEqual(["moves", "moves"]);
});

test("one that is about to get the key that it has keeps it", () => {
  const { expect: expects, answers } = begin();
  expects("org_1", { externalId: "CUST-1", slug: "two" }, ["externalId", "slug"]);
  expect(answers()).toEqual(["kept", "moves"]);
});

test("one that has its new key keeps that, whatever else it will get", () => {
  const { expect: expects, keeps, answers } = begin();
  expects("org_1", { externalId: "CUST-2", slug: "two" }, ["externalId", "slug"]);
  keeps("org_1", "externalId");
  expect(answers()).toEqual(["kept", "moves"]);
  const fresh = begin();
  fresh.keeps("org_1", "slug");
  expect(fresh.answers()).toEqual(["moves", "kept"]);
});

test("a holder is waited for, three seconds at most, and not at all where it is reached", async () => {
  const late = begin();
  await late.reaching(holder);
  expect(late.waits).toEqual(Array(30).fill(100));
  const reached = begin();
  reached.expect("org_1", {}, []);
  await reached.reaching(holder);
  expect(reached.waits).toEqual([]);
});
