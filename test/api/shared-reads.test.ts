import { describe, expect, onTestFinished, test } from "vitest";
import { newClient } from "../../src/api/client.ts";
import type { Live } from "../../src/api/codec.ts";
import { longestPause, withSharedReads } from "../../src/api/shared-reads.ts";
import type { Definition, Values } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { organization } from "../../src/definitions/organization.ts";
import {
  type EmulatorOptions,
  type FaultOptions,
  type SeedOrganization,
  startEmulator,
} from "../../src/emulator/index.ts";
import { unhurried } from "../support/lifecycle.ts";
import { byHand } from "../support/seed.ts";
import { type Answer, startServer } from "../support/server.ts";

const list = "GET /api/v1/organizations";
const one = (id: string) => `${list}/${id}`;

/** Shared reads of an environment of `size` over real HTTP; its pages hold ten. */
async function begin(size: number, { semantics = {}, seed, ...options }: EmulatorOptions = {}) {
  const plain = Array.from({ length: size }, (_, n) => ({ id: `org_${n}`, display_name: `Customer ${n}` }));
  const pageSize = { max: 10, ...semantics.pageSize };
  const emulator = await startEmulator({ seed: seed ?? plain, semantics: { ...semantics, pageSize }, ...options });
  onTestFinished(() => emulator.close());
  return { emulator, ...connect(emulator.url, emulator.credentials), ...watching(emulator) };
}

function connect(environmentUrl: string, credentials: { clientId: string; clientSecret: string }) {
  // It stands still but for what a test lets pass, however long the test takes.
  let now = Date.now();
  const clock = { ...unhurried, now: () => now };
  const client = newClient({ environmentUrl, ...credentials, clock });
  onTestFinished(() => client.close());
  const endpoints = client.of(organization);
  /** Shared reads over endpoints of which a test has changed some. */
  const sharedOver = (changed: Partial<typeof endpoints> = {}) =>
    withSharedReads(organization, { ...endpoints, ...changed }, client);
  const organizations = sharedOver();
  return {
    client,
    endpoints,
    organizations,
    sharedOver,
    read: (id: string, last: Values = {}) => organizations.refresh(id, last),
    readAll: (ids: readonly string[]) => Promise.all(ids.map((id) => organizations.refresh(id, {}))),
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

/** What was asked of the API since the last look, without the tokens. */
function watching({ requests }: { readonly requests: readonly { method: string; path: string }[] }) {
  let seen = 0;
  return {
    asked() {
      const news = requests.slice(seen).filter(({ path }) => path !== "/oauth/token");
      seen = requests.length;
      return news.map(({ method, path }) => `${method} ${path}`);
    },
  };
}

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, n) => `org_${n}`);
const names = (found: readonly (Live | undefined)[]) => found.map((one) => one?.["displayName"]);

describe("reads", () => {
  test("of many share pages, and each gets its own organization", async () => {
    const { readAll, asked } = await begin(30);
    expect(names(await readAll(idsOf(30)))).toEqual(Array.from({ length: 30 }, (_, n) => `Customer ${n}`));
    expect(asked()).toEqual([list, list, list]);
  });

  test("of many share them too where they come one by one: at first in the time that the token takes", async () => {
    const { organizations, asked } = await begin(10);
    const first = [organizations.refresh("org_1", {})];
    await new Promise(setImmediate);
    first.push(organizations.refresh("org_2", {}));
    expect(names(await Promise.all(first))).toEqual(["Customer 1", "Customer 2"]);
    expect(asked()).toEqual([list]);
  });

  test("of many share them too where they come one by one: later in one turn of the event loop", async () => {
    const { client, organizations, asked } = await begin(10);
    await client.authenticate();
    const read = async (id: string) => {
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      return organizations.refresh(id, {});
    };
    await Promise.all([organizations.refresh("org_1", {}), read("org_2")]);
    expect(asked()).toEqual([list]);
  });

  test("of one, with nobody beside it, are one request each", async () => {
    const { read, asked } = await begin(30);
    expect(await read("org_3")).toMatchObject({ displayName: "Customer 3" });
    expect(asked()).toEqual([one("org_3")]);
  });

  test("of few in a large environment cost one page more than their own requests", async () => {
    const { readAll, asked } = await begin(300);
    expect(names(await readAll(["org_7", "org_3", "org_200"]))).toEqual(["Customer 7", "Customer 3", "Customer 200"]);
    expect(asked().sort()).toEqual([list, one("org_200"), one("org_3"), one("org_7")].sort());
  });

  test("ask for no page that nobody waits for", async () => {
    const { readAll, asked } = await begin(200);
    await readAll(Array.from({ length: 100 }, (_, n) => `org_${199 - n}`));
    expect(asked()).toEqual(Array(10).fill(list));
  });

  test("of what is gone take it for gone on the word of a GET", async () => {
    const { readAll, asked } = await begin(10);
    expect(names(await readAll(["org_1", "org_x", "org_2"]))).toEqual(["Customer 1", undefined, "Customer 2"]);
    expect(asked()).toEqual([list, one("org_x")]);
  });

  test("all fail with the reason where there is no token, and nothing else is asked", async () => {
    const { emulator, readAll, asked } = await begin(3);
    emulator.fail({ path: "/oauth/token", count: 100, effect: { kind: "status", status: 401 } });
    await expect(readAll(idsOf(3))).rejects.toThrow("Could not get an access token");
    expect(asked()).toEqual([]);
    emulator.heal();
    expect(names(await readAll(idsOf(2)))).toEqual(["Customer 0", "Customer 1"]);
  });
});

describe("what is given", () => {
  test("is given once: who reads again sees what has changed since", async () => {
    const { emulator, readAll, read, asked } = await begin(10);
    await readAll(["org_1", "org_2"]);
    await byHand(emulator, "PATCH", "/org_1", { display_name: "By hand" });
    asked();
    expect(await read("org_1")).toMatchObject({ displayName: "By hand" });
    expect(asked()).toEqual([one("org_1")]);
    expect(await read("org_3")).toMatchObject({ displayName: "Customer 3" });
    expect(asked()).toEqual([]);
  });

  test("is not from before a pause", async () => {
    const { emulator, readAll, read, pass, asked } = await begin(10);
    await readAll(["org_1", "org_2"]);
    await byHand(emulator, "PATCH", "/org_3", { display_name: "By hand" });
    await byHand(emulator, "PATCH", "/org_4", { display_name: "By hand" });
    asked();
    pass(longestPause - 1000);
    await read("org_5");
    pass(longestPause - 1000);
    expect(await read("org_4")).toMatchObject({ displayName: "Customer 4" });
    pass(longestPause + 1);
    expect(asked()).toEqual([]);
    expect(await read("org_3")).toMatchObject({ displayName: "By hand" });
  });

  test.each(["update", "remove"] as const)("is never from before an %s of its own client", async (write) => {
    const { endpoints, sharedOver } = await begin(10);
    const { hold, done, release } = late();
    const shared = sharedOver({
      update: (...args) => hold(endpoints.update(...args)),
      remove: (id) => hold(endpoints.remove(id)),
    });
    await Promise.all(["org_1", "org_2"].map((id) => shared.refresh(id, {})));
    const act = () =>
      write === "remove" ? shared.remove("org_3") : shared.update({ id: "org_3" }, { displayName: { set: "Changed" } });
    const writing = act();
    // Neither while the write is under way …
    await done;
    const expected = write === "remove" ? undefined : expect.objectContaining({ displayName: "Changed" });
    expect(await shared.refresh("org_3", {})).toEqual(expected);
    release();
    await writing;
    // … nor after it.
    expect(await shared.refresh("org_3", {})).toEqual(expected);
  });

  test("is never from a page that was under way while its own client wrote", async () => {
    const { endpoints, sharedOver } = await begin(10);
    const { hold, done, release } = late();
    const shared = sharedOver({ page: (...args) => hold(endpoints.page(...args)) });
    const reading = Promise.all(["org_1", "org_2"].map((id) => shared.refresh(id, {})));
    await done;
    await shared.update({ id: "org_2" }, { displayName: { set: "Changed" } });
    await shared.update({ id: "org_3" }, { displayName: { set: "Changed" } });
    release();
    expect(names(await reading)).toEqual(["Customer 1", "Changed"]);
    expect(await shared.refresh("org_3", {})).toMatchObject({ displayName: "Changed" });
    expect(await shared.refresh("org_4", {})).toMatchObject({ displayName: "Customer 4" });
  });

  test("is seen anew after a write that failed, which may have been done", async () => {
    const { organizations, emulator, readAll, read } = await begin(10);
    await readAll(["org_1", "org_2"]);
    emulator.fail({ method: "PATCH", count: 6, effect: { kind: "cut", when: "after" } });
    await expect(organizations.update({ id: "org_3" }, { displayName: { set: "Changed" } })).rejects.toThrow(
      "may have acted",
    );
    expect(await read("org_3")).toMatchObject({ displayName: "Changed" });
  });
});

/** An answer that takes its time: the work is `done`, and nobody learns of it before `release`. */
function late() {
  const { promise: done, resolve: tell } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  async function hold<T>(answer: Promise<T>): Promise<T> {
    await answer.finally(tell);
    await released;
    return answer;
  }
  return { hold, done, release };
}

test("an organization that is read again is not what a page showed before, be it listed twice", async () => {
  const { emulator, endpoints, sharedOver } = await begin(10);
  const shared = sharedOver({
    async page(owner, token) {
      const { items } = await endpoints.page(owner, undefined);
      const shown = items.filter(({ live }) => live.id !== "org_2");
      return { items: shown, next: token === undefined ? "again" : undefined, total: 12 };
    },
  });
  const [before] = await Promise.all([shared.refresh("org_1", {}), shared.refresh("org_2", {})]);
  expect(before).toMatchObject({ displayName: "Customer 1" });
  await byHand(emulator, "PATCH", "/org_1", { display_name: "By hand" });
  expect(await shared.refresh("org_1", {})).toMatchObject({ displayName: "By hand" });
});

test("a request that takes long is no pause", async () => {
  const { endpoints, sharedOver, pass, asked } = await begin(10);
  const { hold, done, release } = late();
  const shared = sharedOver({ get: (id) => (id === "org_x" ? hold(endpoints.get(id)) : endpoints.get(id)) });
  await Promise.all(["org_1", "org_2"].map((id) => shared.refresh(id, {})));
  asked();
  const slow = shared.refresh("org_x", {});
  await done;
  pass(longestPause + 1);
  expect(await shared.refresh("org_3", {})).toMatchObject({ displayName: "Customer 3" });
  release();
  expect(await slow).toBeUndefined();
  expect(asked()).toEqual([one("org_x")]);
});

describe("a list without settings", () => {
  const bare = { listSettings: "absent" } as const;
  const seed: SeedOrganization[] = ["org_0", "org_1", "org_2"].map((id) => ({
    id,
    display_name: id,
    settings: { features: [{ name: "sso", enabled: true }] },
    update_time: "2026-01-01T00:00:00.000Z",
  }));

  test("loses no feature: neither a known one nor one that came with a change", async () => {
    const { organizations, asked } = await begin(0, { seed, semantics: bare });
    const features = { sso: true };
    const found = await Promise.all([
      organizations.refresh("org_0", { features, updateTime: "2026-01-01T00:00:00.000Z" }),
      organizations.refresh("org_1", { updateTime: "2025-12-31T00:00:00.000Z" }),
      organizations.refresh("org_2", {}),
    ]);
    expect(found.map((one) => one?.["features"])).toEqual([features, features, features]);
    expect(asked().sort()).toEqual([list, one("org_0"), one("org_1"), one("org_2")]);
  });

  test("serves what had no features and has not been changed since", async () => {
    const { emulator, organizations, asked } = await begin(5, { semantics: bare });
    const states = emulator.organizations().map(({ id, update_time }) => ({ id, updateTime: update_time }));
    await Promise.all(states.map(({ id, ...last }) => organizations.refresh(id, last)));
    expect(asked()).toEqual([list]);
  });

  test("is no reason to doubt where it shows settings", async () => {
    const { organizations, asked } = await begin(0, { seed });
    const found = await Promise.all(["org_0", "org_1"].map((id) => organizations.refresh(id, {})));
    expect(found.map((one) => one?.["features"])).toEqual([{ sso: true }, { sso: true }]);
    expect(asked()).toEqual([list]);
  });
});

describe("what a list leaves out", () => {
  /** A server with things of a definition, whose list shows less of the one that is called `less` than a read of it. */
  async function beginWith(definition: Definition, path: string, whole: Values, omitted: string) {
    const { api } = definition;
    if (!("many" in api)) throw new Error("There is no list of these.");
    const { [omitted]: _, ...less } = whole;
    const server = await startServer(({ path: asked }): Answer | undefined => {
      if (asked === "/oauth/token") return undefined;
      const [at] = asked.split("?");
      return { json: at === path ? { [api.many]: [less], next_page_token: "" } : { [api.one]: whole } };
    });
    const client = newClient({ environmentUrl: server.url, clientId: "skc_1", clientSecret: "s3cret" });
    onTestFinished(() => client.close());
    const shared = withSharedReads(definition, client.of(definition), client);
    return {
      /** Two reads, so that the list is asked for; and the paths that were. */
      async refresh(id: string, last: Values | "made") {
        const before = server.calls().length;
        const [found] = await Promise.all([shared.refresh(id, last), shared.refresh(id, last)]);
        const paths = server.calls().slice(before);
        return { found, single: paths.filter(({ path: asked }) => asked.split("?")[0] !== path).length };
      },
    };
  }

  const owner = { organization_id: "org_1" };
  const cases: [string, Definition, string, string, Values, string, string, unknown][] = [
    [
      "metadata of an organization",
      definitions.Organization,
      "/api/v1/organizations",
      "org_1",
      { id: "org_1", display_name: "M", settings: {}, metadata: { tier: "gold" } },
      "metadata",
      "metadata",
      { tier: "gold" },
    ],
    [
      "a permission's description",
      definitions.Permission,
      "/api/v1/permissions",
      "invoices",
      { id: "perm_1", name: "invoices", description: "Invoices" },
      "description",
      "description",
      "Invoices",
    ],
    [
      "a role's permissions",
      definitions.Role,
      "/api/v1/roles",
      "accountant",
      { id: "role_1", name: "accountant", display_name: "A", permissions: [{ name: "invoices" }] },
      "permissions",
      "permissions",
      ["invoices"],
    ],
    [
      "the record that proves a domain",
      definitions.OrganizationDomain,
      "/api/v1/organizations/org_1/domains",
      "org_1/dom_1",
      { ...owner, id: "dom_1", domain: "m.com", domain_type: "ORGANIZATION_DOMAIN", txt_record_secret: "proof" },
      "txt_record_secret",
      "txtRecordSecret",
      "proof",
    ],
    [
      "that new members get a role",
      definitions.Role,
      "/api/v1/roles",
      "accountant",
      { id: "role_1", name: "accountant", display_name: "A", default_member: true },
      "default_member",
      "defaultMember",
      true,
    ],
    [
      "an API client's claims",
      definitions.OrganizationApiClient,
      "/api/v1/organizations/org_1/clients",
      "org_1/m2morg_1",
      { ...owner, client_id: "m2morg_1", name: "Robot", custom_claims: [{ key: "team", value: "blue" }] },
      "custom_claims",
      "customClaims",
      { team: "blue" },
    ],
  ];

  test.each(cases)("is asked for by itself: %s", async (_, definition, path, id, whole, wireName, name, value) => {
    const { refresh } = await beginWith(definition, path, whole, wireName);
    const { found, single } = await refresh(id, { [name]: value });
    expect(found).toMatchObject({ id, [name]: value });
    expect(single).toBeGreaterThan(0);
  });

  test.each(cases.filter(([, definition]) => definition !== definitions.Organization))(
    "is not asked for where it was not there before: %s",
    async (_, definition, path, id, whole, wireName) => {
      const { refresh } = await beginWith(definition, path, whole, wireName);
      expect(await refresh(id, {})).toMatchObject({ found: { id }, single: 1 });
    },
  );

  test("is not asked for where no list nor read ever shows it: a secret that a create alone has shown", async () => {
    const whole = { ...owner, client_id: "m2morg_1", name: "Robot", description: "" };
    const path = "/api/v1/organizations/org_1/clients";
    const { refresh } = await beginWith(definitions.OrganizationApiClient, path, whole, "description");
    const last = {
      name: "Robot",
      clientId: "m2morg_1",
      clientSecret: "s3cret",
      rotation: "1",
      organizationId: "org_1",
    };
    expect(await refresh("org_1/m2morg_1", last)).toMatchObject({ single: 1 });
  });
});

test("a list of roles from before an entry was taken out of one is out of date for that one", async () => {
  const emulator = await startEmulator();
  const client = newClient({ environmentUrl: emulator.url, ...emulator.credentials });
  onTestFinished(async () => {
    await client.close();
    await emulator.close();
  });
  const permissions = client.of(definitions.Permission);
  for (const name of ["invoices", "payments"]) await permissions.create(undefined, { name });
  const roles = withSharedReads(definitions.Role, client.of(definitions.Role), client);
  for (const name of ["accountant", "auditor", "clerk"]) {
    await roles.create(undefined, { name, displayName: name, permissions: ["invoices", "payments"] });
  }
  await Promise.all(["accountant", "auditor"].map((name) => roles.refresh(name, {})));
  await roles.removeEntry("clerk", "payments");
  expect(await roles.refresh("clerk", {})).toMatchObject({ permissions: ["invoices"] });
});

describe("a list that fails", () => {
  const effects: [string, FaultOptions["effect"]][] = [
    ["a refusal", { kind: "status", status: 403 }],
    ["a refused page token", { kind: "status", status: 400 }],
    ["an error of the server's", { kind: "status", status: 500 }],
    ["a list that is not found", { kind: "garbage", status: 404 }],
    ["an answer that is no JSON", { kind: "garbage", status: 200 }],
    ["an answer that has no end", { kind: "huge", bytes: 9_000_000 }],
    ["half an answer", { kind: "truncated" }],
    ["connections that are cut", { kind: "cut", when: "after" }],
    ["other organizations", { kind: "wrongBody" }],
  ];

  test.each(effects)("costs GETs and fails nothing: %s on the first page", async (_, effect) => {
    const { emulator, readAll, asked } = await begin(30);
    // What is retried is retried for the page, and then the fault is over.
    emulator.fail({ method: "GET", count: retried(effect) ? 6 : 1, effect });
    const found = await readAll(idsOf(4));
    expect(names(found)).toEqual(["Customer 0", "Customer 1", "Customer 2", "Customer 3"]);
    expect(asked().length).toBeLessThanOrEqual(6 + 4 + 3);
  });

  test.each(effects)("costs GETs and fails nothing: %s on a later page", async (_, effect) => {
    const { emulator, readAll, asked } = await begin(40);
    emulator.fail({ method: "GET", skip: 1, count: retried(effect) ? 6 : 1, effect });
    expect(names(await readAll(idsOf(40)))).toEqual(Array.from({ length: 40 }, (_, n) => `Customer ${n}`));
    expect(asked().length).toBeLessThanOrEqual(1 + 6 + 40);
  });

  const retried = ({ kind, ...effect }: FaultOptions["effect"]) =>
    kind === "cut" || (kind === "status" && "status" in effect && effect.status === 500);

  test("is given up after that, and GETs go on", async () => {
    const { emulator, readAll, asked } = await begin(30);
    emulator.fail({ method: "GET", effect: { kind: "status", status: 403 } });
    await readAll(idsOf(2));
    asked();
    await readAll(["org_3", "org_4"]);
    expect(asked().sort()).toEqual([one("org_3"), one("org_4")]);
  });
});

describe("a list that changes while it is read", () => {
  test.each(["cursor", "offset"] as const)("%s: what it skips is not gone, and what is gone is", async (pageToken) => {
    const { emulator, endpoints, sharedOver } = await begin(40, { semantics: { pageToken } });
    const changing = sharedOver({
      // Before each page two go that were listed, so with offsets the list skips two.
      async page(owner, token) {
        if (token !== undefined) {
          await byHand(emulator, "DELETE", `/org_${gone.shift()}`);
          await byHand(emulator, "DELETE", `/org_${gone.shift()}`);
        }
        return endpoints.page(owner, token);
      },
    });
    const gone = [39, 38, 37, 36, 29, 28];
    const found = await Promise.all(idsOf(40).map((id) => changing.refresh(id, {})));
    const there = new Set(emulator.organizations().map(({ id }) => id));
    expect(there.size).toBe(34);
    for (const [n, one] of found.entries()) if (there.has(`org_${n}`)) expect(one?.id).toBe(`org_${n}`);
    // Those were listed while they were there.
    expect(found[39]?.id).toBe("org_39");
  });

  test.each(["cursor", "offset"] as const)("%s: what comes meanwhile makes no loop", async (pageToken) => {
    const { emulator, endpoints, sharedOver, asked } = await begin(40, { semantics: { pageToken } });
    let made = 0;
    const changing = sharedOver({
      async page(owner, token) {
        for (let n = 0; n < 10; n++) await byHand(emulator, "POST", "", { display_name: `New ${made++}` });
        asked();
        return endpoints.page(owner, token);
      },
    });
    const found = await Promise.all(idsOf(40).map((id) => changing.refresh(id, {})));
    expect(found.map((one) => one?.id)).toEqual(idsOf(40));
  });
});

describe("an entry that makes no sense", () => {
  const entries = {
    org_1: { id: "org_1", display_name: "Customer 1", settings: {} },
    org_2: { id: "org_2", settings: {} },
  };

  test("fails what a GET of it fails, and nothing else", async () => {
    const answer = (path: string): Answer | undefined => {
      const id = /organizations\/(org_\d)$/.exec(path)?.[1];
      if (id !== undefined) return { json: { organization: entries[id as keyof typeof entries] } };
      if (!path.startsWith("/api")) return undefined;
      return {
        json: { organizations: [...Object.values(entries), null, "x", 3, []], next_page_token: "", total_size: "6" },
      };
    };
    const server = await startServer(({ path }) => answer(path));
    const { organizations } = connect(server.url, { clientId: "skc_1", clientSecret: "s3cret" });
    const [first, second] = await Promise.allSettled([
      organizations.refresh("org_1", {}),
      organizations.refresh("org_2", {}),
    ]);
    expect(first).toMatchObject({ status: "fulfilled", value: { displayName: "Customer 1" } });
    expect(second).toMatchObject({ status: "rejected", reason: { message: expect.stringContaining("display_name") } });
    expect(server.calls()).toHaveLength(2);
  });
});
