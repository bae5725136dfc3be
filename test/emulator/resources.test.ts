import { expect, test } from "vitest";
import { coverage, type FaultOptions } from "../../src/emulator/index.ts";
import { begin, send, violations } from "../support/plain-client.ts";

/** A good body for every endpoint that takes one, by its resource. */
const bodies: Record<string, object> = {
  Permission: { name: "read" },
  Role: { name: "editor", display_name: "Editor" },
  OrganizationRole: { name: "editor", display_name: "Editor", default_member_role: "member" },
  OrganizationDomain: { domain: "megasoft.com" },
  OrganizationApiClient: { name: "CI" },
  OrganizationConnection: {},
  OrganizationSessionPolicy: { policy_source: "APPLICATION" },
  OrganizationUserManagement: { settings: {} },
  Organization: {},
};

/** What stands for the parameters of a path: well formed, and of nothing that is there. */
const ids: Record<string, string> = { client_id: "m2morg_1", secret_id: "sks_1", role_name: "editor", id: "dom_1" };

/** Everything below an organization, as requests about one that is not there. */
const below = coverage
  .filter(({ path }) => /\{org\w*_id\}/.test(path))
  .map(({ method, path, resource }) => {
    const own = path.includes("/connections") ? path.replace("{id}", "conn_1") : path;
    const filled = own.replace(/\{org\w*_id\}/, "org_1").replaceAll(/\{(\w+)\}/g, (_, name) => ids[name] ?? "x");
    return [method, filled, ["POST", "PUT", "PATCH"].includes(method) ? bodyOf(method, path, resource) : undefined];
  }) as [string, string, object | undefined][];

function bodyOf(method: string, path: string, resource: string): object {
  if (path.endsWith(":set_defaults")) return { default_member_role: "member" };
  const { default_member_role: _, ...body } = bodies[resource] as Record<string, unknown>;
  if (method === "PUT") delete body["name"];
  return body;
}

test("nothing is below an organization that is not there, whatever is asked of it", async () => {
  const { call } = await begin({ semantics: { deleteMissing: 200 } });
  expect(below).toHaveLength(24);
  for (const [method, path, body] of below) {
    expect(await call(method, path, body), `${method} ${path}`).toMatchObject({
      status: 404,
      body: { code: 5, message: "organization not found", details: [{ error_code: "NOT_FOUND" }] },
    });
  }
});

test("the id of the organization is looked at before anything below it", async () => {
  const { call } = await begin();
  for (const [method, path, body] of below) {
    const constraints = async (id: string) =>
      Object.values(violations(await call(method, path.replace("org_1", id), body)));
    expect(await constraints(`org_${"1".repeat(29)}`), `${method} ${path}`).toEqual(["string.max_len"]);
    const prefixed = path.includes("/domains") ? [] : ["string.prefix"];
    expect(await constraints("1"), `${method} ${path}`).toEqual(prefixed);
  }
});

/** An organization with one of everything. */
async function furnished() {
  const session = await begin();
  const { id } = await session.create({ display_name: "Megasoft" });
  const own = `/organizations/${id}`;
  await session.call("POST", `${own}/roles`, { name: "own", display_name: "Own" });
  await session.call("PATCH", `${own}/roles:set_defaults`, { default_member_role: "own" });
  await session.call("POST", `${own}/domains`, { domain: "megasoft.com" });
  await session.call("POST", `${own}/clients`, {});
  session.emulator.connect(id);
  await session.call("PATCH", `${own}/session-policy`, { policy_source: "CUSTOM", absolute_session_timeout: 60 });
  await session.call("PATCH", `${own}/settings/usermanagement`, { settings: { max_allowed_users: 5 } });
  const kinds = [
    "roles",
    "default_roles",
    "domains",
    "clients",
    "connections",
    "session_policies",
    "user_management_settings",
  ] as const;
  const sizes = () => kinds.map((kind) => session.emulator.all(kind).length);
  return { ...session, id, sizes };
}

test("what hangs on an organization goes with it, and nothing else", async () => {
  const { call, id, sizes, emulator } = await furnished();
  expect(sizes()).toEqual([3, 2, 1, 1, 1, 1, 1]);
  await call("DELETE", `/organizations/${id}`);
  expect(sizes()).toEqual([2, 1, 0, 0, 0, 0, 0]);
  expect(emulator.all("permissions")).toHaveLength(12);
});

test("what is stored of a kind can be read in any language, and is gone after a reset", async () => {
  const { emulator } = await furnished();
  const stored = await send(`${emulator.url}/_emulator/domains`);
  expect(stored.body).toEqual(emulator.all("domains"));
  expect(stored.body).toMatchObject([{ domain: "megasoft.com" }]);
  await send(`${emulator.url}/_emulator/reset`, { method: "POST", headers: { "x-scalekit-emulator": "1" } });
  expect((await send(`${emulator.url}/_emulator/domains`)).body).toEqual([]);
});

const wide = "🏢";
type Edge = [what: string, path: string, body: object, within: object, past: object, field: string, constraint: string];
const permission = { name: "read" };
const role = { name: "editor", display_name: "Editor" };
const names = (count: number) => Array.from({ length: count }, () => "read");
const edges: Edge[] = [
  ["shortest permission", "/permissions", {}, { name: "a" }, { name: "" }, "permission.name", "required"],
  [
    "longest permission",
    "/permissions",
    {},
    { name: "a".repeat(64) },
    { name: "a".repeat(65) },
    "permission.name",
    "string.pattern",
  ],
  [
    "letters of a permission",
    "/permissions",
    {},
    { name: "aZ_0:b" },
    { name: "a-b" },
    "permission.name",
    "string.pattern",
  ],
  [
    "description of a permission",
    "/permissions",
    permission,
    { description: wide.repeat(2000) },
    { description: wide.repeat(2001) },
    "permission.description",
    "string.max_len",
  ],
  ["shortest role", "/roles", role, { name: "a" }, { name: "" }, "role.name", "required"],
  ["longest role", "/roles", role, { name: "a".repeat(64) }, { name: "a".repeat(65) }, "role.name", "string.pattern"],
  ["letters of a role", "/roles", role, { name: "aZ_0" }, { name: "a:b" }, "role.name", "string.pattern"],
  [
    "shortest display name",
    "/roles",
    role,
    { display_name: "x" },
    { display_name: "" },
    "role.display_name",
    "required",
  ],
  [
    "longest display name",
    "/roles",
    role,
    { display_name: wide.repeat(100) },
    { display_name: wide.repeat(101) },
    "role.display_name",
    "string.max_len",
  ],
  [
    "description of a role",
    "/roles",
    role,
    { description: wide.repeat(2000) },
    { description: wide.repeat(2001) },
    "role.description",
    "string.max_len",
  ],
  ["base of a role", "/roles", role, { extends: "admin" }, { extends: "" }, "role.extends", "string.pattern"],
  [
    "most permissions",
    "/roles",
    role,
    { permissions: names(100) },
    { permissions: names(101) },
    "role.permissions",
    "repeated.max_items",
  ],
  [
    "a permission of a role",
    "/roles",
    role,
    { permissions: ["read"] },
    { permissions: ["read", "a-b"] },
    "role.permissions[1]",
    "string.pattern",
  ],
  ["shortest domain", "DOMAINS", {}, { domain: "a.de" }, { domain: "a.d" }, "domain.domain", "string.min_len"],
  ["no domain", "DOMAINS", {}, { domain: "a.de" }, { domain: null }, "domain.domain", "required"],
  [
    "longest domain",
    "DOMAINS",
    {},
    { domain: `${"a.".repeat(126)}com` },
    { domain: `${"a.".repeat(126)}comm` },
    "domain.domain",
    "string.max_len",
  ],
  [
    "longest client",
    "CLIENTS",
    {},
    { name: wide.repeat(128) },
    { name: wide.repeat(129) },
    "client.name",
    "string.max_len",
  ],
  [
    "description of a client",
    "CLIENTS",
    {},
    { description: wide.repeat(512) },
    { description: wide.repeat(513) },
    "client.description",
    "string.max_len",
  ],
  [
    "shortest claim",
    "CLIENTS",
    {},
    { custom_claims: [{ key: "k" }] },
    { custom_claims: [{ key: "" }] },
    "client.custom_claims[0].key",
    "string.min_len",
  ],
  [
    "longest claim",
    "CLIENTS",
    {},
    { custom_claims: [{ key: wide.repeat(128) }] },
    { custom_claims: [{ key: wide.repeat(129) }] },
    "client.custom_claims[0].key",
    "string.max_len",
  ],
];

test.each(edges)(
  "%s: the edge is taken, one past it refused",
  async (_, path, body, within, past, field, constraint) => {
    const { call, create } = await begin();
    const { id } = await create({ display_name: "Megasoft" });
    if (path === "/roles") await call("POST", "/permissions", permission);
    const roots: Record<string, string> = {
      DOMAINS: `/organizations/${id}/domains`,
      CLIENTS: `/organizations/${id}/clients`,
    };
    const root = roots[path] ?? path;
    const refused = await call("POST", root, { ...body, ...past });
    expect(refused.status).toBe(400);
    expect(violations(refused)).toEqual({ [field]: constraint });
    expect((await call("POST", root, { ...body, ...within })).status).toBeLessThan(300);
  },
);

test("an update of a role has its own limits: what is there cannot be emptied", async () => {
  const { call } = await begin();
  for (const [change, field] of [
    [{ display_name: "" }, "role.display_name"],
    [{ description: "" }, "role.description"],
  ] as const) {
    expect(violations(await call("PUT", "/roles/member", change))).toEqual({ [field]: "string.min_len" });
  }
  expect(violations(await call("PUT", "/roles/member", { extends: "" }))).toHaveProperty(["role.extends"]);
  expect((await call("PUT", "/roles/member", { description: null, extends: null })).status).toBe(200);
});

test.each([
  ["GET", "/roles/a-b", "role_name"],
  ["DELETE", "/roles/member?reassign_role_name=a-b", "reassign_role_name"],
  ["GET", "/permissions/a-b", "permission_name"],
  ["GET", "/organizations/org_1/clients/client_1", "client_id"],
])("names and ids are looked at before anything: %s %s", async (method, path, field) => {
  const { call } = await begin();
  expect(Object.keys(violations(await call(method, path)))).toEqual([field]);
});

test("permissions are added one at least, and a hundred at most", async () => {
  const { call } = await begin();
  const add = (permission_names?: string[]) => call("POST", "/roles/member/permissions", { permission_names });
  expect(violations(await add())).toEqual({ permission_names: "required" });
  expect(violations(await add([]))).toEqual({ permission_names: "repeated.min_items" });
  expect(violations(await add(names(101)))).toEqual({ permission_names: "repeated.max_items" });
});

test.each([
  ["/permissions", { name: 5 }],
  ["/permissions", { name: "a", id: "perm_1" }],
  ["/roles", { ...role, permissions: "read" }],
  ["/roles", { ...role, permissions: [5] }],
  ["/roles", { ...role, is_org_role: true }],
  ["/roles", ["editor"]],
])("what does not parse is refused: %s %j", async (path, body) => {
  const { call } = await begin();
  const answer = await call("POST", path, JSON.stringify(body));
  expect(answer).toMatchObject({ status: 400, body: { code: 3 } });
  expect(violations(answer)).toEqual({});
});

test("faults, tokens and request ids are the same for every resource", async () => {
  const { call, emulator } = await begin();
  await call("POST", "/permissions", permission);
  const put = () => call("PUT", "/permissions/read", { name: "read", description: "New" });
  const faults: [FaultOptions["effect"], number][] = [
    [{ kind: "status", status: 503, when: "after" }, 503],
    [{ kind: "expiredToken" }, 401],
  ];
  for (const [effect, status] of faults) {
    emulator.fail({ method: "PUT", path: "/api/v1/permissions/", effect });
    const answer = await put();
    expect(answer.status).toBe(status);
    expect(answer.body.details[0].request_info.request_id).toBe(answer.headers.get("x-request-id"));
  }
  expect(emulator.all("permissions").at(-1)?.description).toBe("New");
  const anonymous = await send(`${emulator.url}/api/v1/roles`);
  expect(anonymous).toMatchObject({ status: 401, body: { code: 16 } });
});

test("a wrong body speaks of something else, whatever it is", async () => {
  const { call, emulator, id } = await furnished();
  const other = "other_1";
  for (const path of ["/roles", "/permissions", `/organizations/${id}/domains`, `/organizations/${id}/clients`]) {
    emulator.fail({ method: "GET", effect: { kind: "wrongBody", id: other } });
    const [list] = Object.values<object[]>((await call("GET", path)).body).filter(Array.isArray);
    expect(list?.length).toBeGreaterThan(0);
    for (const one of list ?? []) expect(Object.values(one)).toContain(other);
  }
});

test("a rate limit counts the requests of every resource", async () => {
  const { call } = await begin({ semantics: { rateLimit: { perMinute: 2 } }, now: () => 0 });
  const statuses = [];
  for (const path of ["/roles", "/permissions", "/roles/admin"]) statuses.push((await call("GET", path)).status);
  expect(statuses).toEqual([200, 200, 429]);
});
