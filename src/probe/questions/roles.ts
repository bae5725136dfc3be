import { answered, Unanswered, unlike } from "../asking/answer.ts";
import { type Kit, pathOf, type Question, refusalOf } from "../asking/kit.ts";
import { permissionsPath } from "../asking/scratch.ts";
import { at } from "../asking/wire.ts";

/** A role of a scratch organization, which goes with it. */
async function newRole(kit: Kit, suffix: string, body: Readonly<Record<string, unknown>> = {}) {
  const path = pathOf(await kit.scratch.share(kit.ask, "first"), "/roles");
  const name = `${kit.scratch.name}_${suffix}`;
  const reply = await kit.ask({ method: "POST", path, body: { name, display_name: suffix, ...body } });
  return { reply, name, path: `${path}/${name}` };
}

async function madeRole(kit: Kit, suffix: string, body?: Readonly<Record<string, unknown>>) {
  const { reply, ...role } = await newRole(kit, suffix, body);
  if (reply.status >= 300) throw new Unanswered(`a scratch role was refused with ${refusalOf(reply)}`);
  return role;
}

/** Whether a role has the permission of this run. */
async function hasPermission(kit: Kit, path: string): Promise<boolean> {
  const { json } = await kit.ask({ method: "GET", path, query: { include: "permissions" } });
  const all = at(json, "role", "permissions");
  return Array.isArray(all) && all.some((one) => at(one, "name") === kit.scratch.name);
}

async function roleWithPermission(kit: Kit, suffix: string) {
  const role = await madeRole(kit, suffix, { permissions: [await kit.scratch.permission(kit.ask)] });
  if (await hasPermission(kit, role.path)) return role;
  throw new Unanswered("a role does not show the permission that it was made with");
}

export const zeroValues: Question = {
  name: "zeroValues",
  asks: "Do answers about roles show empty and false values?",
  async find(kit) {
    const { path } = await madeRole(kit, "bare");
    const { json } = await kit.ask({ method: "GET", path });
    const flags = ["default_creator", "default_member"].map((name) => at(json, "role", name));
    return flags.every((flag) => flag === undefined)
      ? answered("omitted", "What is empty or false is left out of an answer.")
      : answered("shown", "An answer shows what is empty or false.");
  },
};

export const unknownReference: Question = {
  name: "unknownReference",
  asks: "How does the API refuse a role with an unknown permission?",
  async find(kit) {
    const { reply } = await newRole(kit, "lost", { permissions: [`${kit.scratch.name}_missing`] });
    const says = `A role with an unknown permission is answered with ${refusalOf(reply)}.`;
    return [400, 404].includes(reply.status) ? answered(reply.status, says) : unlike(says);
  },
};

export const listedRoles: Question = {
  name: "listedRoles",
  asks: "Does the list of the environment's roles show those of organizations?",
  async find(kit) {
    const { name } = await madeRole(kit, "listed");
    const { json } = await kit.ask({ method: "GET", path: "/api/v1/roles" });
    const all = at(json, "roles");
    if (!Array.isArray(all)) throw new Unanswered("the list of roles has no roles");
    return all.some((one) => at(one, "name") === name)
      ? answered("all", "The environment's roles are listed with those of organizations.")
      : answered("environment", "The environment's roles are listed alone.");
  },
};

export const emptyFields: Question = {
  name: "emptyFields",
  asks: "Does an empty text or list in an update clear the field, or count as not given, as in plain protobuf?",
  async find(kit) {
    const { path } = await roleWithPermission(kit, "emptied");
    const emptied = await kit.ask({ method: "PUT", path, body: { display_name: "emptied", permissions: [] } });
    const permissionPath = `${permissionsPath}/${kit.scratch.name}`;
    const body = { name: kit.scratch.name, description: "" };
    const described = await kit.ask({ method: "PUT", path: permissionPath, body });
    for (const reply of [emptied, described]) {
      if (reply.status >= 300) return unlike(`An empty field in an update is refused: ${refusalOf(reply)}.`);
    }
    const list = !(await hasPermission(kit, path));
    const { json } = await kit.ask({ method: "GET", path: permissionPath });
    const text = !at(json, "permission", "description");
    if (list === text) {
      return list
        ? answered("clears", "An empty text or list in an update clears the field.")
        : answered("ignored", "An empty text or list in an update counts as not given.");
    }
    return unlike(`An empty ${list ? "list" : "text"} clears, and an empty ${list ? "text" : "list"} does not.`);
  },
};

export const permissionInUse: Question = {
  name: "permissionInUse",
  asks: "Can a permission be deleted while roles have it?",
  async find(kit) {
    const { path } = await roleWithPermission(kit, "using");
    const reply = await kit.ask({ method: "DELETE", path: `${permissionsPath}/${kit.scratch.name}` });
    if (reply.status >= 300) {
      const says = `A permission that a role has is not deleted: ${refusalOf(reply)}.`;
      return reply.status === 400 ? answered("refused", says) : unlike(says);
    }
    kit.scratch.permissionGone();
    if (await hasPermission(kit, path)) return unlike("A role keeps a permission that is deleted.");
    return answered("removed", "A permission that is deleted goes from the roles that have it.");
  },
};
