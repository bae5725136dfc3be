import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv2020, type AnySchema } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { beforeAll, describe, expect, test } from "vitest";
import { coverage, startEmulator } from "../../src/emulator/index.ts";
import { connect, send } from "../support/plain-client.ts";

const root = resolve(import.meta.dirname, "../..");
/** Scalekit's own document lies beside the repository, where it is at all: it is no part of this project. */
const document = ["scalekit-openapi.json", "openapi-organizations.json"]
  .flatMap((name) => ["..", "../shared", "../../shared"].map((folder) => join(root, folder, name)))
  .find((file) => existsSync(file));

/** What this project is about, of all that Scalekit documents. */
const ours =
  /^\/api\/v1\/(permissions|roles|organizations)(?!.*\/(users|memberships|connections|directories|directory|groups|tools|connected)\b)/;

/** What Scalekit documents about it and the emulator does not serve. */
const notServed = ["PUT /api/v1/organizations/{id}/portal_links"];

/** Whether there is such an endpoint, as far as can be seen from outside. */
async function served(url: string, method: string, path: string): Promise<boolean> {
  const { body } = await send(url + path.replaceAll(/\{\w+\}/g, "org_1"), { method });
  return body.message !== "Not Found" && body.message !== "Method Not Allowed";
}

test("every endpoint that docs/coverage.md calls served is served", async () => {
  await using emulator = await startEmulator();
  expect(coverage.length).toBeGreaterThan(40);
  for (const { method, path } of coverage) {
    expect(await served(emulator.url, method, path), `${method} ${path}`).toBe(true);
  }
});

test("what is served is what the coverage says", async () => {
  await using emulator = await startEmulator();
  const said = coverage.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(said).size).toBe(said.length);
  const disagreements = [];
  for (const path of new Set(coverage.map((one) => one.path))) {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      // A path may be one of another's too: `/roles/default` is a `/roles/{role_name}`.
      const covered = coverage.some((one) => one.method === method && patternOf(one.path).test(path));
      if ((await served(emulator.url, method, path)) !== covered) disagreements.push(`${method} ${path}`);
    }
  }
  expect(disagreements).toEqual([]);
});

const patternOf = (path: string) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);

describe.skipIf(document === undefined)("Scalekit's OpenAPI document", () => {
  // biome-ignore lint/suspicious/noExplicitAny: a document of another's
  let api: any;
  let documented: string[] = [];
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  // The document's numbers are wider than JavaScript's; ajv-formats knows them.
  formats(ajv);

  beforeAll(() => {
    api = JSON.parse(readFileSync(document ?? "", "utf8"));
    const { schemas } = api.components;
    for (const schema of Object.values<Record<string, unknown>>(schemas)) {
      if (schema["properties"]) schema["additionalProperties"] ??= false;
    }
    // The document leaves out the enum's first value, as its generator does; Scalekit's guides show it.
    schemas.clientsClientSecretStatus?.enum.push("ACTIVE");
    ajv.addSchema(api as AnySchema, "api");
    documented = Object.entries<object>(api.paths)
      .filter(([path]) => ours.test(path))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
  });

  /** Why an answer is not as documented, or nothing. */
  function objections(endpoint: string, status: number, body: unknown): string[] {
    const [method = "", path = ""] = endpoint.split(" ");
    const response = api.paths[path]?.[method.toLowerCase()].responses[status];
    if (response === undefined) return [`${endpoint} has no documented ${status}`];
    const schema = response.content["application/json"].schema;
    // A schema that takes anything would make every answer right: what is documented has a name.
    const validate = ajv.compile(schema.$ref ? { $ref: `api${schema.$ref}` } : { type: "object" });
    validate(body);
    return (validate.errors ?? []).map((error) => `${endpoint} ${error.instancePath} ${error.message}`);
  }

  test("every endpoint is served, or known not to be", async () => {
    await using emulator = await startEmulator();
    const missing = [];
    for (const endpoint of documented) {
      const [method = "", path = ""] = endpoint.split(" ");
      if (!(await served(emulator.url, method, path))) missing.push(endpoint);
    }
    expect(documented.length).toBeGreaterThan(8);
    expect(missing.sort()).toEqual(notServed.sort());
  });

  test("every answer is as documented, and has no field that is not", async () => {
    await using emulator = await startEmulator();
    const { call } = await connect(emulator.url);
    const met = new Set<string>();
    /** Asks, and holds the answer against the document. `ids` stand in for the path's parameters. */
    async function ask(endpoint: string, ids: Record<string, string> = {}, body?: object, status = 200, query = "") {
      const [method = "", path = ""] = endpoint.split(" ");
      if (!documented.includes(endpoint)) return {};
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => ids[name] ?? "");
      const answer = await call(method, filled + query, body);
      met.add(endpoint);
      expect(answer.status, `${endpoint} ${JSON.stringify(answer.body)}`).toBe(status);
      expect(objections(endpoint, status, answer.body)).toEqual([]);
      return answer.body;
    }
    const root = "/api/v1/organizations";
    const full = {
      display_name: "Megasoft",
      external_id: "CUST-1",
      metadata: { tier: "gold" },
      slug: "megasoft",
      logo_url: "https://example.com/logo.png",
    };
    const { id } = (await ask(`POST ${root}`, {}, full, 201)).organization;
    await ask(`POST ${root}`, {}, { display_name: "Bare" }, 201);
    await ask(`GET ${root}/{id}`, { id });
    await ask(`GET ${root}:external/{external_id}`, { external_id: "CUST-1" });
    await ask(`GET ${root}:external/{external_id}`, { external_id: "none" }, undefined, 404);
    await ask(`GET ${root}:external/{external_id}`, { external_id: "CUST-1" }, undefined, 400, "?id=x");
    const { next_page_token } = await ask(`GET ${root}`, {}, undefined, 200, "?page_size=1");
    await ask(`GET ${root}`, {}, undefined, 200, `?page_size=1&page_token=${next_page_token}`);
    await ask(`GET ${root}`, {}, undefined, 200, "?external_id=CUST-1");
    await ask(`GET ${root}`, {}, undefined, 400, "?page_token=nonsense");
    await ask(`PATCH ${root}/{id}`, { id }, { external_id: "", metadata: {}, slug: "", logo_url: "" });
    const settings = `PATCH ${root}/{id}/settings`;
    await ask(settings, { id }, { features: [{ name: "sso", enabled: true }] });
    await ask(settings, { id }, {}, 400);
    await ask(settings, { id: "org_1" }, { features: [] }, 404);

    const policy = `${root}/{organization_id}/session-policy`;
    const timeouts = { absolute_session_timeout: 2, absolute_session_timeout_unit: "DAYS" };
    const idle = { idle_session_timeout_enabled: true, idle_session_timeout: 30 };
    await ask(`GET ${policy}`, { organization_id: id });
    await ask(`PATCH ${policy}`, { organization_id: id }, { policy_source: "CUSTOM", ...timeouts, ...idle });
    await ask(`GET ${policy}`, { organization_id: id });
    await ask(`GET ${policy}`, { organization_id: "org_1" }, undefined, 404);
    await ask(`PATCH ${policy}`, { organization_id: "org_1" }, {}, 404);
    const users = { settings: { max_allowed_users: 5 } };
    await ask(`PATCH ${root}/{organization_id}/settings/usermanagement`, { organization_id: id }, users);

    const domains = `${root}/{organization_id}/domains`;
    const domain = (await ask(`POST ${domains}`, { organization_id: id }, { domain: "megasoft.com" })).domain;
    await ask(`GET ${domains}`, { organization_id: id });
    await ask(`GET ${domains}/{id}`, { organization_id: id, id: domain?.id });
    await ask(`DELETE ${domains}/{id}`, { organization_id: id, id: domain?.id });

    const clients = `${root}/{organization_id}/clients`;
    const claims = { scopes: ["read"], audience: ["api"], custom_claims: [{ key: "tier", value: "gold" }] };
    const made = await ask(`POST ${clients}`, { organization_id: id }, { name: "CI", ...claims }, 201);
    const client = { organization_id: id, client_id: made.client?.client_id };
    await ask(`GET ${clients}`, { organization_id: id });
    await ask(`GET ${clients}/{client_id}`, client);
    await ask(`PATCH ${clients}/{client_id}`, client, { name: "Other" });
    const { secret } = await ask(`POST ${clients}/{client_id}/secrets`, client, undefined, 201);
    await ask(`DELETE ${clients}/{client_id}/secrets/{secret_id}`, { ...client, secret_id: secret?.id });
    await ask(`DELETE ${clients}/{client_id}`, client);

    const permission = { permission_name: "read:all" };
    await ask("POST /api/v1/permissions", {}, { name: "read:all", description: "Read" }, 201);
    await ask("GET /api/v1/permissions");
    await ask("GET /api/v1/permissions/{permission_name}", permission);
    await ask("PUT /api/v1/permissions/{permission_name}", permission, { name: "read:all", description: "Read it" });

    const role = { name: "reader", display_name: "Reader", permissions: ["read:all"] };
    for (const [roles, org] of [
      ["/api/v1/roles", {}],
      [`${root}/{org_id}/roles`, { org_id: id }],
    ] as const) {
      const name = roles === "/api/v1/roles" ? "reader" : "own_reader";
      const one = { ...org, role_name: name };
      await ask(`POST ${roles}`, org, { ...role, name, extends: "member" }, 201);
      await ask(`GET ${roles}`, org, undefined, 200, "?include=permissions:all");
      await ask(`GET ${roles}/{role_name}`, one, undefined, 200, "?include=permissions");
      await ask(`PUT ${roles}/{role_name}`, one, { description: "Reads" });
      const defaults = { default_member_role: name };
      await ask(`PATCH ${roles}:set_defaults`, org, defaults);
      if (roles !== "/api/v1/roles") continue;
      await ask(`PATCH ${roles}/default`, org, defaults);
      await ask(`POST ${roles}/{role_name}/permissions`, one, { permission_names: ["sk_org_users_read"] });
      await ask(`GET ${roles}/{role_name}/permissions`, one);
      await ask(`GET ${roles}/{role_name}/permissions:all`, one);
      await ask(`DELETE ${roles}/{role_name}/permissions/{permission_name}`, { ...one, ...permission });
      await ask(`GET ${roles}/{role_name}/dependents`, { role_name: "member" });
      await ask(`GET ${roles}/{role_name}/users:count`, one);
    }
    await ask(`DELETE ${root}/{org_id}/roles/{role_name}`, { org_id: id, role_name: "own_reader" });
    await ask("DELETE /api/v1/roles/{role_name}", { role_name: "reader" });
    await ask("DELETE /api/v1/permissions/{permission_name}", permission);
    await ask(`DELETE ${root}/{id}`, { id });
    expect([...met, ...notServed].sort()).toEqual(documented.sort());
  });

  test("the referee objects to answers that are wrong", () => {
    const endpoint = "GET /api/v1/organizations/{id}";
    const create_time = "2026-01-31T12:00:00.000Z";
    expect(objections(endpoint, 200, { organization: { create_time } })).toEqual([]);
    for (const wrong of [
      {},
      { create_time, id: 5 },
      { create_time: "yesterday" },
      { create_time, region_code: "MARS" },
    ]) {
      expect(objections(endpoint, 200, { organization: wrong })).not.toEqual([]);
    }
    expect(objections(endpoint, 418, {})).toEqual([`${endpoint} has no documented 418`]);
  });
});
