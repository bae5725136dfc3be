import { setTimeout as sleep } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Effect } from "./faults.ts";
import { formatStatus, StatusError } from "./status.ts";

/** One request with a fault. */
export interface FaultedRequest {
  readonly requestId: string;
  readonly outgoing: HttpBindings["outgoing"];
  /** Does the work, and gives its answer. */
  work(): Promise<Response>;
  expireTokens(): void;
}

export interface Outcome {
  readonly response: Response;
  /** 0 when the connection was cut. */
  readonly status: number;
}

/** Lets an effect applyFault a request. */
export async function applyFault(effect: Effect, request: FaultedRequest): Promise<Outcome> {
  switch (effect.kind) {
    case "status":
      if (effect.when === "after") await request.work();
      return answered(failure(effect, request.requestId));
    case "delay": {
      // A delay that is under way keeps no process from ending.
      if (effect.when === "before") await sleep(effect.milliseconds, undefined, { ref: false });
      const response = await request.work();
      if (effect.when === "after") await sleep(effect.milliseconds, undefined, { ref: false });
      return answered(response);
    }
    case "cut":
      if (effect.when === "after") await request.work();
      request.outgoing.socket?.destroy();
      return cut;
    case "redirect":
      return answered(new Response(null, { status: effect.status, headers: { location: effect.location } }));
    case "garbage":
      await request.work();
      return answered(new Response(bodiless.has(effect.status) ? null : effect.body, { status: effect.status }));
    case "truncated":
      return truncated(await request.work(), effect.ends, request.outgoing);
    case "huge":
      return answered(huge(await request.work(), effect.bytes));
    case "wrongBody":
      return answered(await misaddressed(await request.work(), effect.id));
    case "expiredToken":
      request.expireTokens();
      return answered(await request.work());
  }
}

/** HTTP allows these no body. */
const bodiless = new Set([204, 205, 304]);

const answered = (response: Response): Outcome => ({ response, status: response.status });

const cut: Outcome = { response: RESPONSE_ALREADY_SENT, status: 0 };

function failure({ status, code, message, retryAfter }: Effect & { kind: "status" }, requestId: string): Response {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  return Response.json(formatStatus(new StatusError(status, code, message), requestId), { status, headers });
}

async function truncated(
  whole: Response,
  ends: "body" | "connection",
  outgoing: HttpBindings["outgoing"],
): Promise<Outcome> {
  const bytes = Buffer.from(await whole.arrayBuffer());
  const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
  if (ends === "body") return answered(new Response(half, { status: whole.status, headers: json }));
  // Written to the socket itself, since only there an answer can be shorter than its announced length.
  outgoing.writeHead(whole.status, { ...json, "content-length": bytes.length });
  await new Promise<void>((done) => outgoing.write(half, () => done()));
  outgoing.socket?.destroy();
  return cut;
}

/** Spaces after a JSON value mean nothing, so only a reader that counts bytes refuses them. */
function huge(whole: Response, bytes: number): Response {
  const chunk = new Uint8Array(64 * 1024).fill(0x20);
  let left = bytes;
  const padding = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      left -= part.length;
      controller.enqueue(part);
    },
  });
  const reader = whole.body?.pipeThrough(padding).getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = await reader?.read();
      if (part?.value) return controller.enqueue(part.value);
      if (left <= 0) return controller.close();
      controller.enqueue(chunk.subarray(0, left));
      left -= chunk.length;
    },
  });
  return new Response(body, { status: whole.status, headers: json });
}

async function misaddressed(whole: Response, id: string): Promise<Response> {
  const answer = (await whole.clone().json()) as Record<string, unknown>;
  for (const [name, value] of Object.entries(answer)) {
    if (Array.isArray(value)) answer[name] = value.map((one) => misnamed(one, id));
    else answer[name] = misnamed(value, id);
  }
  return Response.json(answer, { status: whole.status });
}

/** With another id, where it has one. */
function misnamed(one: unknown, id: string): unknown {
  if (typeof one !== "object" || one === null) return one;
  return { ...one, ...("id" in one ? { id } : {}), ...("client_id" in one ? { client_id: id } : {}) };
}

const json = { "content-type": "application/json" };
