import { expect, test } from "vitest";
import { begin } from "../support/plain-client.ts";

const path = "/permissions/read:documents";
const body = { name: "read:documents", description: "Read documents" };

test("a permission is made, read, changed and deleted by its name", async () => {
  const { call, emulator } = await begin({ now: () => Date.parse("2026-01-31T12:00:00Z") });
  const made = await call("POST", "/permissions", body);
  expect(made).toMatchObject({
    status: 201,
    body: {
      permission: {
        ...body,
        id: expect.stringMatching(/^perm_\d+$/),
        is_scalekit_permission: false,
        create_time: "2026-01-31T12:00:00.000Z",
      },
    },
  });
  expect(await call("GET", path)).toMatchObject({ status: 200, body: made.body });
  const changed = await call("PUT", path, { name: "read:documents", description: "Read them all" });
  expect(changed.body.permission).toMatchObject({ id: made.body.permission.id, description: "Read them all" });
  expect(changed.body.permission.update_time).not.toBe(made.body.permission.update_time);
  expect(emulator.all("permissions").at(-1)).toMatchObject({ name: "read:documents", description: "Read them all" });
  expect(await call("DELETE", path)).toMatchObject({ status: 200, body: {} });
  for (const method of ["GET", "DELETE"]) expect(await call(method, path)).toMatchObject({ status: 404 });
  expect((await call("PUT", path, body)).body).toMatchObject({ code: 5, message: "permission not found" });
});

test("a name is there once, and stays what it is", async () => {
  const { call } = await begin();
  await call("POST", "/permissions", body);
  expect(await call("POST", "/permissions", body)).toMatchObject({
    status: 400,
    body: { code: 3, message: "duplicate key not allowed", details: [{ error_code: "INVALID_ARGUMENT" }] },
  });
  const renamed = await call("PUT", path, { name: "other:name", description: "New" });
  expect(renamed.body.permission).toMatchObject({ name: "read:documents", description: "New" });
});

test("Scalekit's own permissions are there from the start, and after a reset", async () => {
  const { call, emulator } = await begin();
  await call("POST", "/permissions", body);
  const sizes = async () => {
    const lists = ["", "&type=ALL", "&type=SCALEKIT", "&type=ENVIRONMENT"].map((type) =>
      call("GET", `/permissions?page_size=1${type}`),
    );
    return (await Promise.all(lists)).map((list) => list.body.total_size);
  };
  expect(await sizes()).toEqual([13, 13, 12, 1]);
  emulator.reset();
  expect(await sizes()).toEqual([12, 12, 12, 0]);
  expect((await call("GET", "/permissions/sk_org_users_read")).body.permission.is_scalekit_permission).toBe(true);
});

test("the list has pages, forth and back, of the type that is asked for", async () => {
  const { call } = await begin();
  for (const name of ["a", "b", "c"]) await call("POST", "/permissions", { name });
  const list = async (more: string) => (await call("GET", `/permissions?type=ENVIRONMENT&page_size=2${more}`)).body;
  const names = ({ permissions }: { permissions: { name: string }[] }) => permissions.map(({ name }) => name);
  const first = await list("");
  expect(names(first)).toEqual(["c", "b"]);
  const second = await list(`&page_token=${first.next_page_token}`);
  expect([names(second), second.next_page_token]).toEqual([["a"], ""]);
  expect(names(await list(`&page_token=${second.prev_page_token}`))).toEqual(["c", "b"]);
  expect((await call("GET", "/permissions")).body.permissions).toHaveLength(10);
  expect((await call("GET", "/permissions?page_token=nonsense")).status).toBe(400);
});

test.each(["0", "101", "many"])("a page size of %s is refused", async (size) => {
  const { call } = await begin();
  expect((await call("GET", `/permissions?page_size=${size}`)).status).toBe(400);
});

test("an unknown type is refused", async () => {
  const { call } = await begin();
  expect((await call("GET", "/permissions?type=MINE")).status).toBe(400);
});

test.each([
  ["removed", 200, []],
  ["refused", 400, ["read:documents"]],
] as const)("permissionInUse %s: a delete is answered with %i", async (permissionInUse, status, left) => {
  const { call, emulator } = await begin({ semantics: { permissionInUse } });
  await call("POST", "/permissions", body);
  await call("POST", "/roles", { name: "reader", display_name: "Reader", permissions: ["read:documents"] });
  expect((await call("DELETE", path)).status).toBe(status);
  expect(emulator.all("roles").at(-1)?.permissions).toEqual(left);
});

test.each([
  ["ignored", "Read documents"],
  ["clears", ""],
] as const)("emptyFields %s: an empty description leaves %j", async (emptyFields, left) => {
  const { call } = await begin({ semantics: { emptyFields } });
  await call("POST", "/permissions", body);
  for (const description of [undefined, null]) {
    const kept = await call("PUT", path, { name: body.name, description });
    expect(kept.body.permission.description).toBe("Read documents");
  }
  expect((await call("PUT", path, { name: body.name, description: "" })).body.permission.description).toBe(left);
});

test.each([
  ["shown", { description: "", is_scalekit_permission: false }],
  ["omitted", {}],
] as const)("zeroValues %s", async (zeroValues, empty) => {
  const { call } = await begin({ semantics: { zeroValues } });
  const { id, create_time, update_time, ...rest } = (await call("POST", "/permissions", { name: "a" })).body.permission;
  expect([id, create_time, update_time]).not.toContain(undefined);
  expect(rest).toEqual({ name: "a", ...empty });
});
