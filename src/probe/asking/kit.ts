import { isDeepStrictEqual } from "node:util";
import { Unanswered, type Verdict } from "./answer.ts";
import type { Exchange } from "./recording.ts";
import { type Ask, errorCodeOf, organizationsPath, type Scratch } from "./scratch.ts";
import { type Asking, at, type Reply, type Wire } from "./wire.ts";

/** What a question works with. */
export interface Kit {
  readonly ask: Ask;
  readonly scratch: Scratch;
  readonly wire: Wire;
  readonly asking: Asking;
  /** What earlier questions came to, by name. */
  readonly known: ReadonlyMap<string, Verdict>;
  readonly options: { readonly rateLimit: boolean };
  readonly record: (exchange: Exchange) => void;
}

/** Something that Scalekit's documents leave open, and how to find out. */
export interface Question {
  /** The emulator's switch, or a name of its own for what no switch is about. */
  readonly name: string;
  readonly asks: string;
  /** Questions that have to be asked before. */
  readonly after?: readonly string[];
  readonly find: (kit: Kit) => Promise<Verdict>;
}

export type Organization = Readonly<Record<string, unknown>>;

/** The value that an earlier question came to. */
export const answerOf = ({ known }: Kit, name: string): unknown => {
  const verdict = known.get(name);
  return verdict?.kind === "answered" ? verdict.value : undefined;
};

export const pathOf = (id: string, rest = ""): string => `${organizationsPath}/${encodeURIComponent(id)}${rest}`;

/** An organization as it is. */
export async function organizationNow({ ask }: Kit, id: string): Promise<Organization> {
  const { status, json } = await ask({ method: "GET", path: pathOf(id) });
  const found = at(json, "organization");
  if (status !== 200 || typeof found !== "object" || found === null) {
    throw new Unanswered(`a scratch organization was read with ${status}`);
  }
  return found as Organization;
}

/** Changes an organization, and returns it as it is then. It waits until a GET says the same, which may take a moment. */
export async function changed(
  kit: Kit,
  id: string,
  body: Readonly<Record<string, unknown>>,
  mask?: string,
): Promise<{ reply: Reply; now: Organization }> {
  const query = mask === undefined ? {} : { query: { update_mask: mask } };
  const reply = await kit.ask({ method: "PATCH", path: pathOf(id), body, ...query });
  const answered = at(reply.json, "organization");
  for (let tries = 1; ; tries++) {
    const now = await organizationNow(kit, id);
    if (reply.status >= 300 || fields.every((name) => isDeepStrictEqual(at(answered, name), now[name])))
      return { reply, now };
    if (tries === 5) throw new Unanswered("a PATCH was answered with one thing, and a GET after it with another");
    await kit.wire.clock.sleep(1000);
  }
}

const fields = ["display_name", "external_id", "metadata", "logo_url"];

/** Changes an organization, and insists on it. */
export async function set(kit: Kit, id: string, body: Readonly<Record<string, unknown>>): Promise<Organization> {
  const { reply, now } = await changed(kit, id, body);
  if (reply.status >= 300) throw new Unanswered(`a PATCH that sets a value was refused with ${reply.status}`);
  return now;
}

/** A refusal as the report tells it: `409 ALREADY_EXISTS`. */
export function refusalOf({ status, json }: Reply): string {
  const code = errorCodeOf(json) ?? at(json, "error");
  return typeof code === "string" ? `${status} ${code}` : String(status);
}
