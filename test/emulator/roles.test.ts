import { describe, expect, test } from "vitest";
import type { EmulatorOptions } from "../../src/emulator/index.ts";
import { type Answer, begin } from "../support/plain-client.ts";

/** An emulator with two permissions and an organization, and its paths of roles. */
async function prepared(options: EmulatorOptions = {}) {
  const session = await begin(options);
  for (const name of ["read", "write"]) await session.call("POST", "/permissions", { name });
  const { id } = await session.create({ display_name: "Megasoft" });
  const make = (path: string, role: object) =>
    session.call("POST", path, { name: "editor", display_name: "Editor", ...role });
  return { ...session, id, own: `/organizations/${id}/roles`, make };
}

const names = (things: { name: string }[]) => things.map(({ name }) => name);

describe.each(["environment", "organization"])("roles of the %s", (owner) => {
  async function place() {
    const session = await prepared();
    const path = owner === "environment" ? "/roles" : session.own;
    return { ...session, path, one: `${path}/editor` };
  }

  test("a role is made, read, changed and deleted by its name", async () => {
    const { call, make, path, one } = await place();
    const made = await make(path, { description: "Edits", permissions: ["read"] });
    const role = {
      name: "editor",
      display_name: "Editor",
      description: "Edits",
      default_creator: false,
      default_member: false,
      dependent_roles_count: 0,
      is_org_role: owner === "organization",
    };
    expect(made).toMatchObject({
      status: 201,
      body: { role: { ...role, id: expect.stringMatching(/^role_\d+$/), permissions: [] } },
    });
    expect(made.body.role).not.toHaveProperty("extends");
    expect(await call("GET", one)).toMatchObject({ status: 200, body: made.body });
    const changed = await call("PUT", one, { display_name: "Writer", permissions: ["write"], extends: "member" });
    expect(changed).toMatchObject({
      status: 200,
      body: { role: { ...role, display_name: "Writer", extends: "member" } },
    });
    expect(names((await call("GET", `${one}?include=permissions`)).body.role.permissions)).toEqual(["write"]);
    expect(await call("DELETE", one)).toMatchObject({ status: 200, body: {} });
    for (const method of ["GET", "DELETE"]) expect(await call(method, one)).toMatchObject({ status: 404 });
    expect((await call("PUT", one, {})).body).toMatchObject({ code: 5, message: "role not found" });
  });

  test("a name is there once", async () => {
    const { make, path } = await place();
    await make(path, {});
    const duplicate = { status: 400, body: { code: 3, message: "duplicate key not allowed" } };
    expect(await make(path, {})).toMatchObject(duplicate);
    expect(await make(path, { name: "admin" })).toMatchObject(duplicate);
  });

  test("permissions are shown as asked for, each with the role that it comes from", async () => {
    const { call, make, path, one } = await place();
    await make(path, { name: "viewer", permissions: ["read"] });
    await make(path, { permissions: ["write"], extends: "viewer" });
    const shown = async (include: string) => {
      const { permissions } = (await call("GET", `${one}?include=${include}`)).body.role;
      return permissions.map(({ name, role_name }: Record<string, string>) => [name, role_name]);
    };
    expect(await shown("")).toEqual([]);
    expect(await shown("permissions")).toEqual([["write", "editor"]]);
    expect(await shown("permissions:all")).toEqual([
      ["write", "editor"],
      ["read", "viewer"],
    ]);
    expect((await call("GET", `${one}?include=everything`)).status).toBe(400);
    const { roles } = (await call("GET", `${path}?include=permissions`)).body;
    expect(names(roles.find(({ name }: { name: string }) => name === "viewer").permissions)).toEqual(["read"]);
  });

  test("a role that others extend stays, unless another takes its place", async () => {
    const { call, make, path, one } = await place();
    await make(path, {});
    await make(path, { name: "chief", extends: "editor" });
    expect((await call("GET", one)).body.role.dependent_roles_count).toBe(1);
    expect(await call("DELETE", one)).toMatchObject({
      status: 400,
      body: { message: "role cannot be deleted as other roles extend it" },
    });
    expect((await call("DELETE", `${one}?reassign_role_name=nobody`)).status).toBe(400);
    for (const circle of ["editor", "chief"]) {
      expect((await call("DELETE", `${one}?reassign_role_name=${circle}`)).status).toBe(400);
    }
    expect((await call("DELETE", `${one}?reassign_role_name=member`)).status).toBe(200);
    expect((await call("GET", `${path}/chief`)).body.role.extends).toBe("member");
  });

  test("a role that users have stays, unless they get another", async () => {
    const { call, make, path, one, emulator, id } = await place();
    await make(path, {});
    await make(path, { name: "other" });
    emulator.assign("editor", 2, owner === "environment" ? undefined : id);
    expect(await call("DELETE", one)).toMatchObject({
      status: 400,
      body: { code: 3, message: "role cannot be deleted as it is assigned to users" },
    });
    expect((await call("DELETE", `${one}?reassign_role_name=other`)).status).toBe(200);
    expect(emulator.all("roles").at(-1)).toMatchObject({ name: "other", users: 2 });
  });

  test("a role extends no circle", async () => {
    const { call, make, path, one } = await place();
    await make(path, {});
    await make(path, { name: "chief", extends: "editor" });
    expect((await call("PUT", one, { extends: "chief" })).status).toBe(400);
    expect((await call("PUT", one, { extends: "editor" })).status).toBe(400);
    expect((await call("GET", one)).body.role).not.toHaveProperty("extends");
  });
});

test.each([400, 404] as const)("unknownReference %i: what a role names has to be there", async (unknownReference) => {
  const { call, make, emulator } = await prepared({ semantics: { unknownReference } });
  const attempts: Answer[] = [
    await make("/roles", { permissions: ["read", "none"] }),
    await make("/roles", { extends: "none" }),
    await call("PUT", "/roles/member", { permissions: ["none"] }),
    await call("POST", "/roles/member/permissions", { permission_names: ["none"] }),
    await call("PATCH", "/roles:set_defaults", { default_member_role: "none" }),
  ];
  for (const { status, body } of attempts) {
    expect(status).toBe(unknownReference);
    expect(body.message).toMatch(/^(permission|base role|role) not found$/);
  }
  expect(names(emulator.all("roles"))).toEqual(["admin", "member"]);
});

test("an organization sees the environment's roles, and none of another's", async () => {
  const { call, create, make, own } = await prepared();
  const other = `/organizations/${(await create({ display_name: "Other" })).id}/roles`;
  await make(own, {});
  await make(other, { name: "theirs" });
  expect(names((await call("GET", own)).body.roles)).toEqual(["editor", "member", "admin"]);
  expect((await call("GET", `${own}/theirs`)).status).toBe(404);
  expect((await call("GET", `${own}/admin`)).status).toBe(404);
  expect((await make(other, {})).status).toBe(201);
});

test.each([
  ["environment", ["member", "admin"]],
  ["all", ["editor", "member", "admin"]],
] as const)("listedRoles %s: the environment's list shows %j", async (listedRoles, listed) => {
  const { call, make, own } = await prepared({ semantics: { listedRoles } });
  await make(own, {});
  expect(names((await call("GET", "/roles")).body.roles)).toEqual(listed);
});

test.each([
  ["ignored", ["read"]],
  ["clears", []],
] as const)("emptyFields %s: an empty list of permissions leaves %j", async (emptyFields, left) => {
  const { call, make, emulator } = await prepared({ semantics: { emptyFields } });
  await make("/roles", { permissions: ["read"] });
  await call("PUT", "/roles/editor", { permissions: [] });
  expect(emulator.all("roles").at(-1)?.permissions).toEqual(left);
});

test("zeroValues omitted: what is empty, false or 0 is left out", async () => {
  const { call, make } = await prepared({ semantics: { zeroValues: "omitted" } });
  const { role } = (await make("/roles", { permissions: ["read"] })).body;
  expect(role).toEqual({ id: role.id, name: "editor", display_name: "Editor" });
  const [permission] = (await call("GET", "/roles/editor?include=permissions")).body.role.permissions;
  expect(Object.keys(permission).sort()).toEqual(["create_time", "id", "name", "role_name", "update_time"]);
});

test("permissions are added to a role of the environment and taken from it", async () => {
  const { call, make } = await prepared();
  await make("/roles", { permissions: ["read"], extends: "member" });
  const path = "/roles/editor/permissions";
  const added = await call("POST", path, { permission_names: ["write", "read"] });
  expect([added.status, names(added.body.permissions)]).toEqual([200, ["read", "write"]]);
  expect(await call("DELETE", `${path}/read`)).toMatchObject({ status: 200, body: {} });
  expect(names((await call("GET", path)).body.permissions)).toEqual(["write"]);
  expect(names((await call("GET", `${path}:all`)).body.permissions)).toEqual([
    "write",
    "sk_org_settings_read",
    "sk_org_users_read",
  ]);
  expect((await call("DELETE", `${path}/none`)).body.message).toBe("permission not found");
  for (const [method, of] of [
    ["GET", "permissions"],
    ["GET", "permissions:all"],
    ["GET", "dependents"],
    ["GET", "users:count"],
    ["DELETE", "permissions/read"],
  ]) {
    expect(await call(method ?? "", `/roles/nobody/${of}`)).toMatchObject({ body: { message: "role not found" } });
  }
});

test("the dependents and the users of a role are listed", async () => {
  const { call, make, own, emulator } = await prepared();
  await make("/roles", {});
  await make("/roles", { name: "chief", extends: "editor" });
  await make(own, { name: "own", extends: "editor" });
  expect(names((await call("GET", "/roles/editor/dependents")).body.roles)).toEqual(["chief", "own"]);
  emulator.assign("editor", 3);
  expect((await call("GET", "/roles/editor/users:count")).body).toEqual({ count: "3" });
  expect(() => emulator.assign("nobody", 1)).toThrow("there is no role nobody");
});

test("the default roles are set, for the environment and for an organization", async () => {
  const { call, make, own } = await prepared();
  await make("/roles", {});
  await make(own, { name: "own" });
  const marked = async (path: string) =>
    (await call("GET", path)).body.roles
      .filter(({ default_member }: { default_member: boolean }) => default_member)
      .map(({ name }: { name: string }) => name);
  expect(await marked("/roles")).toEqual(["member"]);
  for (const path of ["/roles:set_defaults", "/roles/default"]) {
    const set = await call("PATCH", path, { default_creator_role: "editor", default_member_role: "editor" });
    expect(set.body).toMatchObject({
      default_creator: { name: "editor", default_creator: true },
      default_member: { name: "editor", default_member: true },
    });
  }
  const { id } = (await call("GET", "/roles/admin")).body.role;
  const old = await call("PATCH", "/roles/default", { default_creator: { id }, default_member: { name: "editor" } });
  expect(old.body).toMatchObject({ default_creator: { name: "admin" }, default_member: { name: "editor" } });
  expect(await marked("/roles")).toEqual(["editor"]);
  expect(await marked(own)).toEqual(["editor"]);
  expect((await call("PATCH", `${own}:set_defaults`, {})).status).toBe(400);
  const set = await call("PATCH", `${own}:set_defaults`, { default_member_role: "own" });
  expect(set.body).toMatchObject({ default_member: { name: "own", default_member: true, is_org_role: true } });
  expect(await marked(own)).toEqual(["own"]);
});

test("organizations may have roles of one name, and none depends on another's", async () => {
  const { call, create, make, own } = await prepared();
  const other = `/organizations/${(await create({ display_name: "Other" })).id}/roles`;
  for (const path of [own, other, "/roles"]) await make(path, {});
  await make(other, { name: "chief", extends: "editor" });
  const counted = async (path: string) => (await call("GET", `${path}/editor`)).body.role.dependent_roles_count;
  expect([await counted(own), await counted(other), await counted("/roles")]).toEqual([0, 1, 0]);
  await call("PATCH", "/roles:set_defaults", { default_creator_role: "editor" });
  expect((await call("GET", `${own}/editor`)).body.role.default_creator).toBe(false);
});

test("a permission that is given twice, or inherited too, is there once", async () => {
  const { call, make } = await prepared();
  await make("/roles", { permissions: ["read", "read"] });
  await make("/roles", { name: "chief", permissions: ["read"], extends: "editor" });
  const permissions = async (path: string) => names((await call("GET", `/roles/${path}`)).body.permissions);
  expect(await permissions("editor/permissions")).toEqual(["read"]);
  expect(await permissions("chief/permissions:all")).toEqual(["read"]);
});
