import { request } from "node:http";
import { expect, test } from "vitest";
import { begin, violations } from "../support/plain-client.ts";

const full = {
  display_name: "Megasoft",
  external_id: "CUST-1",
  metadata: { tier: "gold" },
  slug: "megasoft.example",
  logo_url: "https://cdn.example.com/logo.png",
};

test("creates what was asked for, and shows it by id and by external id", async () => {
  const { call, emulator } = await begin({ now: () => Date.parse("2026-01-31T12:00:00Z") });
  const { status, body } = await call("POST", "/organizations", full);
  expect(status).toBe(201);
  expect(body.organization).toEqual({
    ...full,
    id: expect.stringMatching(/^org_\d{17,18}$/),
    region_code: "US",
    create_time: "2026-01-31T12:00:00.000Z",
    update_time: "2026-01-31T12:00:00.000Z",
    settings: { features: [] },
  });
  const { id } = body.organization;
  expect(await call("GET", `/organizations/${id}`)).toMatchObject({ status: 200, body });
  expect(await call("GET", "/organizations:external/CUST-1")).toMatchObject({ status: 200, body });
  expect(emulator.organizations()).toMatchObject([{ id, ...full }]);
});

test("leaves out what an organization does not have", async () => {
  const { create } = await begin();
  const bare = await create({ display_name: "Bare", external_id: "", logo_url: "" });
  expect(Object.keys(bare).sort()).toEqual(
    ["create_time", "display_name", "id", "metadata", "region_code", "settings", "update_time"].sort(),
  );
  expect(bare.metadata).toEqual({});
});

test("finds an external id however strange", async () => {
  const { call, create } = await begin();
  for (const external_id of ["a/b?c#d", "100% 'sure'", "日本語 🏢", "..x", "a:b", "__proto__", "+plus space"]) {
    const { id } = await create({ display_name: "Strange", external_id });
    const one = await call("GET", `/organizations:external/${encodeURIComponent(external_id)}`);
    expect(one.body.organization, external_id).toMatchObject({ id, external_id });
    const listed = await call("GET", `/organizations?external_id=${encodeURIComponent(external_id)}`);
    expect(listed.body.organizations, external_id).toMatchObject([{ id }]);
  }
});

test("takes the external id for not given beside an id", async () => {
  const { call, create } = await begin();
  const { id } = await create(full);
  expect(await call("GET", `/organizations:external/CUST-1?id=${id}`)).toMatchObject({
    status: 400,
    body: { message: "ExternalId is required" },
  });
});

test.each([
  ["GET", "/organizations/org_1"],
  ["GET", "/organizations:external/none"],
  ["PATCH", "/organizations/org_1"],
  ["PATCH", "/organizations/org_1/settings"],
  ["DELETE", "/organizations/org_1"],
])("says that there is no such organization: %s %s", async (method, path) => {
  const { call } = await begin();
  const body = path.endsWith("settings") ? { features: [] } : method === "PATCH" ? {} : undefined;
  const answer = await call(method, path, body);
  expect(answer).toMatchObject({
    status: 404,
    body: { code: 5, message: "organization not found", details: [{ error_code: "NOT_FOUND" }] },
  });
  expect(answer.body.details[0].request_info.request_id).toBe(answer.headers.get("x-request-id"));
});

test("a PATCH changes the fields it brings and no other", async () => {
  const { call, create, emulator } = await begin();
  const made = await create(full);
  const changes: object[] = [
    { display_name: "Megasoft Inc" },
    { external_id: "CUST-2" },
    { metadata: { plan: "annual" } },
    { slug: "mega" },
    { logo_url: "https://example.com/other.png" },
  ];
  let expected = made;
  for (const change of changes) {
    const { status, body } = await call("PATCH", `/organizations/${made.id}`, change);
    expected = { ...expected, ...change, update_time: expect.any(String) };
    expect(status).toBe(200);
    expect(body.organization).toEqual(expected);
  }
  expect(emulator.organizations()[0]?.create_time).toBe(made.create_time);
});

test("an update mask names what a PATCH changes", async () => {
  const { call, create } = await begin();
  const { id } = await create(full);
  const body = { display_name: "Other", external_id: "CUST-2", metadata: { tier: "iron" } };
  const { body: answer } = await call("PATCH", `/organizations/${id}?update_mask=display_name,metadata`, body);
  expect(answer.organization).toMatchObject({
    display_name: "Other",
    external_id: "CUST-1",
    metadata: { tier: "iron" },
  });
  expect(await call("PATCH", `/organizations/${id}?update_mask=display_name,nonsense`, body)).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining("nonsense") },
  });
});

test("slug and logo are cleared by an empty string", async () => {
  const { call, create } = await begin();
  const { id } = await create(full);
  const { body } = await call("PATCH", `/organizations/${id}`, { slug: "", logo_url: "" });
  expect(body.organization).not.toHaveProperty("slug");
  expect(body.organization).not.toHaveProperty("logo_url");
});

test.each(["{}", ""])("a PATCH of %j changes nothing", async (nothing) => {
  const { call, create } = await begin();
  const made = await create(full);
  const { status, body } = await call("PATCH", `/organizations/${made.id}`, nothing);
  expect(status).toBe(200);
  expect(body.organization).toEqual({ ...made, update_time: expect.any(String) });
});

test("the update time moves with each change, even within a millisecond", async () => {
  const { call, create } = await begin({ now: () => 1_000 });
  const made = await create(full);
  const times = [made.update_time];
  for (const display_name of ["One", "Two"]) {
    times.push((await call("PATCH", `/organizations/${made.id}`, { display_name })).body.organization.update_time);
  }
  expect(times).toEqual(["1970-01-01T00:00:01.000Z", "1970-01-01T00:00:01.001Z", "1970-01-01T00:00:01.002Z"]);
});

test("a PATCH that arrives slowly does not undo what another changed meanwhile", async () => {
  const { call, create, emulator, authorization } = await begin();
  const { id } = await create(full);
  const slow = request(`${emulator.url}/api/v1/organizations/${id}`, { method: "PATCH", headers: { authorization } });
  const answered = new Promise((done) => slow.on("response", (response) => response.resume().on("end", done)));
  await new Promise<void>((done) => slow.write('{"display_name":', () => done()));
  // The server has met the slow one by the time that it answers this.
  await call("GET", "/organizations");
  await call("PATCH", `/organizations/${id}`, { external_id: "CUST-2" });
  slow.end('"Slow"}');
  await answered;
  expect(emulator.organizations()).toMatchObject([{ display_name: "Slow", external_id: "CUST-2" }]);
});

test("settings switch the features that are named, and keep the rest", async () => {
  const { call, create, emulator } = await begin();
  const { id } = await create(full);
  const features = [
    { name: "sso", enabled: true },
    { name: "dir_sync", enabled: false },
  ];
  const both = await call("PATCH", `/organizations/${id}/settings`, { features });
  expect(both).toMatchObject({ status: 200, body: { organization: { id, settings: { features } } } });
  await call("PATCH", `/organizations/${id}/settings`, { features: [{ name: "sso", enabled: false }] });
  expect(emulator.organizations()[0]?.features).toEqual({ sso: false, dir_sync: false });
});

test.each([
  [{}, "settings.features"],
  [{ features: [{ name: "sso" }] }, "settings.features[0].enabled"],
  [{ features: [{ enabled: true }] }, "settings.features[0].name"],
  [
    {
      features: [
        { name: "sso", enabled: true },
        { name: "__proto__", enabled: true },
      ],
    },
    "settings.features[1].name",
  ],
])("settings are refused when they are not whole: %j", async (body, field) => {
  const { call, create, emulator } = await begin();
  const { id } = await create(full);
  const answer = await call("PATCH", `/organizations/${id}/settings`, body);
  expect(answer.status).toBe(400);
  expect(Object.keys(violations(answer))).toEqual([field]);
  expect(emulator.organizations()[0]?.features).toEqual({});
});

test("what is deleted is gone, and its external id and slug are free", async () => {
  const { call, create, emulator } = await begin();
  const { id } = await create(full);
  expect(await call("DELETE", `/organizations/${id}`)).toMatchObject({ status: 200, body: {} });
  expect(emulator.organizations()).toEqual([]);
  expect(await call("GET", `/organizations/${id}`)).toMatchObject({ status: 404 });
  expect(await call("DELETE", `/organizations/${id}`)).toMatchObject({ status: 404 });
  expect((await create(full)).id).not.toBe(id);
});

test.each([
  [409, 6, "ALREADY_EXISTS"],
  [400, 3, "INVALID_ARGUMENT"],
] as const)("no two have one external id or one slug (duplicate = %i)", async (duplicate, code, error_code) => {
  const { call, create, emulator } = await begin({ semantics: { duplicate } });
  await create(full);
  const other = await create({ display_name: "Other" });
  for (const [field, taken] of Object.entries({ external_id: full.external_id, slug: full.slug })) {
    const refused = {
      status: duplicate,
      body: { code, message: expect.stringContaining(`${field} already exists`), details: [{ error_code }] },
    };
    expect(await call("POST", "/organizations", { display_name: "X", [field]: taken })).toMatchObject(refused);
    expect(await call("PATCH", `/organizations/${other.id}`, { [field]: taken })).toMatchObject(refused);
  }
  expect(emulator.organizations()).toMatchObject([full, { id: other.id, external_id: null, slug: null }]);
  const [mine] = emulator.organizations();
  expect(await call("PATCH", `/organizations/${mine?.id}`, { external_id: "CUST-1" })).toMatchObject({ status: 200 });
});
