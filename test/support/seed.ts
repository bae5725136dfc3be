import type { Emulator } from "../../src/emulator/index.ts";

/** Makes organizations past this package, as somebody else does, and gives their ids. Bodies are in the wire's names. */
export async function seed(emulator: Emulator, bodies: readonly object[]): Promise<string[]> {
  const ids: string[] = [];
  for (const body of bodies) {
    const { organization } = await byHand<{ organization: { id: string } }>(emulator, "POST", "", body);
    ids.push(organization.id);
  }
  return ids;
}

/** Somebody's hand: a request past the provider. */
export async function byHand<Answer = unknown>(
  emulator: Emulator,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const send = async () =>
    fetch(`${emulator.url}/api/v1/organizations${path}`, {
      method,
      headers: { authorization: `Bearer ${await tokenOf(emulator)}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  let answer = await send();
  // A fault may have ended the token.
  if (answer.status === 401 && tokens.delete(emulator)) answer = await send();
  if (!answer.ok) throw new Error(`${method} ${path} by hand: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

const tokens = new WeakMap<Emulator, string>();

async function tokenOf(emulator: Emulator): Promise<string> {
  const known = tokens.get(emulator);
  if (known) return known;
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: emulator.credentials.clientId,
    client_secret: emulator.credentials.clientSecret,
  });
  const answer = await fetch(`${emulator.url}/oauth/token`, { method: "POST", body: form });
  const { access_token } = (await answer.json()) as { access_token: string };
  tokens.set(emulator, access_token);
  return access_token;
}

/** The requests that `act` causes, without those for a token. */
export async function requestsOf(emulator: Emulator, act: () => Promise<unknown>): Promise<string[]> {
  const before = emulator.requests.length;
  await act();
  return emulator.requests
    .slice(before)
    .filter(({ path }) => path !== "/oauth/token")
    .map(({ method, path }) => `${method} ${path}`);
}
