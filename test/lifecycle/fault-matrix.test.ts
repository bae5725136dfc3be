import { expect, test } from "vitest";
import { newClient } from "../../src/api/client.ts";
import type { Values } from "../../src/definitions/definition.ts";
import { organization } from "../../src/definitions/organization.ts";
import { type FaultOptions, startEmulator } from "../../src/emulator/index.ts";
import { openJournal } from "../../src/lifecycle/journal.ts";
import { newLifecycle } from "../../src/lifecycle/lifecycle.ts";
import { inMemory } from "../support/journal-storage.ts";
import { type Program, type Saved, smallEngine } from "../support/small-engine.ts";

/**
 * docs/fault-matrix.md is what this test saw: each fault that lasts, under each operation, and the run after it is over.
 * `npx vitest run test/lifecycle/fault-matrix.test.ts -u` writes it anew.
 */
const faults: [string, FaultOptions["effect"]][] = [
  ["the API refuses (403)", { kind: "status", status: 403, code: "PERMISSION_DENIED", message: "permission denied" }],
  ["rate limit (429)", { kind: "status", status: 429, code: "RATE_LIMITED", message: "rate limit exceeded" }],
  [
    "the API fails and does nothing (500)",
    { kind: "status", status: 500, code: "INTERNAL", message: "internal error" },
  ],
  ["the connection is cut before the work is done", { kind: "cut", when: "before" }],
  ["the connection is cut after the work is done", { kind: "cut", when: "after" }],
  ["a proxy answers 502 after the work is done", { kind: "garbage", status: 502 }],
  ["a proxy answers 404 after the work is done", { kind: "garbage", status: 404 }],
  ["a success answer that is no JSON", { kind: "garbage", status: 200 }],
  ["the token ends early", { kind: "expiredToken" }],
];

const named: Values = { displayName: "Megasoft", externalId: "CUST-1", deletionProtection: false };
const nameless: Values = { displayName: "Sandbox", deletionProtection: false };

/** Operation, the requests that fail, what is declared before and after, and how many organizations there are besides. */
type Row = [string, FaultOptions["method"], Values | undefined, Values | undefined, number?];

const operations: Row[] = [
  ["create, with an external ID", "POST", undefined, named],
  ["create, without one", "POST", undefined, nameless],
  ["refresh", "GET", named, named],
  ["refresh, of four", "GET", named, named, 3],
  ["update", "PATCH", named, { ...named, displayName: "Renamed" }],
  ["delete", "DELETE", named, undefined],
];

const messages: string[] = [];

/** The number under which the docs list a message. */
function quoted(quote: string): string {
  const message = quote.slice(1, -1);
  if (!messages.includes(message)) messages.push(message);
  return `[${messages.indexOf(message) + 1}]`;
}

test("the fault matrix in the docs is what happens", async () => {
  const rows: string[] = [];
  for (const [fault, effect] of faults) {
    for (const [operation, method, before, after, others] of operations) {
      const refreshes = operation.startsWith("refresh");
      const once = await play({ method, count: 1, effect }, before, after, refreshes, others);
      const lasting = await play({ method, count: 1000, effect }, before, after, refreshes, others);
      const shown = [once.seen, lasting.seen, lasting.state, lasting.next].map((end) => end.replace(/“.*”/s, quoted));
      rows.push(`| ${fault} | ${operation} | ${shown.join(" | ")} |`);
    }
  }
  const list = messages.map((message, n) => `${n + 1}. ${message}`).join("\n");
  await expect(`${head}${rows.join("\n")}\n\n## The messages\n\n${list}\n`).toMatchFileSnapshot(
    "../../docs/fault-matrix.md",
  );
});

const head = `# What happens when something goes wrong

Seen, not promised: [fault-matrix.test.ts](../test/lifecycle/fault-matrix.test.ts) plays each fault against the emulator and writes this table.
"Once" is a fault that hits one request; "lasting" one that goes on until the run has ended. The last two columns are about the
lasting one: what the state holds after the run, and what the next \`pulumi refresh\` and \`pulumi up\` do once the fault is over.
Numbers in brackets are the messages below.

| Fault | Operation | Once | Lasting | State then | The next run |
| --- | --- | --- | --- | --- | --- |
`;

/** One run under a fault, and one after it. */
async function play(
  fault: FaultOptions,
  before: Values | undefined,
  after: Values | undefined,
  refreshes: boolean,
  others = 0,
) {
  await using emulator = await startEmulator();
  const client = newClient({ environmentUrl: emulator.url, ...emulator.credentials, clock: hastened() });
  const saved: Saved = new Map();
  const storage = inMemory();
  const said: string[] = [];
  const engine = () => {
    const journal = openJournal(emulator.url, () => storage);
    const lifecycle = newLifecycle(organization, client, { journal, say: (line) => said.push(line) });
    return smallEngine(() => lifecycle, saved);
  };
  const besides = Array.from({ length: others }, (_, n): [string, Values] => {
    return [`other ${n}`, { displayName: `Other ${n}` }];
  });
  const program = (args: Values | undefined): (() => Program)[] => {
    const all: [string, Values][] = args ? [["it", args], ...besides] : besides;
    return [() => new Map(all.map(([name, one]) => [name, { definition: organization, args: one }]))];
  };
  if (before !== undefined) await engine().up(program(before));
  const known = saved.get("it")?.outs["displayName"];

  emulator.fail(fault);
  const run = engine();
  const { failures } = refreshes ? await run.refresh() : await run.up(program(after));
  emulator.heal();
  const seen = failures.length === 0 ? "succeeds" : `fails: “${plain(failures[0]?.message ?? "")}”`;
  const holds = saved.get("it")?.outs["displayName"];
  const state = holds === undefined ? "no organization" : holds === known ? "as before" : "the organization";

  const there = emulator.organizations().length;
  said.length = 0;
  await engine().refresh();
  const { failures: later, ops } = await engine().up(program(after));
  const [op] = ops.map((one) => one.split(" ")[0]);
  const did = op === "create" && emulator.organizations().length === there ? "takes over what was made" : op;
  const next = later.length > 0 ? `fails: “${plain(later[0]?.message ?? "")}”` : (did ?? "nothing to do");
  expect(emulator.organizations().length).toBe((after === undefined ? 0 : 1) + others);
  await client.close();
  return { seen, state, next };
}

/** A clock that is moved on by waiting instead of waiting, so that budgets end and nobody sleeps. */
function hastened() {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    random: () => 0.5,
    sleep: async (milliseconds: number) => {
      ahead += milliseconds;
    },
  };
}

const plain = (message: string): string =>
  message
    .replaceAll(/org_\d+/g, "org_…")
    .replaceAll(/, request req_[\w-]+/g, ", request req_…")
    .replaceAll(/127\.0\.0\.1:\d+/g, "acme.scalekit.com")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "2026-…")
    .replaceAll(/(after|in) \d+ s\b/g, "$1 … s")
    // Where several wait for a rate limit, one of them at a time tries whether it is over.
    .replaceAll(/(s and) \d+ attempts/g, "$1 … attempts")
    .replaceAll("|", "\\|");
