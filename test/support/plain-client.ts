import { onTestFinished } from "vitest";
import { type EmulatorOptions, startEmulator } from "../../src/emulator/index.ts";

/** An answer as it came. `body` is parsed where it is JSON, else text. */
export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a server says, for a test to look at
  body: any;
}

/** An emulator of a test's own, and requests to it by plain fetch: never through the client of this project. */
export async function begin(options: EmulatorOptions = {}) {
  const emulator = await startEmulator(options);
  onTestFinished(() => emulator.close());
  const client = await connect(emulator.url, emulator.credentials);
  return {
    emulator,
    ...client,
    /** Requests to the API so far, without the token's. */
    log: () => emulator.requests.filter(({ path }) => path.startsWith("/api/")),
  };
}

export async function connect(url: string, { clientId, clientSecret } = defaults) {
  const grant = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
  const given = await send(`${url}/oauth/token`, { method: "POST", body: new URLSearchParams(grant) });
  const authorization = `Bearer ${given.body.access_token}`;

  /** @param path below /api/v1, or whole */
  function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const init: RequestInit = { method, headers: { authorization, "content-type": "application/json" } };
    if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
    return send(`${url}${path.startsWith("/api") ? "" : "/api/v1"}${path}`, init);
  }

  return {
    authorization,
    call,
    create: async (body: object) => {
      const answer = await call("POST", "/organizations", body);
      if (answer.status !== 201) throw new Error(`create answered ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body.organization;
    },
  };
}

const defaults = { clientId: "emulator", clientSecret: "emulator-secret" };

/** One request, with no redirect followed. */
export async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What the API answers to an error of a client's, violated constraints by field. */
export const violations = ({ body }: Answer): Record<string, string> =>
  Object.fromEntries(
    (body.details?.[0]?.validation_error_info?.field_violations ?? []).map(
      ({ field, constraint }: { field: string; constraint: string }) => [field, constraint],
    ),
  );
