import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { noGate } from "../../src/api/gate.ts";
import { definitions } from "../../src/definitions/index.ts";
import { startEmulator } from "../../src/emulator/index.ts";
import { entryOf, providerOf } from "../../src/host/providers.ts";
import { resourceMarkIn, resourceMarkOf } from "../../src/lifecycle/claims.ts";
import { notesIn, type State } from "../../src/lifecycle/state.ts";
import { newProvider } from "../../src/provider/provider.ts";
import { byHand } from "../support/seed.ts";
import { repository } from "../support/stack.ts";

const settings = (environmentUrl: string) => ({
  "scalekit:environmentUrl": environmentUrl,
  "scalekit:clientId": "emulator",
  "scalekit:clientSecret": "emulator-secret",
});

const provider = providerOf("Organization");

/** What the engine's host hands to `configure`. */
const configOf = (values: Record<string, string>) => ({ config: { get: (key: string) => values[key] } });

async function begin() {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  await provider.configure(configOf(settings(emulator.url)));
  return emulator;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each(Object.keys(definitions) as (keyof typeof definitions)[])(
  "the entry of %s gives the host a dynamic provider",
  (name) => {
    const module: { handler?: () => ReturnType<typeof providerOf> } = {};
    entryOf(name)(module);
    const typed: Pick<pulumi.dynamic.ResourceProvider, "check" | "create" | "delete"> | undefined = module.handler?.();
    const verbs = ["check", "configure", "create", "delete", "diff", "read", "update"];
    expect(Object.keys(typed ?? {}).sort()).toEqual(verbs);
  },
);

test("the package has an entry for each definition, by the name of its class, and no others", async () => {
  const files = await readdir(join(repository, "dist/entries"));
  expect(files.sort()).toEqual([...Object.keys(definitions), "OrganizationSet"].map((name) => `${name}.js`).sort());
});

test("serves calls that come in before configure has returned", async () => {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const configured = provider.configure(configOf(settings(emulator.url)));
  const made = await Promise.all([1, 2, 3].map((n) => provider.create({ displayName: `Customer ${n}` })));
  await configured;
  expect(new Set(made.map(({ id }) => id)).size).toBe(3);
  expect(emulator.requests.filter(({ path }) => path === "/oauth/token")).toHaveLength(1);
});

test("takes the settings of the environment when the stack has none", async () => {
  const emulator = await begin();
  await provider.configure(configOf({}));
  for (const [name, value] of Object.entries(emulator.environment)) vi.stubEnv(name, value);
  await provider.create({ displayName: "Megasoft" });
  expect(emulator.organizations()).toHaveLength(1);
});

describe("check", () => {
  test("tries the credentials for a new organization, and asks nothing for one that exists", async () => {
    const emulator = await begin();
    const args = { displayName: "Megasoft", __provider: "text" };
    await provider.check(args, args);
    expect(emulator.requests).toEqual([]);
    expect(await provider.check({}, args)).toEqual({ inputs: args });
    expect(emulator.requests).toMatchObject([{ path: "/oauth/token" }]);
  });

  test.each(["externalId", "slug"])(
    "tells at preview that two resources declare one %s, and names the other",
    async (field) => {
      await begin();
      const declare = (name: string, value: string) =>
        provider.check(
          {},
          {
            displayName: name,
            [field]: value,
            __origin: { stack: "s", project: "project", urn: `urn:pulumi:s::p::T::${name}` },
          },
        );
      expect(await declare("megasoft", "cust-7")).not.toHaveProperty("failures");
      expect(await declare("initech", "cust-8")).not.toHaveProperty("failures");
      expect(await declare("megasoft", "cust-7")).not.toHaveProperty("failures");
      const { failures } = await declare("double", "cust-7");
      expect(failures).toEqual([
        { property: "", reason: `${field} is the same as that of megasoft, and must be unique in an environment` },
      ]);
    },
  );

  test("keeps the origin, which only the provider needs, out of the inputs", async () => {
    await begin();
    const __origin = { stack: "s", project: "project", urn: "urn:pulumi:s::p::T::a" };
    expect(await provider.check({}, { displayName: "Megasoft", __origin })).toEqual({
      inputs: { displayName: "Megasoft" },
    });
  });

  test("names no property, since the engine would print its value, but says the path", async () => {
    await begin();
    expect(await provider.check({}, { displayName: "Megasoft", metadata: { tier: "" } })).toMatchObject({
      failures: [{ property: "", reason: "metadata.tier must be 1 to 256 characters long; it has 0" }],
    });
  });

  test("tells missing settings as a failure, not as a crash", async () => {
    for (const name of ["SCALEKIT_ENVIRONMENT_URL", "SCALEKIT_CLIENT_ID", "SCALEKIT_CLIENT_SECRET"])
      vi.stubEnv(name, "");
    await provider.configure(configOf({}));
    const { failures } = await provider.check({ displayName: "Megasoft" }, { displayName: "Megasoft" });
    expect(failures).toMatchObject([{ property: "", reason: expect.stringContaining("scalekit:clientSecret") }]);
  });
});

describe("diff", () => {
  test("ignores the provider's own text and what only the server decides", async () => {
    await begin();
    const state: State = { displayName: "Megasoft", updateTime: "2026-01-01T00:00:00Z" };
    const old = { ...state, __provider: "old text" };
    const news = { displayName: "Megasoft", __provider: "new text" };
    expect(await provider.diff("org_1", old, news)).toMatchObject({ changes: false, replaces: [] });
    expect(await provider.diff("org_1", old, { ...news, displayName: "Mega" })).toMatchObject({
      changes: true,
      replaces: [],
    });
  });

  test("asks for no replacement, whatever changes", async () => {
    await begin();
    const news = { displayName: "b", externalId: "CUST-2", slug: "b", deletionProtection: false };
    expect(await provider.diff("org_1", { displayName: "a", externalId: "CUST-1" }, news)).toEqual({
      changes: true,
      replaces: [],
      deleteBeforeReplace: false,
    });
  });
});

test("an organization that a policy changed after its check is still known to an interrupted run's next", async () => {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-provider-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  vi.stubEnv("SCALEKIT_JOURNAL", folder);
  const said = vi.spyOn(console, "log").mockImplementation(() => {});
  onTestFinished(() => said.mockRestore());
  // Each with a connection of its own, as in a process of its own: that goes by the settings.
  const configs = ["1", "2"].map((seconds) =>
    configOf({ ...settings(emulator.url), "scalekit:operationTimeout": seconds }),
  );
  const program = { displayName: "  Megasoft ", externalId: "CUST-1" };
  const remediated = { ...program, displayName: "Megasoft" };
  const run = async () => {
    await provider.configure(configs.shift() ?? configOf({}));
    await provider.check(
      {},
      { ...program, __origin: { stack: "s", project: "project", urn: "urn:pulumi:s::p::T::megasoft" } },
    );
    return provider.create(remediated);
  };
  // It is made, and neither the answer nor a look at it arrives.
  emulator.fail({ method: "POST", effect: { kind: "status", status: 502, when: "after" } });
  emulator.fail({ method: "GET", count: 100, effect: { kind: "status", status: 502 } });
  await expect(run()).rejects.toThrow();
  emulator.heal();
  expect(await run()).toMatchObject({ id: emulator.organizations()[0]?.id });
  expect(said).toHaveBeenCalledWith(expect.stringMatching(/^Took over org_/));
  expect(emulator.organizations()).toHaveLength(1);
});

test("an organization that a policy changed after its check is not deleted with another resource that had it", async () => {
  const emulator = await begin();
  const program = { displayName: "  Megasoft ", externalId: "CUST-1", adopt: true };
  const remediated = { ...program, displayName: "Megasoft" };
  const before = await provider.create({ ...remediated, deletionProtection: false });
  const after = await provider.create(remediated);
  expect(after.id).toBe(before.id);
  // The next run, in a process of its own, of which the first did not come to delete what had it before.
  await provider.configure(configOf({ ...settings(emulator.url), "scalekit:operationTimeout": "9" }));
  await provider.check(after.outs, {
    ...program,
    __origin: { stack: "s", project: "project", urn: "urn:pulumi:s::p::T::renamed" },
  });
  // The host puts the provider's text into each state.
  const state = { ...after.outs, __provider: "text" };
  expect(await provider.diff(after.id, state, remediated)).toMatchObject({ changes: false });
  await provider.delete(before.id, before.outs as State);
  expect(emulator.organizations()).toHaveLength(1);
});

test("a state that the native plugin saved becomes this provider's by an update that sends nothing", async () => {
  const emulator = await begin();
  const megasoft = { displayName: "Megasoft", externalId: "CUST-1" };
  const { id, outs = {} } = await provider.create(megasoft);
  const sent = emulator.requests.length;
  expect(await provider.diff(id, outs, megasoft)).toMatchObject({ changes: true, replaces: [] });
  expect(await provider.update(id, outs, megasoft)).toEqual({ outs });
  expect(emulator.requests).toHaveLength(sent);
});

test("an error says its message once and shows no stack to the user", async () => {
  const emulator = await begin();
  emulator.fail({ method: "GET", effect: { kind: "status", status: 403, code: "PERMISSION_DENIED" } });
  const error = await provider.read("org_1").catch((failure: unknown) => failure);
  expect(error).toMatchObject({ message: expect.stringContaining("403 PERMISSION_DENIED") });
  // As the host prints it.
  expect(`${error}: ${(error as Error).stack}`).not.toMatch(/PERMISSION_DENIED|\.ts|\.js/);
});

test("reads after a configure see nothing that was read before it", async () => {
  const emulator = await begin();
  const made = await Promise.all(["A", "B", "C"].map((displayName) => provider.create({ displayName })));
  const [a, b, c] = made.map(({ id, outs }) => ({ id, state: outs as State }));
  if (!a || !b || !c) throw new Error("three were made");
  await provider.configure(configOf(settings(emulator.url)));
  await Promise.all([a, b].map(({ id, state }) => provider.read(id, state)));
  await byHand(emulator, "PATCH", `/${c.id}`, { display_name: "By hand" });
  await provider.configure(configOf(settings(emulator.url)));
  expect((await provider.read(c.id, c.state)).props).toMatchObject({ displayName: "By hand" });
});

test("create, read, update and delete leave the provider's own text out of what they give", async () => {
  const emulator = await begin();
  const { id, outs } = await provider.create({ displayName: "Megasoft", __provider: "text" });
  const state = { ...outs, __provider: "text" } as State;
  expect((await provider.read(id, state)).props).toEqual(outs);
  expect((await provider.update(id, state, { displayName: "Mega", __provider: "text" })).outs).not.toHaveProperty(
    "__provider",
  );
  await provider.delete(id, { ...state, deletionProtection: false });
  expect(emulator.organizations()).toEqual([]);
});

describe("while the engine saves the state at the end of a run only", () => {
  const origin = (name: string) => ({ stack: "o/p/s", project: "project", urn: `urn:pulumi:s::p::T::${name}` });
  const megasoft = { displayName: "Megasoft", externalId: "CUST-1" };

  async function unsaved() {
    vi.stubEnv("PULUMI_SKIP_CHECKPOINTS", "true");
    const journal = await mkdtemp(join(tmpdir(), "pulumi-scalekit-unsaved-"));
    vi.stubEnv("SCALEKIT_JOURNAL", journal);
    onTestFinished(() => rm(journal, { recursive: true }));
    return begin();
  }

  test("a create needs an external ID, and an organization that exists needs none", async () => {
    await unsaved();
    const nameless = { displayName: "Nameless", __origin: origin("nameless") };
    expect(await provider.check({}, nameless)).toMatchObject({
      failures: [{ reason: expect.stringContaining("externalId is needed to create an organization while") }],
    });
    expect(await provider.check({ displayName: "Nameless" }, nameless)).not.toHaveProperty("failures");
    expect(await provider.check({}, { ...megasoft, __origin: origin("megasoft") })).not.toHaveProperty("failures");
  });

  test("a delete that makes room for a create is refused, and any other is not", async () => {
    const emulator = await unsaved();
    await provider.check({}, { ...megasoft, __origin: origin("megasoft") });
    const { id, outs } = await provider.create(megasoft);
    const state = { ...outs, deletionProtection: false } as State;
    await expect(provider.delete(id, state)).rejects.toThrow("is not replaced while PULUMI_SKIP_CHECKPOINTS is set");
    expect(emulator.organizations()).toHaveLength(1);
    await provider.configure(configOf(settings(emulator.url)));
    await provider.delete(id, state);
    expect(emulator.organizations()).toEqual([]);
  });
});

describe("two providers in one process", () => {
  const { Organization, Role } = definitions;
  const urn = "urn:pulumi:s::p::T::megasoft";
  const megasoft = { displayName: "Megasoft", externalId: "CUST-1", deletionProtection: false };
  const role = { name: "billing", displayName: "Billing" };

  /** A provider for a run of its own, with the environment and the journals that it has for itself. */
  async function run(stack: string) {
    const emulator = await startEmulator();
    onTestFinished(() => emulator.close());
    const said: string[] = [];
    const begin = () =>
      newProvider({
        ...configOf(settings(emulator.url)),
        stack: () => ({ stack, project: "project" }),
        log: (line) => said.push(line),
        gate: noGate,
      });
    return { emulator, said, begin, provider: begin() };
  }

  async function both() {
    const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-provider-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    vi.stubEnv("SCALEKIT_JOURNAL", folder);
    return [await run("o/p/one"), await run("o/p/two")] as const;
  }

  test("each work on an environment of its own, with the same resources at the same time", async () => {
    const runs = await both();
    const made = await Promise.all(
      runs.map(async ({ provider: one }) => {
        for (const [definition, inputs] of [[Organization, megasoft] as const, [Role, role] as const]) {
          expect(await one.check(definition, { urn, inputs })).toEqual([]);
        }
        const [organization, billing] = await Promise.all([
          one.create(Organization, { inputs: megasoft }),
          one.create(Role, { urn, inputs: role }),
        ]);
        // A host that does not say which resource a create is about has it found by its arguments.
        expect(resourceMarkIn(notesIn(organization.state).claim)).toBe(resourceMarkOf(urn));
        return { organization, billing };
      }),
    );
    for (const [n, { emulator }] of runs.entries()) {
      expect(emulator.organizations().map(({ id }) => id)).toEqual([made[n]?.organization.id]);
      expect(emulator.requests.filter(({ path }) => path === "/oauth/token")).toHaveLength(1);
    }
    const [first, second] = runs;
    const [{ id, state } = { id: "", state: {} }] = made.map(({ organization }) => organization);
    const renamed = { ...megasoft, displayName: "Renamed" };
    expect(await first.provider.diff(Organization, { id, state, inputs: renamed })).toMatchObject({ isChanged: true });
    await first.provider.update(Organization, { id, state, inputs: renamed });
    expect(first.emulator.organizations()).toMatchObject([{ display_name: "Renamed" }]);
    expect(second.emulator.organizations()).toMatchObject([{ display_name: "Megasoft" }]);
    // What the one has, the other has never heard of.
    expect(await second.provider.read(Organization, { id, state })).toBeUndefined();
    await first.provider.delete(Organization, { id, state });
    expect(first.emulator.organizations()).toEqual([]);
    expect(second.emulator.organizations()).toHaveLength(1);
  });

  test("know nothing of what the other's program declares, says or was interrupted in", async () => {
    const [first, second] = await both();
    expect(await first.provider.check(Organization, { urn, inputs: megasoft })).toEqual([]);
    const other = { urn: `${urn}-2`, inputs: megasoft };
    expect(await second.provider.check(Organization, other)).toEqual([]);
    expect(await first.provider.check(Organization, other)).toMatchObject([{ property: "externalId" }]);
    const { id } = await first.provider.create(Organization, { urn, inputs: megasoft });
    // Each next run takes over what that of its own stack made.
    expect(await first.begin().create(Organization, { urn, inputs: megasoft })).toMatchObject({ id });
    expect((await second.begin().create(Organization, { urn, inputs: megasoft })).id).not.toBe(id);
    expect(first.said).toEqual([expect.stringMatching(/^Took over org_/)]);
    expect(second.said).toEqual([]);
  });
});
