import { expect, test } from "vitest";
import type { SemanticsOptions } from "../../src/emulator/index.ts";
import { begin as beginWith } from "../support/plain-client.ts";

/** An organization with a connection that is set up, and another organization. */
async function begin(semantics: SemanticsOptions = {}) {
  const session = await beginWith({ semantics });
  const { id: organization } = await session.create({ display_name: "Megasoft" });
  const { id: other } = await session.create({ display_name: "Initech" });
  const id = session.emulator.connect(organization, { provider: "OKTA", type: "OIDC" });
  const path = `/organizations/${organization}/connections/${id}`;
  const list = async (query: string) =>
    (await session.call("GET", `/connections?${query}`)).body.connections.map((one: { id: string }) => one.id);
  return { ...session, organization, other, id, path, list };
}

test("a connection is there as the dashboard made it, and is turned on and off", async () => {
  const { call, organization, id, path } = await begin();
  const stored = { id, organization_id: organization, provider: "OKTA", type: "OIDC", status: "COMPLETED" };
  expect((await call("GET", path)).body.connection).toMatchObject({ ...stored, enabled: false });
  expect(await call("PATCH", `${path}:enable`)).toMatchObject({ status: 200, body: { enabled: true } });
  expect((await call("GET", path)).body.connection).toMatchObject({ ...stored, enabled: true });
  expect(await call("PATCH", `${path}:disable`)).toMatchObject({ status: 200, body: { enabled: false } });
  expect((await call("GET", path)).body.connection).toMatchObject({ ...stored, enabled: false });
});

test("no endpoint makes or changes one, and another organization has none of it", async () => {
  const { call, organization, other, id, path } = await begin();
  expect(await call("POST", `/organizations/${organization}/connections`, {})).toMatchObject({ status: 404 });
  expect(await call("PATCH", path, { enabled: true })).toMatchObject({ status: 501 });
  expect(await call("PATCH", `${path}:toggle`)).toMatchObject({ status: 501 });
  for (const end of ["", ":enable", ":disable"]) {
    const method = end === "" ? "GET" : "PATCH";
    expect(await call(method, `/organizations/${other}/connections/${id}${end}`)).toMatchObject({
      status: 404,
      body: { message: "connection not found" },
    });
  }
});

test("a list leaves out what is not in use unless all is asked for, and is of one organization where that is said", async () => {
  const { call, emulator, organization, other, id, path, list } = await begin();
  const draft = emulator.connect(organization, { status: "DRAFT" });
  const theirs = emulator.connect(other, { enabled: true });
  expect(await list("")).toEqual([theirs]);
  expect(await list("include=all")).toEqual([theirs, draft, id]);
  expect(await list(`include=all&organization_id=${organization}`)).toEqual([draft, id]);
  await call("PATCH", `${path}:enable`);
  expect(await list(`organization_id=${organization}`)).toEqual([id]);
  await call("DELETE", path);
  expect(await list(`include=all&organization_id=${organization}`)).toEqual([draft]);
  expect(await call("DELETE", path)).toMatchObject({ status: 404 });
});

test("one whose set-up is not complete is not enabled, as the switch has it", async () => {
  const refusing = await begin();
  const draft = refusing.emulator.connect(refusing.organization, { status: "IN_PROGRESS" });
  const path = `/organizations/${refusing.organization}/connections/${draft}:enable`;
  expect(await refusing.call("PATCH", path)).toMatchObject({ status: 400 });
  const telling = await begin({ incompleteConnection: "message" });
  const other = telling.emulator.connect(telling.organization, { status: "IN_PROGRESS" });
  expect(
    await telling.call("PATCH", `/organizations/${telling.organization}/connections/${other}:enable`),
  ).toMatchObject({
    status: 200,
    body: { enabled: false, error_message: "connection is not configured completely" },
  });
  expect(telling.emulator.all("connections")).toMatchObject([{ enabled: false }, { enabled: false }]);
});

test("a seed may bring an organization's connections", async () => {
  const seed = [
    { display_name: "Megasoft", connections: [{ id: "conn_1", type: "SAML", enabled: true }] },
    { id: "org_2", display_name: "Initech" },
  ];
  const { emulator } = await beginWith({ seed });
  const [megasoft] = emulator.organizations();
  expect(emulator.all("connections")).toMatchObject([
    { id: "conn_1", organization_id: megasoft?.id, provider: "OKTA", type: "SAML", status: "COMPLETED", enabled: true },
  ]);
  const wrong = [{ display_name: "Megasoft", connections: [{ status: "HALF" }] }];
  await expect(beginWith({ seed: wrong })).rejects.toThrow("connections[0].status: value must be in list");
});
