import { randomBytes } from "node:crypto";
import { isTransportError } from "../../errors.ts";
import { Unanswered } from "./answer.ts";
import { at, type Reply, type Request } from "./wire.ts";

/** Sends a request, and hears its answer in any case. */
export type Ask = (request: Request, heard?: (reply: Reply) => void) => Promise<Reply>;

/** What is still there after the clean-up, as far as known. */
export interface Left {
  readonly what: string;
  readonly why: string;
}

export const organizationsPath = "/api/v1/organizations";
export const permissionsPath = "/api/v1/permissions";

/** Everything that one run makes has a name with this prefix. */
export const newPrefix = (): string => `pulumi-scalekit-probe-${randomBytes(4).toString("hex")}`;

/** Nothing by another name is ever deleted. */
export const isPrefix = (text: string): boolean => /^pulumi-scalekit-probe-[\da-f]{8}$/.test(text);

/** The prefix as names of permissions and roles can have it. */
export const asName = (prefix: string): string => prefix.replaceAll("-", "_");

export type Scratch = ReturnType<typeof newScratch>;

/** The organizations that a run makes, and the one permission. It knows them before the environment does. */
export function newScratch(prefix: string) {
  const name = asName(prefix);
  const made = new Set<string>();
  let count = 0;
  let total = 0;
  /** Creates whose outcome is unknown. */
  let unsure = 0;
  let hasPermission = false;
  const shared = new Map<string, Promise<string>>();
  /** One after the other, so that nothing of this run is between them in a list. */
  const row: string[] = [];

  /** Asks for an organization, which may be refused. It always has a name by which it is found. */
  async function attempt(ask: Ask, about: string, body: Readonly<Record<string, unknown>>): Promise<Reply> {
    unsure++;
    const request: Request = {
      method: "POST",
      path: organizationsPath,
      body: { display_name: `${prefix} ${about}`, ...body },
    };
    try {
      return await ask(request, (reply) => {
        unsure--;
        const id = at(reply.json, "organization", "id");
        if (typeof id === "string" && id !== "") made.add(id);
        else if (reply.status < 300) unsure++;
        if (reply.status < 300) total++;
      });
    } catch (error) {
      if (isTransportError(error) && !error.mayHaveArrived) unsure--;
      throw error;
    }
  }

  /** An organization of a question's own. */
  async function organization(ask: Ask, about: string, body: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const reply = await attempt(ask, about, { external_id: `${prefix}-${++count}`, ...body });
    const id = at(reply.json, "organization", "id");
    if (typeof id === "string") return id;
    throw new Unanswered(`a scratch organization was refused with ${reply.status}`);
  }

  return {
    prefix,
    name,
    attempt,
    organization,
    /** One that several questions work on, made when the first asks for it. */
    share(ask: Ask, which: string): Promise<string> {
      const known = shared.get(which) ?? organization(ask, which);
      shared.set(which, known);
      known.catch(() => shared.delete(which));
      return known;
    },
    /** So many organizations in a row, oldest first. Only questions about lists use them. */
    async inARow(ask: Ask, size: number): Promise<readonly string[]> {
      while (row.length < size) row.push(await organization(ask, `list ${row.length + 1}`));
      return row;
    },
    /** The environment's one permission of this run, made when the first asks for it. */
    async permission(ask: Ask): Promise<string> {
      if (hasPermission) return name;
      hasPermission = true;
      const body = { name, description: prefix };
      const reply = await ask({ method: "POST", path: permissionsPath, body, also: 403 });
      if (reply.status < 300) return name;
      hasPermission = false;
      const code = errorCodeOf(reply.json);
      throw new Unanswered(`a scratch permission was refused with ${reply.status}${code ? ` ${code}` : ""}`);
    },
    /** Says that one is deleted. */
    gone(id: string): void {
      made.delete(id);
      if (row.includes(id)) row.splice(row.indexOf(id), 1);
    },
    permissionGone(): void {
      hasPermission = false;
    },
    hasAnything: () => made.size > 0 || unsure > 0 || hasPermission,
    /** Whether something in a list is of this run. */
    isOwn: (thing: unknown): boolean => {
      const text = JSON.stringify(thing) ?? "";
      return text.includes(prefix) || text.includes(name);
    },
    /** How many organizations were made. */
    size: () => total,
    /** Deletes everything, and returns what it could not delete. */
    async clean(ask: Ask): Promise<Left[]> {
      const left: Left[] = [];
      for (const id of [...made]) {
        const why = await failureOf(() => remove(ask, id));
        if (why === undefined) made.delete(id);
        else left.push({ what: id, why });
      }
      if (unsure > 0) {
        const why = await failureOf(async () => {
          for (const one of await sweep(ask, prefix)) left.push(one);
          unsure = 0;
        });
        if (why !== undefined) left.push({ what: "an organization whose create was not answered", why });
      }
      if (hasPermission) {
        const why = await failureOf(() => removePermission(ask, name));
        if (why === undefined) hasPermission = false;
        else left.push({ what: `the permission ${name}`, why });
      }
      return left;
    },
  };
}

/** Deletes whatever a run has left by its prefix, and returns what it could not delete. */
export async function cleanUp(ask: Ask, prefix: string): Promise<{ removed: string[]; left: Left[] }> {
  const removed: string[] = [];
  const left = await sweep(ask, prefix, (id) => removed.push(id));
  const name = asName(prefix);
  // A client that may not delete permissions has made none.
  const why = await failureOf(() => removePermission(ask, name, 403));
  if (why !== undefined) left.push({ what: `the permission ${name}`, why });
  return { removed, left };
}

/** Reads the whole list and then deletes, so that no page moves meanwhile; and once more, for what a list left out. */
async function sweep(ask: Ask, prefix: string, onRemoved: (id: string) => void = () => {}): Promise<Left[]> {
  const left = new Map<string, Left>();
  for (let pass = 0; pass < 3; pass++) {
    const found = (await ownIn(ask, prefix)).filter((id) => !left.has(id));
    if (found.length === 0) break;
    for (const id of found) {
      const why = await failureOf(() => remove(ask, id));
      if (why === undefined) onRemoved(id);
      else left.set(id, { what: id, why });
    }
  }
  return [...left.values()];
}

/** The organizations by a prefix in the whole list. */
async function ownIn(ask: Ask, prefix: string): Promise<string[]> {
  const own = new Set<string>();
  const seen = new Set<string>();
  for (let token = ""; !seen.has(token); ) {
    seen.add(token);
    const query = { page_size: "100", ...(token && { page_token: token }) };
    const { status, json } = await ask({ method: "GET", path: organizationsPath, query });
    const page = at(json, "organizations");
    if (status >= 400 || !Array.isArray(page))
      throw new Unanswered(`the list of organizations was answered with ${status}`);
    for (const one of page) {
      const [id, shown] = [at(one, "id"), at(one, "display_name")];
      if (typeof id === "string" && typeof shown === "string" && shown.startsWith(`${prefix} `)) own.add(id);
    }
    const next = at(json, "next_page_token");
    if (typeof next !== "string" || next === "") break;
    token = next;
  }
  return [...own];
}

async function remove(ask: Ask, id: string): Promise<void> {
  const path = `${organizationsPath}/${encodeURIComponent(id)}`;
  const reply = await ask({ method: "DELETE", path });
  if (reply.status >= 300 && !isNotFound(reply)) throw new Unanswered(`its delete was answered with ${reply.status}`);
}

async function removePermission(ask: Ask, name: string, also?: 403): Promise<void> {
  const path = `${permissionsPath}/${name}`;
  const reply = await ask({ method: "DELETE", path, ...(also && { also }) });
  if (reply.status >= 300 && ![also, 404].includes(reply.status)) {
    throw new Unanswered(`its delete was answered with ${reply.status}`);
  }
}

/** Whether the API itself says that there is nothing: the gateway before it says so without an error code. */
export const isNotFound = ({ status, json }: Reply): boolean => status === 404 && errorCodeOf(json) !== undefined;

/** Scalekit's own code of an error. */
export function errorCodeOf(json: unknown): string | undefined {
  const details = at(json, "details");
  const codes = Array.isArray(details) ? details.map((one) => at(one, "error_code")) : [];
  return codes.find((code) => typeof code === "string");
}

async function failureOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
