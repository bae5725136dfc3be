import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { type ClientOptions, newClient } from "../../src/api/client.ts";
import { newStop } from "../../src/api/stop.ts";
import { organization } from "../../src/definitions/organization.ts";
import { mayHaveActed, StoppedError } from "../../src/errors.ts";
import { type Answer, type Asked, startServer } from "../support/server.ts";

/** Longer than any test may take. */
const long = 250;

const limited = (seconds: number): Answer => ({ status: 429, headers: { "retry-after": String(seconds) } });
const busy: Answer = { status: 503, headers: { "retry-after": String(long) } };
const silent: Answer = () => {};
const made: Answer = { status: 201, json: { organization: { id: "org_1", display_name: "Megasoft" } } };

/** A client of a server that answers so, stopped with that many milliseconds left. */
async function begin(
  answer: (asked: Asked) => Answer | undefined,
  patience: number,
  options: Partial<ClientOptions> = {},
) {
  const server = await startServer(answer);
  const stop = newStop(patience);
  const client = newClient({ environmentUrl: server.url, clientId: "id", clientSecret: "s3cret", stop, ...options });
  // It waits for connections that are not made.
  onTestFinished(() => void client.close().catch(() => {}));
  const organizations = client.of(organization);
  const create = () => organizations.create(undefined, { displayName: "Megasoft" });
  return { server, stop, client, organizations, create };
}

const calls = (asked: readonly Asked[]): number => asked.filter(({ path }) => path !== "/oauth/token").length;

describe("a stop ends at once", () => {
  test.each<[string, (asked: Asked) => Answer | undefined, RegExp]>([
    [
      "the pause after a 429",
      ({ path }) => (path === "/oauth/token" ? undefined : limited(long)),
      /Scalekit answered 429.*The run was stopped \(Ctrl-C\) after 1 attempt, before the next/,
    ],
    [
      "the pause after a token's 429",
      () => limited(long),
      /get an access token.*was stopped \(Ctrl-C\) after 1 attempt/,
    ],
  ])("%s", async (_, answer, message) => {
    const { server, stop, create } = await begin(answer, 60_000);
    const creating = create().catch((error: Error) => error);
    await expect.poll(() => server.asked.length).toBeGreaterThan(0);
    await expect.poll(() => server.asked.at(-1)).toBeDefined();
    await sleep(200);
    stop.begin();
    const error = await creating;
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
    expect(mayHaveActed(error)).toBe(false);
  });

  test("the wait before another attempt, and later requests that would have to wait as long", async () => {
    const { server, stop, organizations } = await begin(
      ({ path }) => (path === "/oauth/token" ? undefined : busy),
      60_000,
    );
    const reading = organizations.get("org_1").catch((error: Error) => error);
    await expect.poll(() => calls(server.asked)).toBe(1);
    await sleep(200);
    stop.begin();
    const message = expect.stringMatching(
      /answered 503.*The run was stopped \(Ctrl-C\) after 1 attempt, before the next/,
    );
    expect(await reading).toMatchObject({ message });
    expect(await organizations.get("org_1").catch((error: Error) => error)).toMatchObject({ message });
  });

  test("the wait for this client's own caps, before anything is sent", async () => {
    const { server, stop, create } = await begin(({ path }) => (path === "/oauth/token" ? undefined : made), 30_000, {
      maxRequestsPerMinute: 2,
    });
    await create();
    const creating = create().catch((error: Error) => error);
    await sleep(200);
    stop.begin();
    expect(await creating).toMatchObject({
      message: expect.stringMatching(/the run was stopped \(Ctrl-C\) before the request was sent.*did not act/),
    });
    expect(calls(server.asked)).toBe(1);
  });

  test("a sleep of the lifecycle's that would take longer than there is", async () => {
    const { stop, client } = await begin(() => undefined, 60_000);
    const sleeping = client.sleep(long * 1000).catch((error: Error) => error);
    stop.begin();
    expect(await sleeping).toBeInstanceOf(StoppedError);
    await expect(client.sleep(long * 1000)).rejects.toThrow("The run was stopped (Ctrl-C) while it waited.");
    await expect(client.sleep(1)).resolves.toBeUndefined();
  });
});

describe("a stop leaves a moment", () => {
  test("for an answer that is under way, which counts", async () => {
    const { server, stop, create } = await begin(
      ({ path }) =>
        path === "/oauth/token"
          ? undefined
          : (response) => void setTimeout(() => response.writeHead(201).end(JSON.stringify(made.json)), 500),
      60_000,
    );
    const creating = create();
    await expect.poll(() => calls(server.asked)).toBe(1);
    stop.begin();
    expect(await creating).toMatchObject({ id: "org_1" });
  });

  test("for a pause that is over in time", async () => {
    let refused = 0;
    const { server, stop, create } = await begin(
      ({ path }) => (path === "/oauth/token" ? undefined : refused++ === 0 ? limited(1) : made),
      60_000,
    );
    const creating = create();
    await expect.poll(() => calls(server.asked)).toBe(1);
    stop.begin();
    expect(await creating).toMatchObject({ id: "org_1" });
  });

  test("and no longer for an answer that does not come, of which nobody knows what it did", async () => {
    const { server, stop, create } = await begin(({ path }) => (path === "/oauth/token" ? undefined : silent), 300);
    const creating = create().catch((error: Error) => error);
    await expect.poll(() => calls(server.asked)).toBe(1);
    stop.begin();
    const error = await creating;
    expect(error).toMatchObject({
      message: expect.stringMatching(/the run was stopped \(Ctrl-C\) before 127\S+ answered.*may have acted/),
    });
    expect(mayHaveActed(error)).toBe(true);
    expect(calls(server.asked)).toBe(1);
  });

  test("and no longer for a connection that is not made", async () => {
    const deaf = createServer((socket) => void socket.on("error", () => {})).listen(0, "127.0.0.1");
    await once(deaf, "listening");
    onTestFinished(() => void deaf.close());
    const environmentUrl = `https://127.0.0.1:${(deaf.address() as AddressInfo).port}`;
    const { stop, client } = await begin(() => undefined, 300, { environmentUrl });
    const authenticating = client.authenticate().catch((error: Error) => error);
    await sleep(200);
    stop.begin();
    const error = await authenticating;
    expect(error).toMatchObject({
      message: expect.stringMatching(/the run was stopped \(Ctrl-C\) before 127\S+ was reached/),
    });
    expect(mayHaveActed(error)).toBe(false);
  });
});
