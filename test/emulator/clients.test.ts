import { expect, test } from "vitest";
import type { EmulatorOptions } from "../../src/emulator/index.ts";
import { begin, send } from "../support/plain-client.ts";

const full = {
  name: "CI",
  description: "Deploys",
  scopes: ["deploy", "read"],
  audience: ["api"],
  custom_claims: [{ key: "tier", value: "gold" }],
  expiry: 600,
};

async function prepared(options: EmulatorOptions = {}) {
  const session = await begin(options);
  const { id } = await session.create({ display_name: "Megasoft" });
  const path = `/organizations/${id}/clients`;
  const make = async (body: object = full) => {
    const { client, plain_secret } = (await session.call("POST", path, body)).body;
    return { client, plain_secret, one: `${path}/${client.client_id}` };
  };
  /** What the token endpoint answers to a client of the organization's. */
  const token = (client_id: string, client_secret: string) =>
    send(`${session.emulator.url}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "client_credentials", client_id, client_secret }),
    });
  return { ...session, id, path, make, token };
}

test("a client is made, read, changed and deleted, and its secret shown once", async () => {
  const { call, path, id, emulator } = await prepared();
  const made = await call("POST", path, full);
  const client = {
    ...full,
    client_id: expect.stringMatching(/^m2morg_\d+$/),
    organization_id: id,
    expiry: "600",
    is_dcr: false,
  };
  expect(made).toMatchObject({ status: 201, body: { client, plain_secret: expect.stringMatching(/^test_.{43}$/) } });
  const secret = made.body.plain_secret;
  expect(made.body.client.secrets).toMatchObject([
    { id: expect.stringMatching(/^sks_\d+$/), secret_suffix: secret.slice(-4), status: "ACTIVE" },
  ]);
  const one = `${path}/${made.body.client.client_id}`;
  const read = await call("GET", one);
  expect(read).toMatchObject({ status: 200, body: { client: made.body.client } });
  expect(JSON.stringify([read.body, emulator.all("clients")])).not.toContain(secret);
  const changed = await call("PATCH", one, { description: "Builds", custom_claims: [], scopes: ["build"] });
  expect(changed).toMatchObject({
    status: 200,
    body: { client: { ...client, description: "Builds", scopes: ["build"] } },
  });
  expect(await call("DELETE", one)).toMatchObject({ status: 200, body: {} });
  for (const method of ["GET", "DELETE", "PATCH"]) {
    const body = method === "PATCH" ? {} : undefined;
    expect(await call(method, one, body)).toMatchObject({ status: 404, body: { message: "client not found" } });
  }
});

test("a client may be bare, and two may have one name", async () => {
  const { make, emulator } = await prepared();
  const { client } = await make({});
  await make({});
  expect(client).toMatchObject({ name: "", description: "", scopes: [], audience: [], expiry: "3600" });
  expect(emulator.all("clients")).toHaveLength(2);
});

test("secrets are added and taken away, but for the last one", async () => {
  const { call, make, token } = await prepared();
  const { client, plain_secret, one } = await make();
  const added = await call("POST", `${one}/secrets`);
  expect(added).toMatchObject({ status: 201, body: { secret: { id: expect.stringMatching(/^sks_/) } } });
  const ids = async () => (await call("GET", one)).body.client.secrets.map(({ id }: { id: string }) => id);
  expect(await ids()).toEqual([client.secrets[0].id, added.body.secret.id]);
  for (const secret of [plain_secret, added.body.plain_secret]) {
    expect(await token(client.client_id, secret)).toMatchObject({ status: 200, body: { expires_in: 600 } });
  }
  expect(await call("DELETE", `${one}/secrets/${client.secrets[0].id}`)).toMatchObject({ status: 200, body: {} });
  expect((await token(client.client_id, plain_secret)).status).toBe(401);
  expect(await call("DELETE", `${one}/secrets/sks_1`)).toMatchObject({ status: 404 });
  expect(await call("DELETE", `${one}/secrets/${added.body.secret.id}`)).toMatchObject({
    status: 400,
    body: { code: 3, message: "last client cannot be deleted" },
  });
  expect(await ids()).toEqual([added.body.secret.id]);
});

test("the token of an organization's client opens none of Scalekit's API", async () => {
  const { make, token, emulator } = await prepared();
  const { client, plain_secret } = await make();
  const { access_token } = (await token(client.client_id, plain_secret)).body;
  const headers = { authorization: `Bearer ${access_token}` };
  expect((await send(`${emulator.url}/api/v1/organizations`, { headers })).status).toBe(401);
});

test("the list has pages", async () => {
  const { call, make, path } = await prepared();
  for (const name of ["a", "b", "c"]) await make({ name });
  const first = (await call("GET", `${path}?page_size=2`)).body;
  expect(first.total_size).toBe(3);
  const second = (await call("GET", `${path}?page_size=2&page_token=${first.next_page_token}`)).body;
  expect([...first.clients, ...second.clients].map(({ name }) => name)).toEqual(["c", "b", "a"]);
});

test("emptyFields clears: an update with empty fields empties them", async () => {
  const { call, make } = await prepared({ semantics: { emptyFields: "clears" } });
  const { one } = await make();
  const empty = { description: "", scopes: [], audience: [], custom_claims: [] };
  const { client } = (await call("PATCH", one, empty)).body;
  expect(client).toMatchObject({ ...empty, name: "CI", expiry: "600" });
});

test("zeroValues omitted: a bare client shows what it has", async () => {
  const { make } = await prepared({ semantics: { zeroValues: "omitted" } });
  const { client } = await make({});
  const shown = ["client_id", "create_time", "expiry", "organization_id", "secrets", "update_time"];
  expect(Object.keys(client).sort()).toEqual(shown);
});

test("the seconds of a token are a 64-bit number, as text or not", async () => {
  const { call, path } = await prepared();
  for (const expiry of [60, "60"]) {
    expect((await call("POST", path, { expiry })).body.client.expiry).toBe("60");
  }
  for (const expiry of ["soon", 1.5, true]) expect((await call("POST", path, { expiry })).status).toBe(400);
});
