import { describe, expect, test } from "vitest";
import { type SemanticsOptions, startEmulator } from "../../src/emulator/index.ts";
import { begin } from "../support/plain-client.ts";

/** One organization under the given switches, and what PATCHes make of it. */
async function patches(semantics: SemanticsOptions) {
  const { call, create, emulator } = await begin({ semantics });
  const metadata = { tier: "gold", plan: "annual" };
  const { id } = await create({ display_name: "X", external_id: "CUST-1", metadata });
  return async (body: object, mask?: string) => {
    const answer = await call("PATCH", `/organizations/${id}${mask ? `?update_mask=${mask}` : ""}`, body);
    const [stored] = emulator.organizations();
    if (answer.status === 200) expect(answer.body.organization.metadata).toEqual(stored?.metadata);
    return { status: answer.status, metadata: stored?.metadata, externalId: stored?.external_id };
  };
}

const both = { tier: "gold", plan: "annual" };

describe("metadata", () => {
  test("replace: what a PATCH brings is all there is", async () => {
    const patch = await patches({ metadata: "replace" });
    expect(await patch({ metadata: { tier: "iron" } })).toMatchObject({ metadata: { tier: "iron" } });
  });

  test("merge: what a PATCH brings is added", async () => {
    const patch = await patches({ metadata: "merge" });
    expect((await patch({ metadata: { tier: "iron", seats: "5" } })).metadata).toEqual({
      tier: "iron",
      plan: "annual",
      seats: "5",
    });
    expect((await patch({ metadata: {} })).metadata).toMatchObject({ plan: "annual" });
  });

  test.each([
    ["clears", {}],
    ["ignored", both],
  ] as const)("emptyMetadata %s: {} leaves %j", async (emptyMetadata, left) => {
    const patch = await patches({ emptyMetadata });
    expect((await patch({ metadata: {} })).metadata).toEqual(left);
  });

  test.each([
    ["mask", { tier: "iron" }],
    ["null", { tier: "iron", plan: "annual" }],
    ["never", { tier: "iron", plan: "annual" }],
  ] as const)("metadataRemoval %s: an explicit mask over a merge leaves %j", async (metadataRemoval, left) => {
    const patch = await patches({ metadata: "merge", metadataRemoval });
    expect((await patch({ metadata: { tier: "iron" } }, "metadata")).metadata).toEqual(left);
  });

  test.each([
    ["mask", 400, both],
    ["null", 200, { plan: "annual" }],
    ["never", 400, both],
  ] as const)("metadataRemoval %s: a null value is answered with %i", async (metadataRemoval, status, left) => {
    const patch = await patches({ metadata: "merge", metadataRemoval });
    expect(await patch({ metadata: { tier: null } })).toMatchObject({ status });
    expect((await patch({})).metadata).toEqual(left);
  });
});

describe("externalIdClear", () => {
  test.each([
    ["empty", null, "CUST-1", "CUST-1"],
    ["null", "CUST-1", null, "CUST-1"],
    ["mask", "CUST-1", "CUST-1", null],
    ["never", "CUST-1", "CUST-1", "CUST-1"],
  ] as const)('%s: after "" %j, after null %j, after a mask %j', async (externalIdClear, empty, nothing, mask) => {
    const switches = { externalIdClear };
    expect((await (await patches(switches))({ external_id: "" })).externalId).toBe(empty);
    expect((await (await patches(switches))({ external_id: null })).externalId).toBe(nothing);
    expect((await (await patches(switches))({}, "external_id")).externalId).toBe(mask);
  });
});

test.each([404, 200] as const)("deleteMissing %i", async (deleteMissing) => {
  const { call } = await begin({ semantics: { deleteMissing } });
  expect((await call("DELETE", "/organizations/org_1")).status).toBe(deleteMissing);
});

test.each([
  ["always", false],
  ["changes", true],
] as const)("updateTime %s: a PATCH that changes nothing keeps it: %j", async (updateTime, kept) => {
  const { call, create } = await begin({ semantics: { updateTime } });
  const made = await create({ display_name: "X", metadata: { tier: "gold" } });
  const same = { display_name: "X", metadata: { tier: "gold" } };
  const { organization } = (await call("PATCH", `/organizations/${made.id}`, same)).body;
  expect(organization.update_time === made.update_time).toBe(kept);
  const { body } = await call("PATCH", `/organizations/${made.id}`, { display_name: "Y" });
  expect(body.organization.update_time).not.toBe(made.update_time);
});

test.each([
  ["kept", 200],
  ["separates", 404],
] as const)("encodedSlash %s: an external id with a slash is answered with %i", async (encodedSlash, status) => {
  const { call, create } = await begin({ semantics: { encodedSlash } });
  await create({ display_name: "X", external_id: "a/b" });
  const answer = await call("GET", "/organizations:external/a%2Fb");
  expect(answer.status).toBe(status);
  if (status === 404) expect(answer.body).toEqual({ code: 5, message: "Not Found", details: [] });
  expect((await call("GET", "/organizations?external_id=a%2Fb")).body.total_size).toBe(1);
});

test.each([
  ["shown", { features: [] }],
  ["absent", undefined],
] as const)("listSettings %s: a list shows %j, and a GET shows settings", async (listSettings, settings) => {
  const { call, create } = await begin({ semantics: { listSettings } });
  const { id } = await create({ display_name: "X", external_id: "CUST-1" });
  for (const query of ["", "?external_id=CUST-1"]) {
    expect((await call("GET", `/organizations${query}`)).body.organizations[0].settings).toEqual(settings);
  }
  expect((await call("GET", `/organizations/${id}`)).body.organization.settings).toEqual({ features: [] });
});

test.each([
  ["all", 3],
  ["page", 2],
  ["absent", undefined],
] as const)("totalSize %s: a page of 2 of 3 says %j", async (totalSize, total) => {
  const { call, create } = await begin({ semantics: { totalSize } });
  for (const display_name of ["1", "2", "3"]) await create({ display_name });
  expect((await call("GET", "/organizations?page_size=2")).body.total_size).toBe(total);
});

test.each([true, false])(
  "rateLimit: one too many is answered with 429 until the minute is over (%j)",
  async (retryAfter) => {
    let time = 0;
    const { call, emulator } = await begin({ semantics: { rateLimit: { perMinute: 2, retryAfter } }, now: () => time });
    const statuses = async (count: number) => {
      const answers = [];
      for (let index = 0; index < count; index++) answers.push((await call("GET", "/organizations")).status);
      return answers;
    };
    time = 15_500;
    expect(await statuses(3)).toEqual([200, 200, 429]);
    const refused = await call("GET", "/organizations");
    expect(refused.body).toMatchObject({ code: 8, details: [{ error_code: "RATE_LIMITED" }] });
    expect(refused.headers.get("retry-after")).toBe(retryAfter ? "45" : null);
    time = 60_000;
    expect(await statuses(3)).toEqual([200, 200, 429]);
    emulator.reset();
    expect(await statuses(3)).toEqual([200, 200, 429]);
  },
);

test.each<[object, string]>([
  [{ metdata: "merge" }, "semantics: there is no metdata; there is metadata, emptyMetadata, metadataRemoval,"],
  [{ pageSize: { size: 5 } }, "semantics.pageSize: there is no size; there is min, max, outside"],
  [
    { rateLimit: { perHour: 5, perMinute: 1 } },
    "semantics.rateLimit: there is no perHour; there is perMinute, retryAfter",
  ],
  [{ metadata: "mrege" }, 'semantics.metadata: Invalid option: expected one of "replace"|"merge"'],
  [{ duplicate: 418 }, "semantics.duplicate: "],
])("says which switches there are: %j", async (semantics, message) => {
  await expect(startEmulator({ semantics: semantics as SemanticsOptions })).rejects.toThrow(message);
});

test.each([
  ["distinct", 201, 404],
  ["unique", 409, 404],
  ["ignored", 409, 200],
] as const)("externalIdCase %s: a second one in other case is %i, and looking it up %i", async (way, made, found) => {
  const { call, create } = await begin({ semantics: { externalIdCase: way } });
  const { id } = await create({ display_name: "X", external_id: "CUST-1" });
  const look = await call("GET", "/organizations:external/cust-1");
  expect(look.status).toBe(found);
  if (found === 200) expect(look.body.organization).toMatchObject({ id, external_id: "CUST-1" });
  expect(await call("POST", "/organizations", { display_name: "Y", external_id: "cust-1" })).toMatchObject({
    status: made,
  });
  // Its own may change its case.
  const body = { external_id: way === "distinct" ? "Cust-1" : "cust-1" };
  expect(await call("PATCH", `/organizations/${id}`, body)).toMatchObject({ status: 200 });
});
