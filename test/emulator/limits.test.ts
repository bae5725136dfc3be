import { expect, test } from "vitest";
import { begin, violations } from "../support/plain-client.ts";

/** Two UTF-16 units and four bytes, but one code point, as protovalidate counts. */
const wide = "🏢";
const pairs = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, "value"]));
const label = "a".repeat(63);

const edges: [what: string, within: object, past: object, field: string, constraint: string][] = [
  ["shortest name", { display_name: "x" }, { display_name: "" }, "organization.display_name", "string.min_len"],
  [
    "longest name",
    { display_name: wide.repeat(200) },
    { display_name: wide.repeat(201) },
    "organization.display_name",
    "string.max_len",
  ],
  [
    "longest external id",
    { external_id: wide.repeat(255) },
    { external_id: wide.repeat(256) },
    "organization.external_id",
    "string.max_len",
  ],
  ["most pairs", { metadata: pairs(10) }, { metadata: pairs(11) }, "organization.metadata", "map.max_pairs"],
  [
    "shortest key",
    { metadata: { abc: "x" } },
    { metadata: { [wide.repeat(2)]: "x" } },
    `organization.metadata["${wide.repeat(2)}"]`,
    "string.min_len",
  ],
  [
    "longest key",
    { metadata: { [wide.repeat(25)]: "x" } },
    { metadata: { [wide.repeat(26)]: "x" } },
    `organization.metadata["${wide.repeat(26)}"]`,
    "string.max_len",
  ],
  [
    "shortest value",
    { metadata: { key: "x" } },
    { metadata: { key: "" } },
    'organization.metadata["key"]',
    "string.min_len",
  ],
  [
    "longest value",
    { metadata: { key: wide.repeat(256) } },
    { metadata: { key: wide.repeat(257) } },
    'organization.metadata["key"]',
    "string.max_len",
  ],
  ["shape of a slug", { slug: "a-1.example" }, { slug: "A_1" }, "organization.slug", "string.pattern"],
  ["longest label", { slug: label }, { slug: `${label}a` }, "organization.slug", "string.pattern"],
  [
    "longest slug",
    { slug: `${[label, label, label].join(".")}.${"a".repeat(61)}` },
    { slug: `${[label, label, label].join(".")}.${"a".repeat(62)}` },
    "organization.slug",
    "string.max_len",
  ],
  [
    "longest logo",
    { logo_url: `https://e.x/${"a".repeat(1012)}` },
    { logo_url: `https://e.x/${"a".repeat(1013)}` },
    "organization.logo_url",
    "string.max_len",
  ],
];

test.each(edges)("%s: the edge is taken, one past it refused", async (_, within, past, field, constraint) => {
  const { call, create, emulator } = await begin();
  const { id } = await create({ display_name: "Edge", ...within });
  expect(emulator.organizations()).toMatchObject([within]);
  for (const answer of [
    await call("POST", "/organizations", { display_name: "Past", ...past }),
    await call("PATCH", `/organizations/${id}`, past),
  ]) {
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 3, message: "Validation error", details: [{ error_code: "INVALID_ARGUMENT" }] },
    });
    expect(violations(answer)).toEqual({ [field]: constraint });
    expect(answer.body.details[0].request_info.request_id).toBe(answer.headers.get("x-request-id"));
  }
  expect(await call("PATCH", `/organizations/${id}`, within)).toMatchObject({ status: 200 });
  expect(emulator.organizations()).toMatchObject([within]);
});

test("every broken rule is reported at once", async () => {
  const { call } = await begin();
  const answer = await call("POST", "/organizations", { metadata: { ab: "x", good: "" }, slug: "-" });
  expect(violations(answer)).toEqual({
    "organization.display_name": "string.min_len",
    'organization.metadata["ab"]': "string.min_len",
    'organization.metadata["good"]': "string.min_len",
    "organization.slug": "string.pattern",
  });
});

test.each([
  { display_name: 5 },
  { display_name: "X", external_id: true },
  { display_name: "X", metadata: { key: 5 } },
  { display_name: "X", metadata: { key: null } },
  { display_name: "X", metadata: ["key"] },
  { display_name: "X", region_code: "EU" },
  { display_name: "X", settings: {} },
  ["display_name"],
  null,
  "display_name",
])("what does not parse into an organization is refused: %j", async (body) => {
  const { call, create, emulator } = await begin();
  const { id } = await create({ display_name: "There" });
  for (const [method, path] of [
    ["POST", "/organizations"],
    ["PATCH", `/organizations/${id}`],
  ] as const) {
    const answer = await call(method, path, JSON.stringify(body));
    expect(answer).toMatchObject({ status: 400, body: { code: 3 } });
    expect(violations(answer)).toEqual({});
  }
  expect(emulator.organizations()).toMatchObject([{ display_name: "There", metadata: {} }]);
});

test("an id has at most 32 characters, and settings demand its prefix", async () => {
  const { call } = await begin();
  expect((await call("GET", `/organizations/${"x".repeat(32)}`)).status).toBe(404);
  expect(violations(await call("GET", `/organizations/${"x".repeat(33)}`))).toEqual({ id: "string.max_len" });
  const settings = await call("PATCH", "/organizations/conn_1/settings", { features: [] });
  expect(violations(settings)).toEqual({ id: "string.prefix" });
});

test("metadata keeps keys that mean something to JavaScript", async () => {
  const { call, create, emulator } = await begin();
  const odd = '{"__proto__":"one","constructor":"two","toString":"three"}';
  const { id } = (await call("POST", "/organizations", `{"display_name":"Odd","metadata":${odd}}`)).body.organization;
  const stored = () => JSON.stringify(emulator.organizations()[0]?.metadata);
  expect(stored()).toBe(odd);
  await call("PATCH", `/organizations/${id}`, `{"metadata":{"__proto__":"four"}}`);
  expect(stored()).toBe('{"__proto__":"four"}');
  const shown = await call("GET", `/organizations/${id}`);
  expect(JSON.stringify(shown.body.organization.metadata)).toBe('{"__proto__":"four"}');
  await create({ display_name: "Plain" });
  expect(JSON.stringify(emulator.organizations()[1]?.metadata)).toBe("{}");
});

test.each([
  ["half a surrogate pair in a value", '{"display_name":"\\ud83c"}'],
  ["half a surrogate pair in a key", '{"display_name":"X","metadata":{"key\\udfe2":"x"}}'],
  ["NUL in a value", '{"display_name":"a\\u0000b"}'],
  ["NUL in a key", '{"display_name":"X","metadata":{"key\\u0000":"x"}}'],
])("what PostgreSQL and Go cannot hold is refused: %s", async (_, body) => {
  const { call, emulator } = await begin();
  expect(await call("POST", "/organizations", body)).toMatchObject({
    status: 400,
    body: { code: 3, message: expect.stringContaining("invalid") },
  });
  expect(emulator.organizations()).toEqual([]);
});

test("bytes that are no UTF-8 are refused, and not replaced", async () => {
  const { emulator, authorization } = await begin();
  const body = Buffer.concat([Buffer.from('{"display_name":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
  const headers = { authorization };
  const answer = await fetch(`${emulator.url}/api/v1/organizations`, { method: "POST", headers, body });
  expect(answer.status).toBe(400);
  expect(emulator.organizations()).toEqual([]);
});
