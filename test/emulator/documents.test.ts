import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv2020, type AnySchema } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { beforeAll, describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.ts";
import { connect, send } from "../support/plain-client.ts";

const root = resolve(import.meta.dirname, "../..");
/** Scalekit's own document lies beside the repository, where it is at all: it is no part of this project. */
const document = ["../shared", "../../shared"]
  .map((folder) => join(root, folder, "openapi-organizations.json"))
  .find((file) => existsSync(file));

/** What Scalekit documents about organizations and the emulator does not serve. */
const notServed = ["PUT /api/v1/organizations/{id}/portal_links"];

/** Whether there is such an endpoint, as far as can be told from outside. */
async function served(url: string, method: string, path: string): Promise<boolean> {
  const { body } = await send(url + path.replaceAll(/\{\w+\}/g, "org_1"), { method });
  return body.message !== "Not Found" && body.message !== "Method Not Allowed";
}

test("README's table of endpoints is what is served", async () => {
  await using emulator = await startEmulator();
  const section = readFileSync(join(root, "README.md"), "utf8")
    .split(/^## /m)
    .find((text) => text.startsWith("The emulator"));
  const named = (section ?? "")
    .split("\n")
    .filter((line) => /^\| .*`[A-Z]+[ `]/.test(line))
    .flatMap((line) => endpointsIn(line.split("|")[1] ?? ""));
  expect(named).toContain("PATCH /api/v1/organizations/{id}/settings");
  const paths = new Set(named.map((endpoint) => endpoint.split(" ")[1] ?? ""));
  const found = [];
  for (const path of paths) {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      if (await served(emulator.url, method, path)) found.push(`${method} ${path}`);
    }
  }
  // Setting faults is in the table; looking at them is for the curious.
  expect(found.filter((endpoint) => endpoint !== "GET /_emulator/faults").sort()).toEqual(named.sort());
});

/** "`POST`, `GET /a`" is `POST /a` and `GET /a`; a path belongs to the methods before it that have none. */
function endpointsIn(cell: string): string[] {
  const endpoints: string[] = [];
  let methods: string[] = [];
  for (const [, code = ""] of cell.matchAll(/`([^`]+)`/g)) {
    const [method = "", path] = code.split(" ");
    methods.push(method);
    if (path === undefined) continue;
    endpoints.push(...methods.map((each) => `${each} ${path}`));
    methods = [];
  }
  return endpoints;
}

describe.skipIf(document === undefined)("Scalekit's OpenAPI document", () => {
  // biome-ignore lint/suspicious/noExplicitAny: a document of another's
  let api: any;
  let documented: string[] = [];
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  // The document's numbers are wider than JavaScript's; ajv-formats knows them.
  formats(ajv);

  beforeAll(() => {
    api = JSON.parse(readFileSync(document ?? "", "utf8"));
    ajv.addSchema(api as AnySchema, "api");
    documented = Object.entries<object>(api.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
  });

  /** Why an answer is not as documented, or nothing. */
  function objections(endpoint: string, status: number, body: unknown): string[] {
    const [method = "", path = ""] = endpoint.split(" ");
    const response = api.paths[path][method.toLowerCase()].responses[status];
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
    const organization = api.components.schemas.organizationsOrganization;
    await using emulator = await startEmulator();
    const { call } = await connect(emulator.url);
    const met = new Set<string>();
    async function ask(endpoint: string, path: string, body?: object, status = 200) {
      const [method = ""] = endpoint.split(" ");
      const answer = await call(method, path, body);
      met.add(endpoint);
      expect(answer.status, endpoint).toBe(status);
      expect(objections(endpoint, status, answer.body)).toEqual([]);
      for (const one of [answer.body.organization, ...(answer.body.organizations ?? [])].filter(Boolean)) {
        expect(Object.keys(organization.properties)).toEqual(expect.arrayContaining(Object.keys(one)));
      }
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
    const { id } = (await ask(`POST ${root}`, root, full, 201)).organization;
    await ask(`POST ${root}`, root, { display_name: "Bare" }, 201);
    await ask(`GET ${root}/{id}`, `${root}/${id}`);
    await ask(`GET ${root}:external/{external_id}`, `${root}:external/CUST-1`);
    await ask(`GET ${root}:external/{external_id}`, `${root}:external/none`, undefined, 404);
    await ask(`GET ${root}:external/{external_id}`, `${root}:external/CUST-1?id=x`, undefined, 400);
    const { next_page_token } = await ask(`GET ${root}`, `${root}?page_size=1`);
    await ask(`GET ${root}`, `${root}?page_size=1&page_token=${next_page_token}`);
    await ask(`GET ${root}`, `${root}?external_id=CUST-1`);
    await ask(`GET ${root}`, `${root}?page_token=nonsense`, undefined, 400);
    await ask(`PATCH ${root}/{id}`, `${root}/${id}`, { external_id: "", metadata: {}, slug: "", logo_url: "" });
    const settings = `PATCH ${root}/{id}/settings`;
    await ask(settings, `${root}/${id}/settings`, { features: [{ name: "sso", enabled: true }] });
    await ask(settings, `${root}/${id}/settings`, {}, 400);
    await ask(settings, `${root}/org_1/settings`, { features: [] }, 404);
    await ask(`DELETE ${root}/{id}`, `${root}/${id}`);
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
