import { inspect } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { newClient } from "../../src/api/client.ts";
import { type Definition, isAdoptable, keyFieldsOf, type Values } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { type SemanticsOptions, startEmulator } from "../../src/emulator/index.ts";
import { isScalekitError } from "../../src/errors.ts";
import { seed } from "../support/seed.ts";
import { type Answer, type Asked, startServer } from "../support/server.ts";

async function begin(semantics: SemanticsOptions = {}) {
  const emulator = await startEmulator({ semantics });
  const client = newClient({ environmentUrl: emulator.url, ...emulator.credentials });
  onTestFinished(async () => {
    await client.close();
    await emulator.close();
  });
  const calls = () => emulator.requests.filter(({ path }) => path !== "/oauth/token");
  return { emulator, client, organizations: client.of(definitions.Organization), calls };
}

/** A clock that waiting moves on. */
function hastened() {
  let now = Date.now();
  return {
    now: () => now,
    random: () => 0.5,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

async function beginWith(answer: (asked: Asked) => Answer | undefined) {
  const server = await startServer((asked) => (asked.path === "/oauth/token" ? undefined : answer(asked)));
  const client = newClient({
    environmentUrl: server.url,
    clientId: "skc_1",
    clientSecret: "cl1ent-s3cret",
    clock: hastened(),
  });
  onTestFinished(() => client.close());
  return { client, organizations: client.of(definitions.Organization), server };
}

const shown = (external_id: string, id = "org_1") => ({ id, display_name: "M", external_id });

/** Two of each definition that has a key, alike but for that. */
const pairs: Partial<Record<keyof typeof definitions, (organizationId: string) => [Values, Values]>> = {
  Organization: () => [
    { displayName: "M", externalId: "CUST-1" },
    { displayName: "M", externalId: "CUST-2" },
  ],
  Permission: () => [{ name: "invoices:read" }, { name: "invoices:write" }],
  Role: () => [
    { name: "clerk", displayName: "M" },
    { name: "auditor", displayName: "M" },
  ],
  OrganizationRole: (organizationId) => [
    { organizationId, name: "clerk", displayName: "M" },
    { organizationId, name: "auditor", displayName: "M" },
  ],
  OrganizationDomain: (organizationId) => [
    { organizationId, domain: "m.example.com", domainType: "ORGANIZATION_DOMAIN" },
    { organizationId, domain: "m.example.com", domainType: "ALLOWED_EMAIL_DOMAIN" },
  ],
};

describe("by its key", () => {
  const all = Object.entries<Definition>(definitions);

  test("one of every definition that can be adopted is found", () => {
    expect(Object.keys(pairs)).toEqual(all.filter(([, one]) => isAdoptable(one)).map(([name]) => name));
  });

  test.each(Object.keys(pairs) as (keyof typeof definitions)[])("%s: the one that was meant is found", async (name) => {
    const { emulator, client } = await begin();
    const [organizationId = ""] = await seed(emulator, [{ display_name: "Megasoft" }]);
    const definition: Definition = definitions[name];
    const [first, second] = pairs[name]?.(organizationId) ?? [{}, {}];
    const endpoints = client.of(definition);
    const create = (values: Values) => endpoints.create(values["organizationId"] as string | undefined, values);
    const one = await create(first);
    expect(await endpoints.findByKey(second)).toBeUndefined();
    expect((await endpoints.findByKey(first))?.id).toBe(one.id);
    const other = await create(second);
    expect((await endpoints.findByKey(second))?.id).toBe(other.id);
    expect((await endpoints.findByKey(first))?.id).toBe(one.id);
  });

  test.each(Object.keys(pairs) as (keyof typeof definitions)[])(
    "%s: what has no whole key is not looked for",
    async (name) => {
      const { emulator, client, calls } = await begin();
      const [organizationId = ""] = await seed(emulator, [{ display_name: "Megasoft" }]);
      const [first = {}] = pairs[name]?.(organizationId) ?? [];
      const before = calls().length;
      for (const field of keyFieldsOf(definitions[name]) ?? []) {
        expect(await client.of(definitions[name]).findByKey({ ...first, [field]: undefined })).toBeUndefined();
      }
      expect(calls()).toHaveLength(before);
    },
  );

  test("what has no key at all is not found, be there one or many", async () => {
    const { emulator, client, calls } = await begin();
    const [organizationId = ""] = await seed(emulator, [{ display_name: "Megasoft" }]);
    const robot = { organizationId, name: "Robot" };
    const clients = client.of(definitions.OrganizationApiClient);
    await clients.create(organizationId, robot);
    const before = calls().length;
    expect(await clients.findByKey(robot)).toBeUndefined();
    expect(calls()).toHaveLength(before);
  });

  test("a setting is its organization's", async () => {
    const { emulator, client } = await begin();
    const [organizationId = ""] = await seed(emulator, [{ display_name: "Megasoft" }]);
    const policies = client.of(definitions.OrganizationSessionPolicy);
    expect((await policies.findByKey({ organizationId }))?.id).toBe(organizationId);
    expect(await policies.findByKey({ organizationId: "org_0" })).toBeUndefined();
  });

  test("an external ID that is an ordinary word of JavaScript's is one like any other", async () => {
    const { organizations } = await begin();
    const { id } = await organizations.create(undefined, { displayName: "M", externalId: "undefined" });
    expect(await organizations.findByKey({})).toBeUndefined();
    expect(await organizations.findByKey({ externalId: "undefined" })).toMatchObject({ id });
  });
});

describe("an external ID that differs in upper and lower case", () => {
  test("is distinguished from one that is the same, where the API takes both for one", async () => {
    const { organizations } = await begin({ externalIdCase: "ignored" });
    const { id } = await organizations.create(undefined, { displayName: "M", externalId: "Cust-1" });
    const error = await failure(organizations.findByKey({ externalId: "CUST-1" }));
    expect(error.message).toBe(
      `Could not look up the organization by its external ID: Scalekit takes it for that of ${id}, which differs from it in ` +
        "upper and lower case (GET /api/v1/organizations:external/{external_id}). Write it exactly as Scalekit has it, or use another " +
        "external ID.",
    );
    expect(await organizations.findByKey({ externalId: "Cust-1" })).toMatchObject({ id });
  });

  test("is another one, where the API has both", async () => {
    const { organizations } = await begin();
    const made = new Map<string, string>();
    for (const externalId of ["Cust-1", "CUST-1", "a/b", "A/b"]) {
      made.set(externalId, (await organizations.create(undefined, { displayName: "M", externalId })).id);
    }
    for (const [externalId, id] of made) expect(await organizations.findByKey({ externalId })).toMatchObject({ id });
    expect(await organizations.findByKey({ externalId: "cust-1" })).toBeUndefined();
    expect(await organizations.findByKey({ externalId: "A/B" })).toBeUndefined();
  });

  test("is not taken for the one that was meant from a filter that has no case", async () => {
    const { organizations } = await beginWith(() => ({
      json: { organizations: [shown("A/B"), shown("a/b", "org_2")], next_page_token: "" },
    }));
    expect(await organizations.findByKey({ externalId: "a/b" })).toMatchObject({ id: "org_2" });
    expect(await organizations.findByKey({ externalId: "A/b" })).toBeUndefined();
  });

  test("is not believed of a role", async () => {
    const { client } = await beginWith(() => ({ json: { role: { id: "role_1", name: "Clerk", display_name: "C" } } }));
    const error = await failure(client.of(definitions.Role).findByKey({ name: "clerk" }));
    expect(error.message).toContain("it describes another object");
  });
});

describe("an id of odd characters", () => {
  const odd = ["a b", "a?x=1", "a#x", "a%2fb", "ä", "...", "a\\b", ":x", "a/../b", "a/b"];
  const notThere: Answer = { status: 404, json: { code: 5, details: [{ error_code: "NOT_FOUND" }] } };

  test.each(odd)("stays in its place in the path (%s)", async (own) => {
    const { client, server } = await beginWith(() => notThere);
    const paths = [
      [definitions.Organization, own, `/api/v1/organizations/${encodeURIComponent(own)}`],
      [definitions.Role, own, `/api/v1/roles/${encodeURIComponent(own)}`],
      [
        definitions.OrganizationDomain,
        `org_1/${own}`,
        `/api/v1/organizations/org_1/domains/${encodeURIComponent(own)}`,
      ],
    ] as const;
    for (const [definition, id] of paths) {
      expect(await client.of(definition).get(id)).toBeUndefined();
      await client.of(definition).remove(id);
    }
    const asked = server.calls().map(({ method, path }) => `${method} ${path.split("?")[0]}`);
    expect(asked).toEqual(paths.flatMap(([, , path]) => [`GET ${path}`, `DELETE ${path}`]));
  });

  test.each(Object.values<Definition>(definitions))(
    "that a URL takes for another path is not asked for, let alone deleted: $name",
    async (definition) => {
      const { client, calls } = await begin();
      const endpoints = client.of(definition);
      const owned = "organizationId" in definition.fields;
      const bad = ["", ".", "..", ...(owned ? ["/x", "./x", "../x"] : [])];
      if (owned && "id" in definition.api) bad.push("org_1", "org_1/", "org_1/.", "org_1/..");
      if (!("id" in definition.api)) bad.push("org_1/x");
      for (const id of bad) {
        for (const act of [endpoints.get(id), endpoints.remove(id), endpoints.update({ id }, {})]) {
          expect((await failure(act)).message).toMatch(
            /is not the id of the .*, which looks like .*\. Nothing was sent\.$/,
          );
        }
      }
      expect(calls()).toEqual([]);
    },
  );
});

describe("an error of a look-up never holds the external ID", () => {
  const parts = ["g0ld", "CUST", "47-11"];
  const externalIds = { path: "g0ld-CUST-47-11", filter: "g0ld/CUST 47-11" };
  const quotes = (id: string) =>
    `no ${id}, ${encodeURIComponent(id)}, ${JSON.stringify({ id })}, ${id.toUpperCase()}, ${Buffer.from(id).toString("base64")}`;

  const answers: [string, (id: string, asked: Asked) => Answer][] = [
    ["a refusal", (id) => ({ status: 403, json: { code: 7, message: quotes(id) } })],
    ["a refusal of the field", (id) => invalid(id)],
    ["a failure", (id) => ({ status: 500, json: { code: 13, message: quotes(id), details: [{ error_code: id }] } })],
    [
      "a rate limit",
      (id) => ({ status: 429, json: { code: 8, message: quotes(id) }, headers: { "retry-after": "9999" } }),
    ],
    ["a gateway's 404", (id, { path }) => ({ status: 404, json: { code: 5, message: `${path} ${quotes(id)}` } })],
    ["a proxy's page", (id) => ({ status: 404, text: quotes(id), headers: { "content-type": `text/${id}` } })],
    ["a redirect", (_, { path }) => ({ status: 302, headers: { location: path } })],
    ["a redirect to elsewhere", (_, { path }) => ({ status: 302, headers: { location: `https://host.test${path}` } })],
    ["a request id", (id) => ({ status: 400, json: {}, headers: { "x-request-id": encodeURIComponent(id) } })],
    ["a word", (id) => ({ json: id })],
    ["no JSON", (id) => ({ text: `{"id": "${id}` })],
    ["something else", (id) => ({ json: { [id]: id } })],
    ["another one", () => ({ json: { organization: shown("other"), organizations: "none" } })],
    [
      "one that differs in case",
      (id) => ({ json: { organization: shown(id.toLowerCase()), organizations: [{ id }] } }),
    ],
    [
      "one without an id",
      (id) => ({ json: { organization: { external_id: id }, organizations: [{ external_id: id }] } }),
    ],
    ["one of other types", (id) => ({ json: { organization: { id: [id] }, organizations: [{ id: { [id]: id } }] } })],
    ["a list without end", (id) => ({ json: { organizations: [], next_page_token: id, organization: {} } })],
    ["a connection that is cut", () => (response) => response.socket?.destroy()],
    [
      "half an answer",
      (id) => (response) => {
        response.writeHead(200, { "content-length": "999" });
        response.write(`{"organization":{"external_id":"${id}`, () => response.socket?.destroy());
      },
    ],
    [
      "headers that are none",
      () => (response) => {
        response.socket?.end("HTTP/1.1 200 g0ld CUST 47-11\r\n g0ld-CUST-47-11\r\n\r\n");
      },
    ],
  ];
  const invalid = (id: string): Answer => {
    const violation = { field: quotes(id), description: quotes(id) };
    const detail = { error_code: "INVALID_ARGUMENT", validation_error_info: { field_violations: [violation] } };
    return { status: 400, json: { code: 3, message: quotes(id), details: [detail] } };
  };

  const cases = answers.flatMap((one) => (["path", "filter"] as const).map((way) => [way, ...one] as const));
  test.each(cases)("by the %s: %s", async (way, _, answer) => {
    const externalId = externalIds[way];
    const { organizations, server } = await beginWith((asked) => answer(externalId, asked));
    const error = await failure(organizations.findByKey({ externalId }));
    const [call] = server.calls();
    expect(call?.path).toContain(way === "path" ? `:external/${externalId}` : "?page_size=100&external_id=g0ld%2FCUST");
    const said = inspect(error, { depth: 20, showHidden: true });
    for (const part of parts) expect(said.toLowerCase()).not.toContain(part.toLowerCase());
    expect(said).not.toContain(Buffer.from(externalId).toString("base64").slice(0, 12));
  });
});

async function failure(trying: Promise<unknown>): Promise<Error> {
  const error = await trying.then(
    () => expect.unreachable("It succeeded."),
    (reason: unknown) => reason,
  );
  if (!isScalekitError(error)) throw error;
  return error;
}
