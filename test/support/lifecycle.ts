import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { newClient } from "../../src/api/client.ts";
import type { Values } from "../../src/definitions/definition.ts";
import { organization } from "../../src/definitions/organization.ts";
import { unmetFields } from "../../src/definitions/want.ts";
import { type SemanticsOptions, startEmulator } from "../../src/emulator/index.ts";
import { openJournal } from "../../src/lifecycle/journal.ts";
import { journalFile } from "../../src/lifecycle/journal-file.ts";
import { newLifecycle } from "../../src/lifecycle/lifecycle.ts";
import { statesOf } from "../../src/lifecycle/state.ts";

/** Retries without waiting. */
export const unhurried = { now: Date.now, random: () => 0, sleep: async () => {} };

export const full = {
  displayName: "Megasoft",
  externalId: "CUST-1",
  metadata: { tier: "gold", plan: "annual" },
};

/** What organizations are in a state. */
export const { changedFields, declaredIn } = statesOf(organization);

/** The lifecycle of organizations over real HTTP, on an emulator of the test's own. */
export async function begin(semantics: SemanticsOptions = {}) {
  const emulator = await startEmulator({ semantics });
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-journal-"));
  const said: string[] = [];
  const client = newClient({ environmentUrl: emulator.url, ...emulator.credentials, clock: unhurried });
  onTestFinished(async () => {
    await client.close();
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The lifecycle as a process of its own would have it, remembering what earlier ones of its stack left. */
  const process = (stack = "stack", over = client) => {
    const file = journalFile(join(folder, `${stack}.jsonl`), (line) => said.push(line));
    const journal = openJournal(emulator.url, () => file);
    return { ...newLifecycle(organization, over, { journal, say: (line) => said.push(line) }), journal };
  };

  const organizations = client.of(organization);

  /** Somebody's change of one by hand: what is `null` is cleared. */
  const edit = async (id: string, values: Values) => {
    const live = (await organizations.get(id)) ?? { id };
    const wants = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        value === null
          ? { unset: true as const }
          : { set: value, ...(name === "metadata" && { unset: "others" as const }) },
      ]),
    );
    return unmetFields(organization, wants, live).length === 0 ? live : organizations.update(live, wants);
  };

  return {
    emulator,
    client,
    organizations,
    edit,
    folder,
    said,
    process,
    lifecycle: process(),
    /** How many requests were made that may change something. */
    writes: () => emulator.requests.filter(({ method, path }) => method !== "GET" && path !== "/oauth/token").length,
    stored: () => emulator.organizations()[0],
  };
}
