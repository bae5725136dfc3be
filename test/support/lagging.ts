import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const root = "/api/v1/organizations";
type Body = { organization?: { id: string }; organizations?: { id: string }[] };

/**
 * A front of an API whose answers are behind its writes by some milliseconds: what was made is not found or listed, what was
 * changed shows its old value, and the answer to a change does so too. It knows organizations by HTTP alone.
 */
export async function lagging(url: string, milliseconds: number) {
  /** What organizations are shown as until a time; nothing where they are not there yet. */
  const old = new Map<string, { readonly until: number; readonly shown: object | undefined }>();
  const oldOf = (id: string) => {
    const known = old.get(id);
    return known !== undefined && Date.now() < known.until ? known : undefined;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "GET", url: path = "/", headers } = request;
    const { authorization = "", "content-type": type = "" } = headers;
    const sent = { authorization, "content-type": type };
    const pass = async (how: RequestInit, to = path) => {
      const reply = await fetch(url + to, how);
      return { status: reply.status, text: await reply.text(), date: reply.headers.get("date") ?? "" };
    };
    const id = new RegExp(`^${root}/(org_[^/?]+)`).exec(path)?.[1];
    const notThere = { code: 5, message: "not found", details: [{ error_code: "RESOURCE_NOT_FOUND" }] };
    const isWrite = !["GET", "HEAD"].includes(method);
    const before = id !== undefined && isWrite ? oldOf(id) : undefined;

    if (before !== undefined && before.shown === undefined) return void reply(404, notThere);
    const known = id !== undefined && isWrite ? JSON.parse((await pass({ headers: sent }, `${root}/${id}`)).text) : {};
    const live = await pass({ method, headers: sent, ...(isWrite && { body: Buffer.concat(chunks) }) });
    const body = parsed(live.text);
    const until = Date.now() + milliseconds;
    if (isWrite && live.status < 300 && path === root && body.organization !== undefined) {
      old.set(body.organization.id, { until, shown: undefined });
    } else if (method === "PATCH" && live.status < 300 && id !== undefined) {
      const shown = before?.shown ?? known.organization;
      old.set(id, { until, shown });
      return void reply(200, { organization: shown });
    } else if (!isWrite) {
      const one = body.organization && oldOf(body.organization.id);
      if (one !== undefined) {
        return void (one.shown === undefined ? reply(404, notThere) : reply(200, { organization: one.shown }));
      }
      if (body.organizations !== undefined) {
        const organizations = body.organizations.flatMap((each) => {
          const lag = oldOf(each.id);
          return lag === undefined ? [each] : lag.shown === undefined ? [] : [lag.shown];
        });
        return void reply(live.status, { ...body, organizations });
      }
    }
    reply(live.status, live.text);

    function reply(status: number, what: object | string): void {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(typeof what === "string" ? what : JSON.stringify(what));
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function parsed(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}
