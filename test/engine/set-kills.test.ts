import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { providersOfStories } from "../support/both-types.ts";
import { endAt, unlock, ways } from "../support/crash.ts";
import { type Means, type Stack, story } from "../support/story.ts";

/** `npm run soak` has more rounds, of more tenants, by both providers. */
const size = Number(process.env["SET_SIZE"] ?? 300);
const rounds = Number(process.env["SET_ROUNDS"] ?? 1);

const source = (module: string) => `
  const { OrganizationSet } = require("${module}");
  new OrganizationSet("customers", require("./set.json"));`;

interface Row {
  readonly externalId: string;
  readonly displayName: string;
  readonly metadata: { readonly tier: string };
}

const rowOf = (n: number, version: string): Row => ({
  externalId: `CUST-${String(n).padStart(5, "0")}`,
  displayName: `Customer ${n} ${version}`,
  metadata: { tier: version },
});

async function begin(means: Means, module: string) {
  const emulator = await means.emulate({ seed: [{ display_name: "Foreign", external_id: "somebody-else" }] });
  // A thousand would wait for their turns, at 600 requests a minute.
  const env = { SCALEKIT_MAX_REQUESTS_PER_MINUTE: "100000" };
  const stack = await means.stackOn(emulator, { source: source(module), module, env });
  return { emulator, stack, foreign: emulator.organizations() };
}

const declare = (stack: Stack, tenants: readonly Row[]) =>
  writeFile(join(stack.folder, "set.json"), JSON.stringify({ tenants, deletionProtection: false }));

const held = (emulator: Emulator) =>
  emulator
    .organizations()
    .filter(({ external_id }) => external_id !== "somebody-else")
    .map(({ external_id, display_name, metadata }) => `${external_id} ${display_name} ${metadata["tier"]}`)
    .sort();

const wanted = (rows: readonly Row[]) =>
  rows.map(({ externalId, displayName, metadata }) => `${externalId} ${displayName} ${metadata.tier}`).sort();

const writesOf = (emulator: Emulator) =>
  emulator.requests.filter(({ method, path }) => method !== "GET" && path.startsWith("/api/")).length;

/** Answers that are late, lost or refused, while a run goes on. */
function disturb(emulator: Emulator): void {
  for (const skip of [10, 40, 90]) {
    emulator.fail({ method: "POST", skip, count: 1, effect: { kind: "cut", when: "after" } });
    emulator.fail({ method: "PATCH", skip, count: 2, effect: { kind: "status", status: 503 } });
    emulator.fail({ skip: skip * 3, count: 1, effect: { kind: "status", status: 429, retryAfter: 1 } });
  }
}

describe.each(providersOfStories)("a set of $provider", ({ module }) => {
  story.for(
    Object.entries(ways).flatMap(([name, end]) =>
      Array.from({ length: rounds }, (_, n) => [name, n + 1, end] as const),
    ),
  )(
    "whose mixed changes end half way by %s is finished by the next run, none doubled and none lost (round %i)",
    { timeout: 900_000 },
    async ([way, , end], { means }) => {
      const { emulator, stack, foreign } = await begin(means, module);
      const first = Array.from({ length: size }, (_, n) => rowOf(n, "v1"));
      await declare(stack, first);
      // The first run is ended too: it makes everything.
      const reached = await endAt(1 + Math.floor(Math.random() * size), end, stack, emulator);
      await unlock(stack);
      if (way === "Ctrl-C") {
        const [set] = await stack.resources();
        expect(set?.outputs["count"], `ended at ${reached}`).toBe(emulator.organizations().length - 1);
      }
      const made = emulator.organizations().length;
      const up = await stack.up();
      expect(up, up.text).toMatchObject({ code: 0 });
      expect(held(emulator)).toEqual(wanted(first));
      expect(made).toBeLessThanOrEqual(size + 1);
      const ids = new Map(emulator.organizations().map((one) => [one.external_id, one.id]));

      // A third goes, a third changes, a third comes.
      const third = Math.floor(size / 3);
      const second = [
        ...first.slice(third, 2 * third),
        ...first.slice(2 * third).map((_, n) => rowOf(2 * third + n, "v2")),
        ...Array.from({ length: third }, (_, n) => rowOf(size + n, "v2")),
      ];
      await declare(stack, second);
      disturb(emulator);
      const from = writesOf(emulator);
      await endAt(1 + Math.floor(Math.random() * size), end, stack, () => writesOf(emulator) - from);
      emulator.heal();
      await unlock(stack);
      const again = await stack.up();
      expect(again, again.text).toMatchObject({ code: 0 });
      expect(held(emulator)).toEqual(wanted(second));
      for (const { external_id, id } of emulator.organizations())
        if (ids.has(external_id)) expect(id).toBe(ids.get(external_id));
      expect(emulator.organizations()).toEqual(expect.arrayContaining(foreign));
      expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
      expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
    },
  );
});
