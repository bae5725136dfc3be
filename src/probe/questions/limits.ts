import { randomBytes } from "node:crypto";
import { answered, seen, Unanswered, type Verdict } from "../asking/answer.ts";
import { type Kit, type Question, refusalOf } from "../asking/kit.ts";
import { organizationsPath } from "../asking/scratch.ts";
import { at, type Reply, type Request } from "../asking/wire.ts";

const tokenRequest: Request = { method: "POST", path: "/oauth/token" };

async function askForToken({ wire, asking, record }: Kit, clientSecret: string): Promise<Reply> {
  const form = { grant_type: "client_credentials", client_id: wire.clientId, client_secret: clientSecret };
  const reply = await wire.plain(
    tokenRequest,
    {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    },
    asking,
  );
  const body = { ...form, client_id: "[hidden]", client_secret: "[hidden]" };
  record(wire.recorded({ ...tokenRequest, body }, asking, reply));
  return reply;
}

export const wrongSecret: Question = {
  name: "wrongSecret",
  asks: "How does the API answer a wrong client secret?",
  async find(kit) {
    const reply = await askForToken(kit, `wrong-${randomBytes(12).toString("hex")}`);
    const names = Object.keys((reply.json ?? {}) as object).join(", ");
    return seen(`A wrong client secret is answered with ${refusalOf(reply)}${names && `, in the fields ${names}`}.`);
  },
};

/** As many requests as a patient user would let go: Scalekit publishes no number. */
const most = 3000;
const atOnce = 20;

export const rateLimit: Question = {
  name: "rateLimit",
  asks: "How many requests a minute does the API answer, and what does a 429 say about the wait?",
  async find(kit): Promise<Verdict> {
    if (!kit.options.rateLimit) {
      return { kind: "untried", says: "It takes thousands of requests, and is asked with --rate-limit only." };
    }
    const { wire, asking, record } = kit;
    const token = at((await askForToken(kit, wire.clientSecret)).json, "access_token");
    if (typeof token !== "string") throw new Unanswered("no token was given");
    const request: Request = { method: "GET", path: organizationsPath, query: { page_size: "10" } };
    const headers = { authorization: `Bearer ${token}` };
    const before = wire.answeredWithinAMinute();
    let refused: Reply | undefined;
    let sent = 0;
    let answers = 0;
    async function some(): Promise<void> {
      while (refused === undefined && sent < most) {
        sent++;
        const reply = await wire.plain(request, { headers }, asking);
        if (reply.status === 429) refused ??= reply;
        else answers++;
      }
    }
    await Promise.all(Array.from({ length: atOnce }, some));
    if (refused === undefined) return seen(`${most} requests in a row are answered without a 429.`);
    record(wire.recorded(request, asking, refused));
    const asked = refused.headers["retry-after"];
    const perMinute = before + answers;
    const wait = asked === undefined ? "does not say how long to wait" : `asks to wait ${asked}`;
    return answered(
      { perMinute, retryAfter: asked !== undefined },
      `After ${perMinute} requests within a minute a 429 comes (${refusalOf(refused)}), which ${wait}.`,
    );
  },
};

export const incompleteConnection: Question = {
  name: "incompleteConnection",
  asks: "How does the API refuse to enable a connection before its set-up is complete?",
  find: async () => ({ kind: "untried", says: "No public endpoint makes a connection." }),
};
