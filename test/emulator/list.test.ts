import { expect, test } from "vitest";
import type { EmulatorOptions } from "../../src/emulator/index.ts";
import { begin, violations } from "../support/plain-client.ts";

/** Organizations named 1 to `count`, and lists of their names. */
async function estate(count: number, options: EmulatorOptions = {}) {
  const seed = Array.from({ length: count }, (_, index) => ({
    id: `org_${index + 1}`,
    display_name: String(index + 1),
    external_id: `CUST-${index + 1}`,
  }));
  const { call, emulator } = await begin({ seed, ...options });
  async function list(query = "") {
    const { status, body } = await call("GET", `/organizations${query}`);
    expect(status, JSON.stringify(body)).toBe(200);
    const names: number[] = body.organizations.map(({ display_name }: { display_name: string }) => +display_name);
    return { names, total: body.total_size, next: body.next_page_token, previous: body.prev_page_token };
  }
  return { call, emulator, list };
}

const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => from - index);

test("goes through pages newest first, there and back again", async () => {
  const { list } = await estate(25);
  const first = await list();
  expect(first).toEqual({ names: down(25, 16), total: 25, next: expect.stringMatching(/./), previous: "" });
  const second = await list(`?page_token=${first.next}`);
  expect(second).toMatchObject({ names: down(15, 6), total: 25 });
  const last = await list(`?page_token=${second.next}`);
  expect(last).toMatchObject({ names: down(5, 1), next: "" });
  expect(await list(`?page_token=${last.previous}`)).toEqual(second);
  expect(await list(`?page_token=${second.previous}`)).toEqual(first);
});

test("begins at the oldest when order says so", async () => {
  const { list } = await estate(12, { semantics: { order: "oldest" } });
  const first = await list();
  expect(first).toMatchObject({ names: down(10, 1).reverse(), previous: "" });
  const last = await list(`?page_token=${first.next}`);
  expect(last).toMatchObject({ names: [11, 12], next: "" });
  expect(await list(`?page_token=${last.previous}`)).toEqual(first);
});

test("shows none twice and misses none while others come and go", async () => {
  const { call, list } = await estate(6);
  const first = await list("?page_size=2");
  await call("DELETE", "/organizations/org_5");
  await call("DELETE", "/organizations/org_3");
  await call("POST", "/organizations", { display_name: "7" });
  const second = await list(`?page_size=2&page_token=${first.next}`);
  const third = await list(`?page_size=2&page_token=${second.next}`);
  expect([first.names, second.names, third.names]).toEqual([[6, 5], [4, 2], [1]]);
  expect(third.next).toBe("");
});

test("skips one for each that goes, and repeats one for each that comes, where tokens are offsets", async () => {
  const { call, list } = await estate(8, { semantics: { pageToken: "offset" } });
  const first = await list("?page_size=2");
  expect(first).toMatchObject({ names: [8, 7], previous: "" });
  await call("DELETE", "/organizations/org_8");
  const second = await list(`?page_size=2&page_token=${first.next}`);
  expect(second.names).toEqual([5, 4]);
  await call("POST", "/organizations", { display_name: "9" });
  const third = await list(`?page_size=2&page_token=${second.next}`);
  expect(third.names).toEqual([4, 3]);
  expect((await list(`?page_size=2&page_token=${third.previous}`)).names).toEqual([6, 5]);
  expect(await list(`?page_size=2&page_token=${third.next}`)).toMatchObject({ names: [2, 1], next: "" });
  expect((await list("?page_size=2")).names).toEqual([9, 7]);
});

test("offsets begin at the oldest too, and take no other tokens", async () => {
  const { call, list } = await estate(3, { semantics: { pageToken: "offset", order: "oldest" } });
  const { next } = await list("?page_size=2");
  expect(await list(`?page_size=2&page_token=${next}`)).toMatchObject({ names: [3], next: "" });
  const other = await estate(3);
  const cursor = (await other.list("?page_size=2")).next;
  expect((await call("GET", `/organizations?page_token=${cursor}`)).status).toBe(400);
  expect((await other.call("GET", `/organizations?page_token=${next}`)).status).toBe(400);
});

test("an empty environment is one empty page", async () => {
  const { list } = await estate(0);
  expect(await list()).toEqual({ names: [], total: 0, next: "", previous: "" });
});

test("a full last page has no next", async () => {
  const { list } = await estate(10);
  expect(await list("?page_size=10")).toMatchObject({ names: down(10, 1), next: "" });
});

test.each([
  ["", 10],
  ["?page_size=0", 10],
  ["?page_size=1", 1],
  ["?page_size=5", 5],
  ["?page_size=100", 100],
  ["?page_size=101", 100],
  ["?page_size=1000", 100],
])("clamps page sizes: %s shows %i", async (query, size) => {
  const { list } = await estate(102);
  expect((await list(query)).names).toHaveLength(size);
});

test("rejects page sizes outside of the documented ones when the switch says so", async () => {
  const { call } = await estate(1, { semantics: { pageSize: { min: 10, max: 100, outside: "reject" } } });
  for (const size of [10, 100]) expect((await call("GET", `/organizations?page_size=${size}`)).status).toBe(200);
  for (const size of [9, 101]) {
    const answer = await call("GET", `/organizations?page_size=${size}`);
    expect(answer.status).toBe(400);
    expect(violations(answer)).toEqual({ page_size: "int64.range" });
  }
});

test.each(["abc", "-1", "1.5", "1e1", "", "99999999999"])("a page size of %j does not parse", async (size) => {
  const { call } = await estate(1);
  expect(await call("GET", `/organizations?page_size=${size}`)).toMatchObject({ status: 400, body: { code: 3 } });
});

test.each(["nonsense", "eyJmb28iOjF9", "e30", "bnVsbA", "eyJhZnRlciI6LTF9", "eyJhZnRlciI6MSwiYmVmb3JlIjoxfQ"])(
  "a page token of %s is refused",
  async (token) => {
    const { call } = await estate(1);
    expect(await call("GET", `/organizations?page_token=${token}`)).toMatchObject({
      status: 400,
      body: { code: 3, message: "invalid page token", details: [{ error_code: "INVALID_ARGUMENT" }] },
    });
  },
);

test("finds the one organization with an external id, and no other", async () => {
  const { list } = await estate(3);
  expect(await list("?external_id=CUST-2")).toEqual({ names: [2], total: 1, next: "", previous: "" });
  expect(await list("?external_id=cust-2")).toMatchObject({ names: [] });
  expect(await list("?external_id=CUST")).toMatchObject({ names: [] });
  expect(await list("?external_id=")).toMatchObject({ names: [3, 2, 1] });
});
