import { describe, expect, onTestFinished, test } from "vitest";
import { newClient } from "../../src/api/client.ts";
import { organization } from "../../src/definitions/organization.ts";
import { startEmulator } from "../../src/emulator/index.ts";
import { ConfigurationError, ScalekitError } from "../../src/errors.ts";
import { type Answer, type Asked, startServer } from "../support/server.ts";

/** The client on the emulator over real HTTP. */
async function begin() {
  const emulator = await startEmulator();
  const client = newClient({ environmentUrl: emulator.url, ...emulator.credentials });
  onTestFinished(async () => {
    await client.close();
    await emulator.close();
  });
  const calls = () => emulator.requests.filter(({ path }) => path !== "/oauth/token");
  return { emulator, organizations: client.of(organization), calls };
}

/** The client on a server that answers as a test says. */
async function beginWith(answer: (asked: Asked) => Answer | undefined) {
  const server = await startServer((asked) => (asked.path === "/oauth/token" ? undefined : answer(asked)));
  const client = newClient({ environmentUrl: server.url, clientId: "skc_1", clientSecret: "cl1ent-s3cret" });
  onTestFinished(() => client.close());
  return { organizations: client.of(organization), server };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("one organization", () => {
  test("is created, read, changed and deleted", async () => {
    const { organizations, emulator } = await begin();
    const { id } = await organizations.create(undefined, {
      displayName: "Megasoft",
      externalId: "CUST-1",
      metadata: { tier: "gold" },
    });
    expect(emulator.organizations()).toMatchObject([{ id, display_name: "Megasoft", external_id: "CUST-1" }]);
    expect(await organizations.get(id)).toMatchObject({ displayName: "Megasoft", metadata: { tier: "gold" } });
    expect(await organizations.update({ id }, { displayName: { set: "Gigasoft" } })).toMatchObject({
      displayName: "Gigasoft",
    });
    expect(emulator.organizations()).toMatchObject([{ display_name: "Gigasoft", external_id: "CUST-1" }]);
    await organizations.remove(id);
    expect(emulator.organizations()).toEqual([]);
  });

  test("that is not there is nothing, and as good as deleted", async () => {
    const { organizations } = await begin();
    expect(await organizations.get("org_0")).toBeUndefined();
    expect(await organizations.update({ id: "org_0" }, { displayName: { set: "Gigasoft" } })).toBeUndefined();
    expect(await organizations.findByKey({ externalId: "CUST-0" })).toBeUndefined();
    await organizations.remove("org_0");
  });

  test.each<[string, Answer]>([
    ["another server's 404", { status: 404, text: "<html>", headers: { "content-type": "text/html" } }],
    ["a 404 with another code", { status: 404, json: { code: 12, message: "unknown service" } }],
  ])("is not taken for absent on %s", async (_, answer) => {
    const { organizations } = await beginWith(() => answer);
    await expect(organizations.get("org_1")).rejects.toMatchObject({ status: 404 });
    await expect(organizations.remove("org_1")).rejects.toMatchObject({ status: 404 });
  });

  test.each(["org_1/../org_2", "org 1", "org_1?x=1", "org_1#x", "%2e%2e", "...", "örg"])(
    "is asked for by its id alone, whatever that is made of (%s)",
    async (id) => {
      const { organizations, server } = await beginWith(() => ({
        status: 404,
        json: { code: 5, details: [{ error_code: "NOT_FOUND" }] },
      }));
      await organizations.get(id);
      expect(server.calls().map(({ path }) => path)).toEqual([`/api/v1/organizations/${encodeURIComponent(id)}`]);
    },
  );

  test.each(["", ".", ".."])(
    "is not asked for, let alone deleted, by what a URL takes for another path (%j)",
    async (id) => {
      const { organizations, emulator } = await begin();
      await expect(organizations.remove(id)).rejects.toThrow(ScalekitError);
      await expect(organizations.get(id)).rejects.toThrow("is not the id of the organization");
      expect(emulator.requests).toEqual([]);
    },
  );
});

describe("a look-up by external ID", () => {
  const odd = [
    ".",
    "..",
    "...",
    "a/b",
    "a/../b",
    "100%",
    "%2E%2E",
    "%",
    "a b",
    " ",
    "a?b=c",
    "a#b",
    "a&b",
    "a+b",
    "漢字",
    "🙂",
    "a\\b",
    "a:b",
    ";",
  ];
  const plain = ["CUST-12345-MGSFT", "a", "a.b", "a..b", "_x~", "-"];

  test("finds each, of whatever characters, and no other", async () => {
    const { organizations } = await begin();
    const made = new Map<string, string>();
    for (const externalId of [...odd, ...plain]) {
      made.set(externalId, (await organizations.create(undefined, { displayName: "Megasoft", externalId })).id);
    }
    for (const [externalId, id] of made)
      expect(await organizations.findByKey({ externalId })).toMatchObject({ id, externalId });
    for (const externalId of ["b", "A", "a/", "CUST", "%2e", "🙃", ""]) {
      expect(await organizations.findByKey({ externalId })).toBeUndefined();
    }
  });

  test.each(plain)("takes the short way for a plain one (%s)", async (externalId) => {
    const { organizations, calls } = await begin();
    await organizations.findByKey({ externalId });
    expect(calls().map(({ path }) => path)).toEqual([`/api/v1/organizations:external/${externalId}`]);
  });

  test.each(odd)("takes the filter for any other, so that no path can lead it elsewhere (%s)", async (externalId) => {
    const { organizations, server } = await beginWith(() => ({ json: { organizations: [] } }));
    expect(await organizations.findByKey({ externalId })).toBeUndefined();
    const [call] = server.calls();
    const url = new URL(call?.path ?? "", server.url);
    expect(url.pathname).toBe("/api/v1/organizations");
    expect(url.searchParams.get("external_id")).toBe(externalId);
  });

  test("finds the one that was meant where a server ignores the filter, page after page", async () => {
    const pages = [
      ["a/c", "a"],
      ["A/B", undefined],
      ["a/b", "a/b"],
    ];
    const { organizations, server } = await beginWith(({ path }) => {
      const page = Number(new URL(path, "http://host").searchParams.get("page_token") ?? 0);
      const organizations = pages[page]?.map((external_id, index) => ({
        id: `org_${page}${index}`,
        display_name: "M",
        external_id,
      }));
      return { json: { organizations, next_page_token: page < 2 ? String(page + 1) : "" } };
    });
    expect(await organizations.findByKey({ externalId: "a/b" })).toMatchObject({ id: "org_20" });
    expect(server.calls()).toHaveLength(3);
    expect(server.calls().every(({ path }) => path.includes("external_id=a%2Fb"))).toBe(true);
    expect(await organizations.findByKey({ externalId: "b/b" })).toBeUndefined();
  });

  test("does not believe an answer about another one, and shows neither", async () => {
    const answer = { json: { organization: { id: "org_1", display_name: "M", external_id: "CUST-22222" } } };
    const { organizations } = await beginWith(() => answer);
    const failure = organizations.findByKey({ externalId: "CUST-11111" });
    await expect(failure).rejects.toThrow("another external ID");
    await expect(failure).rejects.not.toThrow(/CUST/);
  });

  test("never shows the external ID in an error", async () => {
    for (const externalId of ["CUST-12345", "CUST/12345"]) {
      const message = `no ${externalId} (${encodeURIComponent(externalId)})`;
      const { organizations } = await beginWith(() => ({ status: 403, json: { code: 7, message } }));
      await expect(organizations.findByKey({ externalId })).rejects.toThrow("no [hidden] ([hidden])");
    }
  });
});

describe("the list", () => {
  test("has every organization once, over pages", async () => {
    const { organizations, calls } = await begin();
    const ids = new Set<string>();
    for (let count = 0; count < 205; count++)
      ids.add((await organizations.create(undefined, { displayName: `M${count}` })).id);
    const before = calls().length;
    const listed = await all(organizations.list());
    expect(listed).toHaveLength(205);
    expect(new Set(listed.map(({ id }) => id))).toEqual(ids);
    expect(calls().length - before).toBe(3);
  });

  test("is empty where there is none", async () => {
    const { organizations } = await begin();
    expect(await all(organizations.list())).toEqual([]);
  });

  test("asks for no page that nobody wants", async () => {
    const { organizations, server } = await beginWith(() => ({
      json: { organizations: [{ id: "org_1", display_name: "M" }], next_page_token: "more" },
    }));
    for await (const _ of organizations.list()) break;
    expect(server.calls()).toHaveLength(1);
  });

  test("names an organization once that two pages have, since others were made meanwhile", async () => {
    const { organizations } = await beginWith(({ path }) => {
      const second = path.includes("page_token");
      const organizations = (second ? ["org_2", "org_1"] : ["org_3", "org_2"]).map((id) => ({ id, display_name: "M" }));
      return { json: { organizations, next_page_token: second ? "" : "more" } };
    });
    expect((await all(organizations.list())).map(({ id }) => id)).toEqual(["org_3", "org_2", "org_1"]);
  });
});

test.each(["http://acme.scalekit.com", "acme.scalekit.com", "https://user:s3cret@acme.scalekit.com"])(
  "a client is not made for %s, where credentials would be shown on their way",
  (environmentUrl) => {
    const make = () => newClient({ environmentUrl, clientId: "skc_1", clientSecret: "s3cret" });
    expect(make).toThrow(ConfigurationError);
    expect(make).not.toThrow(/s3cret/);
  },
);

test("a client is made for plain HTTP to a host that the settings name, and to no other", async () => {
  const make = (environmentUrl: string) =>
    newClient({ environmentUrl, clientId: "skc_1", clientSecret: "s3cret", insecureHosts: ["emulator"] });
  expect(() => make("http://acme.scalekit.com")).toThrow(ConfigurationError);
  await make("http://emulator:8080").close();
});

describe("an answer that does not come from Scalekit's organizations", () => {
  test("the gateway's own 404, for a path that it does not know, is not an organization that is gone", async () => {
    const { organizations } = await beginWith(() => ({
      status: 404,
      json: { code: 5, message: "Not Found", details: [] },
    }));
    for (const call of [
      organizations.get("org_1"),
      organizations.remove("org_1"),
      organizations.findByKey({ externalId: "CUST-1" }),
    ]) {
      await expect(call).rejects.toThrow(/404.*not from the API itself: check the environment URL/);
    }
  });

  test("a success page of a proxy's is no deletion", async () => {
    const { organizations } = await beginWith(() => ({ text: "<html>", headers: { "content-type": "text/html" } }));
    await expect(organizations.remove("org_1")).rejects.toThrow("it is text/html, not JSON");
  });

  test("a success without a body is a deletion", async () => {
    const { organizations } = await beginWith(() => (response) => void response.writeHead(204).end());
    await expect(organizations.remove("org_1")).resolves.toBeUndefined();
  });
});
