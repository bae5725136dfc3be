import { Hono } from "hono";
import { bytesOf, limitedBody } from "./body.ts";
import { requireJsonBody } from "./callers.ts";
import { kinds } from "./collections.ts";
import { type faultQueue, faultSchema } from "./faults.ts";
import type { LoggedRequest } from "./options.ts";
import type { Store } from "./store.ts";

/** What tests see and change past the API. */
interface Controlled {
  readonly store: Store;
  readonly faults: ReturnType<typeof faultQueue>;
  readonly requests: readonly LoggedRequest[];
  reset(): void;
}

/** The endpoints by which tests in any language steer the emulator, and those where it says what it is. */
export function control({ store, faults, requests, reset }: Controlled): Hono {
  const app = new Hono();
  app.use("/_emulator/*", requireJsonBody, limitedBody);
  app.get("/_emulator/requests", (c) => c.json([...requests]));
  app.get("/_emulator/organizations", (c) => c.json(store.all()));
  for (const kind of kinds) app.get(`/_emulator/${kind}`, (c) => c.json(store[kind].all() as object[]));
  app.get("/_emulator/faults", (c) => c.json(faults.list()));
  app.post("/_emulator/faults", async (c) => {
    const sent = parsed(await bytesOf(c));
    if (sent === undefined) return c.json({ problems: [{ path: [], message: "the body is not JSON in UTF-8" }] }, 400);
    const fault = faultSchema.safeParse(sent);
    if (!fault.success) return c.json({ problems: fault.error.issues }, 400);
    faults.add(fault.data);
    return c.json(fault.data, 201);
  });
  app.delete("/_emulator/faults", (c) => {
    faults.clear();
    return c.json({});
  });
  app.post("/_emulator/reset", (c) => {
    reset();
    return c.json({});
  });
  const steering = app.routes
    .filter(({ path, method }) => path.startsWith("/_emulator/") && method !== "ALL")
    .map(({ path, method }) => `${method} ${path}`);
  app.get("/", (c) => c.json({ ...itself, control: steering }));
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  return app;
}

const itself = {
  name: "Scalekit emulator",
  about: "A local server that speaks Scalekit's organization API, for tests, from the npm package pulumi-scalekit.",
  token: "/oauth/token",
  api: "/api/v1/organizations",
  health: "/healthz",
};

/** PowerShell begins its files with a byte order mark. */
function parsed(bytes: Uint8Array | ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
