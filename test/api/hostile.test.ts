import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Client, newClient } from "../../src/api/client.ts";
import { largestBody } from "../../src/api/http.ts";
import { definitions } from "../../src/definitions/index.ts";
import {
  ApiError,
  isScalekitError,
  mayHaveActed,
  ScalekitError,
  TransportError,
  UnexpectedAnswerError,
} from "../../src/errors.ts";
import { fixture } from "../support/fixtures.ts";
import { type Answer, type Asked, startServer } from "../support/server.ts";

const secret = "cl1ent-s3cret";
const name = "Megas0ft-s3cret";

/** A client on a server that gives tokens as it should, and answers everything else as it should not. */
async function begin(answer: (asked: Asked) => Answer, options: { timeout?: number } = {}) {
  const server = await startServer((asked) =>
    asked.path === "/oauth/token" ? { json: { access_token: "t0ken-s3cret" } } : answer(asked),
  );
  const clock = { now: Date.now, random: () => 0, sleep: async () => {} };
  const client = newClient({ environmentUrl: server.url, clientId: "skc_1", clientSecret: secret, clock, ...options });
  onTestFinished(() => client.close());
  return { server, client, organizations: client.of(definitions.Organization) };
}

/** The error that `trying` ends with, which is one of this package's and shows no secret. */
async function failure(trying: Promise<unknown>): Promise<Error> {
  const error = await trying.then(
    () => expect.unreachable("It succeeded."),
    (reason: unknown) => reason,
  );
  if (!isScalekitError(error)) throw error;
  expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("s3cret");
  return error;
}

describe("success with an answer that is none", () => {
  const organization = (fixture("organization") as { organization: object }).organization;

  test.each<[string, Answer, string]>([
    ["nothing", { text: "" }, "it is not JSON"],
    [
      "a web page",
      { text: "<html>", headers: { "content-type": "text/html; charset=utf-8" } },
      "it is text/html, not JSON",
    ],
    ["a secret in place of a type", { text: "<", headers: { "content-type": `${name}` } }, "not JSON"],
    ["JSON that is cut off", { text: '{"organization":{"id":"org_1"' }, "it is not JSON"],
    ["a list", { json: [] }, "expected object"],
    ["a word", { json: name }, "expected object"],
    ["null", { json: null }, "expected object"],
    ["an empty object", { json: {} }, "organization"],
    ["an organization without its wrapping", { json: organization }, "organization"],
    [
      "an organization without an id",
      { json: { organization: { ...organization, id: undefined } } },
      "organization.id",
    ],
    ["a list for metadata", { json: { organization: { ...organization, metadata: [name] } } }, "organization.metadata"],
    ["a hundred thousand brackets", { text: "[".repeat(100_000) }, "it is not JSON"],
    ["more than any answer holds", { text: `"${"x".repeat(largestBody)}"` }, "it is too large"],
    ["a bomb", zipped(Buffer.alloc(16 * largestBody)), "it is compressed (gzip) without being asked to"],
    [
      "the right answer, but compressed",
      zipped(Buffer.from(JSON.stringify(fixture("organization")))),
      "compressed (gzip)",
    ],
  ])("%s leaves open whether a creation was done", async (_, answer, problem) => {
    const { organizations, server } = await begin(() => answer);
    const error = await failure(organizations.create(undefined, { displayName: name }));
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(error.message).toContain(problem);
    expect(mayHaveActed(error)).toBe(true);
    expect(server.calls()).toHaveLength(1);
  });

  test("an organization of any content type is one", async () => {
    const { organizations } = await begin(() => ({
      json: fixture("organization"),
      headers: { "content-type": "text/plain" },
    }));
    expect(await organizations.create(undefined, { displayName: name })).toMatchObject({ displayName: "Megasoft" });
  });

  test("another organization than the one that was asked for is not taken for it", async () => {
    const { organizations } = await begin(() => ({ json: fixture("organization") }));
    expect((await failure(organizations.get("org_1"))).message).toContain("it describes another object");
    const patched = await failure(organizations.update({ id: "org_1" }, { displayName: { set: name } }));
    expect(mayHaveActed(patched)).toBe(true);
  });

  test("metadata with a key of JavaScript's own changes nothing but itself", async () => {
    const text = '{"organization":{"id":"org_1","display_name":"M","metadata":{"__proto__":"x","constructor":"y"}}}';
    const { organizations } = await begin(() => ({ text }));
    const metadata = (await organizations.get("org_1"))?.["metadata"] as Readonly<Record<string, unknown>>;
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
    expect(metadata["toString"]).toBeTypeOf("function");
    expect(Object.hasOwn(metadata, "constructor")).toBe(true);
  });
});

function zipped(body: Buffer): Answer {
  const bytes = gzipSync(body);
  return (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(bytes);
  };
}

describe("an error that is none of the API's", () => {
  test.each<[string, Answer]>([
    ["a web page", { status: 403, text: "<html>s3cret</html>", headers: { "content-type": "text/html" } }],
    ["nothing", { status: 403, text: "" }],
    ["a list", { status: 403, json: ["s3cret"] }],
    ["more than any answer holds", { status: 403, text: "s3cret".repeat(largestBody / 6) }],
    ["words of other types", { status: 403, json: { code: "s3cret", message: { text: "s3cret" }, details: "s3cret" } }],
  ])("is reported by its status (%s)", async (_, answer) => {
    const { organizations } = await begin(() => answer);
    const error = await failure(organizations.create(undefined, { displayName: name }));
    expect(error).toMatchObject({ status: 403, reason: "no reason given", grpcCode: undefined });
  });
});

describe("the words of a server", () => {
  test.each(["the organizations quota is used up", "no such org_1", "metadata is not allowed to any of the 100"])(
    "are repeated as they are (%s)",
    async (message) => {
      const { client, organizations } = await begin(() => ({ status: 400, json: { code: 3, message } }));
      const tries = [
        organizations.create(undefined, { displayName: name }),
        organizations.get("org_1"),
        organizations.update({ id: "org_1" }, { metadata: { set: { tier: "gold" } } }, "mask"),
        all(organizations.list()),
        client.of(definitions.Role).get("quota"),
      ];
      for (const trying of tries) expect(await failure(trying)).toMatchObject({ reason: message });
    },
  );

  test("command no terminal, wherever they stand", async () => {
    const evil = "\u001b[2Jno\u0007 \u202eyes\u009b1m\nError: all is well\r";
    const detail = {
      error_code: evil,
      request_info: { request_id: evil },
      validation_error_info: { field_violations: [{ field: evil, description: evil }] },
    };
    const { organizations } = await begin(() => ({ status: 400, json: { code: 3, message: evil, details: [detail] } }));
    const error = await failure(organizations.create(undefined, { displayName: name }));
    const said = [error.message, ...["reason", "code", "requestId"].map((key) => String(Reflect.get(error, key)))];
    for (const text of said) {
      expect(text).not.toMatch(/[\p{C}]/u);
      expect(text).toContain("\\u001b[2Jno\\u0007 \\u202eyes\\u009b1m\\nError: all is well\\r");
    }
  });

  test("are cut where nobody would read on", async () => {
    const { organizations } = await begin(() => ({
      status: 400,
      json: { code: 3, message: `no ${"x".repeat(1_000_000)}` },
    }));
    expect((await failure(organizations.create(undefined, { displayName: name }))).message.length).toBeLessThan(3000);
  });
});

test("what is read from a server commands no terminal in a message about it", () => {
  const error = new ScalekitError("org_1\u001b]0;pwned\u0007 made at \u202e2026\n  - next");
  expect(error.message).toBe("org_1\\u001b]0;pwned\\u0007 made at \\u202e2026\n  - next");
});

describe("a redirect", () => {
  test.each([301, 302, 303, 307, 308])("%i is not followed, and the token is not sent after it", async (status) => {
    const elsewhere = await startServer(() => ({ json: fixture("organization") }));
    const location = `${elsewhere.url}/s3cret?token=t0ken-s3cret`;
    const { organizations, server } = await begin(() => ({ status, headers: { location } }));
    for (const trying of [
      organizations.create(undefined, { displayName: name }),
      organizations.get("org_1"),
      organizations.remove("org_1"),
    ]) {
      const error = await failure(trying);
      expect(error).toBeInstanceOf(ApiError);
      expect(error.message).toContain(
        `answered ${status}: a redirect to ${new URL(elsewhere.url).host}, which is not followed`,
      );
      expect(error.message).toContain("Check that the environment URL");
    }
    expect(elsewhere.asked).toEqual([]);
    expect(server.calls()).toHaveLength(3);
  });

  test("of the token endpoint takes the credentials nowhere", async () => {
    const elsewhere = await startServer(() => ({}));
    const server = await startServer(() => ({ status: 307, headers: { location: `${elsewhere.url}/oauth/token` } }));
    const client = newClient({ environmentUrl: server.url, clientId: "skc_1", clientSecret: secret });
    onTestFinished(() => client.close());
    expect((await failure(client.authenticate())).message).toContain("a redirect to 127.0.0.1");
    expect(elsewhere.asked).toEqual([]);
  });

  test("to nowhere is one all the same", async () => {
    const { organizations } = await begin(() => ({ status: 302, headers: { location: "/s3cret" } }));
    expect((await failure(organizations.get("org_1"))).message).toContain("302: a redirect, which is not followed");
  });
});

async function all(list: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of list) items.push(item);
  return items;
}

describe("a list that is none", () => {
  const lists = {
    organizations: (client: Client) => client.of(definitions.Organization).list(),
    permissions: (client: Client) => client.of(definitions.Permission).list(undefined),
    roles: (client: Client) => client.of(definitions.Role).list(undefined),
    domains: (client: Client) => client.of(definitions.OrganizationDomain).list("org_1"),
    clients: (client: Client) => client.of(definitions.OrganizationApiClient).list("org_1"),
  };
  const names = Object.keys(lists) as (keyof typeof lists)[];
  const cases = names.flatMap((many) =>
    (
      [
        ["nothing", { text: "" }, "it is not JSON"],
        ["an empty object", { json: {} }, `it is not a page of ${many}`],
        ["a word about maintenance", { json: { message: "be right back s3cret" } }, "it is not a page of"],
        ["an error with status 200", { json: { code: 5, message: "not found", details: [] } }, "it is not a page of"],
        ["a list of something else", { json: { things: [] } }, "it is not a page of"],
        ["a text", { json: { [many]: "s3cret" } }, many],
        ["things without a name", { json: { [many]: [{}], next_page_token: "" } }, "id"],
      ] as [string, Answer, string][]
    ).map((one) => [many, ...one] as const),
  );

  test.each(cases)("%s: %s is no empty list", async (many, _, answer, problem) => {
    const { client } = await begin(() => answer);
    const error = await failure(all(lists[many](client)));
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    // Of roles and permissions it is the name that is missing.
    expect(error.message).toContain(problem === "id" && /roles|permissions/.test(many) ? "name" : problem);
  });

  test.each(names)("%s: one that says that it is a page is, whatever is left out of it", async (many) => {
    const facts = [{ [many]: [] }, { [many]: null }, { next_page_token: "" }, { total_size: "0" }, { page_number: 0 }];
    for (const json of facts) {
      const { client } = await begin(() => ({ json }));
      expect(await all(lists[many](client))).toEqual([]);
    }
  });

  test("a page for many reads is not taken for one that tells nothing", async () => {
    const { organizations } = await begin(() => ({ json: {} }));
    expect(await failure(organizations.page(undefined, undefined))).toBeInstanceOf(UnexpectedAnswerError);
  });
});

describe("a list that does not end", () => {
  const page = (organizations: string[], next: string): Answer => ({
    json: { organizations: organizations.map((id) => ({ id, display_name: "M" })), next_page_token: next },
  });

  async function count(list: AsyncIterable<unknown>): Promise<number> {
    let seen = 0;
    for await (const _ of list) seen++;
    return seen;
  }

  test("since a page token comes again is an error", async () => {
    let asked = 0;
    const { organizations } = await begin(() => page([`org_${asked++}`], `token-${asked % 3}`));
    expect((await failure(count(organizations.list()))).message).toContain(
      "a page token came twice, so the list has no end",
    );
    expect(asked).toBe(4);
  });

  test("since nothing new comes with ever new tokens is an error", async () => {
    let asked = 0;
    const { organizations } = await begin(() => page(asked % 2 ? ["org_1"] : [], `token-${asked++}`));
    const error = await failure(count(organizations.list()));
    expect(error.message).toContain("10 pages in a row brought nothing new");
    expect(asked).toBeLessThan(15);
  });

  test("is not one that has some pages without anything new", async () => {
    let asked = 0;
    const { organizations } = await begin(() =>
      page(asked++ % 9 ? [] : [`org_${asked}`], asked < 40 ? `token-${asked}` : ""),
    );
    expect(await count(organizations.list())).toBe(5);
  });

  test("since ever new organizations come is an error after a million's worth of pages", async () => {
    let asked = 0;
    const { everyPage } = await import("../../src/api/pages.ts");
    const operation = { what: "list the organizations", method: "GET", path: "/" } as const;
    const endless = everyPage(operation, async () => {
      const organization = { id: `org_${asked}`, displayName: "M", metadata: {} };
      return { items: [organization], next: `token-${asked++}` };
    });
    expect((await failure(count(endless))).message).toContain("there were 10000 pages, so the list has no end");
    expect(asked).toBe(10_000);
  });

  test("is no trap for a look-up by external ID", async () => {
    let asked = 0;
    const { organizations } = await begin(() => page([], `token-${asked++}`));
    await failure(organizations.findByKey({ externalId: "a/b" }));
    expect(asked).toBe(10);
  });
});

describe("a connection", () => {
  test("that is cut within the answer to a creation leaves open whether it was done", async () => {
    const { organizations, server } = await begin(() => (response) => {
      response.writeHead(201, { "content-length": "200" });
      response.write('{"organization":{', () => response.socket?.destroy());
    });
    const error = await failure(organizations.create(undefined, { displayName: name }));
    expect(error).toBeInstanceOf(TransportError);
    expect(mayHaveActed(error)).toBe(true);
    expect(server.calls()).toHaveLength(1);
  });

  test("that drips slower than its time is given up", async () => {
    const { organizations } = await begin(
      () => (response) => {
        response.writeHead(201);
        const drip = setInterval(() => response.write(" "), 10);
        response.once("close", () => clearInterval(drip));
      },
      { timeout: 1500 },
    );
    const error = await failure(organizations.create(undefined, { displayName: name }));
    expect(error.message).toContain("did not answer within 1.5 s");
    expect(mayHaveActed(error)).toBe(true);
  });

  test("with more headers than there is room for is an error", async () => {
    const { organizations } = await begin(() => ({
      json: fixture("organization"),
      headers: { "x-much": "s3cret".repeat(50_000) },
    }));
    expect(await failure(organizations.create(undefined, { displayName: name }))).toBeInstanceOf(TransportError);
  });
});
