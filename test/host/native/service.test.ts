import type { ServiceError } from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import * as rpc from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { describe, expect, onTestFinished, test } from "vitest";
import { definitions } from "../../../src/definitions/index.ts";
import { unknown } from "../../../src/definitions/want.ts";
import { startEmulator } from "../../../src/emulator/index.ts";
import { keptBy, providerUrn, schema, secret, startPlugin, urnOf } from "../../support/plugin.ts";

const urn = urnOf("Organization");
const megasoft = { displayName: "Megasoft", externalId: "CUST-1", metadata: { tier: "gold", "cost center": "7" } };

async function begin(more: Readonly<Record<string, unknown>> = {}) {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const plugin = await startPlugin();
  const { clientId, clientSecret } = emulator.credentials;
  const settings = { environmentUrl: emulator.url, clientId, clientSecret: secret(clientSecret), ...more };
  await plugin.configure(settings);
  const create = async (inputs: Readonly<Record<string, unknown>>) => {
    const checked = await plugin.check(urn, inputs);
    expect(checked.failures).toEqual([]);
    return { ...(await plugin.create(urn, checked.inputs)), inputs: checked.inputs };
  };
  return { emulator, plugin, settings, create };
}

const errorOf = (call: Promise<unknown>): Promise<ServiceError> =>
  call.then(
    () => Promise.reject(new Error("it was not refused")),
    (error: ServiceError) => error,
  );

describe("before any resource", () => {
  test("the plugin says its version and its schema", async () => {
    const { call, client } = await startPlugin();
    const info = await call<Empty, PluginInfo>(client.getPluginInfo, new Empty());
    expect(info.getVersion()).toBe(JSON.parse(schema).version);
    const answer = await call<rpc.GetSchemaRequest, rpc.GetSchemaResponse>(
      client.getSchema,
      new rpc.GetSchemaRequest(),
    );
    expect(answer.getSchema()).toBe(schema);
  });

  test("it accepts no marks of secrets, so that the engine keeps them by itself", async () => {
    const { call, client, configure } = await startPlugin();
    const hands = await call<rpc.ProviderHandshakeRequest, rpc.ProviderHandshakeResponse>(
      client.handshake,
      new rpc.ProviderHandshakeRequest(),
    );
    expect(hands.getAcceptSecrets()).toBe(false);
    const answer = await configure({
      environmentUrl: "https://a.example.com",
      clientId: "x",
      clientSecret: secret("y"),
    });
    expect([answer.getAcceptsecrets(), answer.getSupportspreview()]).toEqual([false, true]);
  });

  const checkConfig = async (news: Readonly<Record<string, unknown>>) => {
    const { call, client } = await startPlugin();
    const request = new rpc.CheckRequest().setUrn(providerUrn).setNews(Struct.fromJavaScript(news as never));
    return call<rpc.CheckRequest, rpc.CheckResponse>(client.checkConfig, request);
  };
  const whole = { environmentUrl: "https://acme.scalekit.com", clientId: "id", clientSecret: "secret" };

  test.each([
    ["an unknown one", { ...whole, enviromentUrl: "https://x.example.com" }, /^enviromentUrl is not a setting/],
    ["one that is missing", { environmentUrl: whole.environmentUrl, clientId: "id" }, /clientSecret is missing/],
    ["one that is no URL", { ...whole, environmentUrl: "acme" }, /environmentUrl .*https/],
    ["a number that is none", { ...whole, maxRequestsPerMinute: "many" }, /maxRequestsPerMinute .* whole number/],
    ["a protection that is none", { ...whole, deletionProtection: "perhaps" }, /deletionProtection .* true or false/],
  ])("settings are checked: %s", async (_, news, reason) => {
    const [failure, ...others] = (await checkConfig(news)).getFailuresList();
    expect(others).toEqual([]);
    expect(failure?.getProperty()).toBe("");
    expect(failure?.getReason()).toMatch(reason);
    expect(failure?.getReason()).not.toContain("secret-value");
  });

  test.each([
    ["whole", whole],
    [
      "with what SDKs add, and numbers and flags as text",
      { ...whole, version: "0.1.0", maxConcurrentRequests: "5", deletionProtection: "false" },
    ],
    ["not known yet", { ...whole, environmentUrl: unknown }],
  ])("settings that are %s pass", async (_, news) => {
    const answer = await checkConfig(news);
    expect(answer.getFailuresList()).toEqual([]);
    // Whatever the program says, the state has the secret encrypted.
    expect(answer.getInputs()?.toJavaScript()).toEqual({ ...news, clientSecret: secret(news.clientSecret) });
  });

  test("a client secret in plain text is refused, without showing it", async () => {
    const { configure } = await startPlugin();
    const error = await errorOf(configure({ ...whole, clientSecret: "s3cret-value" }));
    expect(error.details).toContain("scalekit:clientSecret is not marked as a secret");
    expect(error.details).not.toContain("s3cret-value");
  });

  test("other settings never replace anything", async () => {
    const { call, client } = await startPlugin();
    const diff = (now: Readonly<Record<string, string>>) =>
      call<rpc.DiffRequest, rpc.DiffResponse>(
        client.diffConfig,
        new rpc.DiffRequest().setOldInputs(Struct.fromJavaScript(whole)).setNews(Struct.fromJavaScript(now)),
      );
    const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
    expect((await diff(whole)).getChanges()).toBe(DIFF_NONE);
    const changed = await diff({ ...whole, environmentUrl: "https://other.scalekit.com", clientId: "other" });
    expect([changed.getChanges(), changed.getReplacesList()]).toEqual([DIFF_SOME, []]);
  });
});

describe("a resource", () => {
  test("of an unknown type, or before the provider is configured, is an error of one sentence", async () => {
    const { plugin } = await begin();
    expect((await errorOf(plugin.check(urnOf("Tenant"), {}))).details).toBe(
      "The Scalekit provider has no resource scalekit:index:Tenant.",
    );
    const early = await startPlugin();
    expect((await errorOf(early.check(urn, megasoft))).details).toMatch(/has not configured/);
  });

  test("has the failures of its arguments at preview, without their values", async () => {
    const { plugin, emulator } = await begin();
    const { failures } = await plugin.check(urn, { displayName: "", externlId: "s3cret" });
    expect(failures.map(({ property }) => property)).toEqual(failures.map(() => ""));
    const reasons = failures.map(({ reason }) => reason).join("\n");
    expect(reasons).toMatch(/displayName/);
    expect(reasons).toMatch(/externlId/);
    expect(reasons).not.toContain("s3cret");
    expect(emulator.requests).toEqual([]);
  });

  test("a key that is no name in JavaScript is quoted in its path", async () => {
    const { plugin, create } = await begin();
    const { id, state, inputs } = await create(megasoft);
    const now = { ...inputs, metadata: { "cost center": "8", plan: "annual" } };
    const { details } = await plugin.diff(urn, id, { state, oldInputs: inputs, inputs: now });
    expect(details).toEqual({
      "metadata.tier": "delete",
      'metadata["cost center"]': "update",
      "metadata.plan": "add",
    });
  });

  test("a value that no preview knows is a change, and nothing is sent for it", async () => {
    const { plugin, create, emulator } = await begin();
    const { id, state, inputs } = await create(megasoft);
    const sent = emulator.requests.length;
    const now = { ...inputs, metadata: unknown };
    const checked = await plugin.check(urn, now, inputs);
    expect(checked.failures).toEqual([]);
    const { isChanged, details } = await plugin.diff(urn, id, { state, oldInputs: inputs, inputs: checked.inputs });
    expect([isChanged, details]).toEqual([true, { metadata: "update" }]);
    const expected = await plugin.update(urn, id, { state, oldInputs: inputs, inputs: checked.inputs }, true);
    expect(expected).toMatchObject({ metadata: unknown, updateTime: unknown, regionCode: state["regionCode"] });
    expect(emulator.requests).toHaveLength(sent);
  });

  test("what is taken out of the program is cleared, and what an import found is not", async () => {
    const { plugin, create, emulator } = await begin();
    const { id } = await create(megasoft);
    const found = await plugin.read(urn, id);
    const { metadata: _, ...inputs } = found.inputs;
    const { isChanged, details } = await plugin.diff(urn, id, { state: found.state, oldInputs: found.inputs, inputs });
    expect([isChanged, details]).toEqual([true, { metadata: "delete" }]);
    await plugin.update(urn, id, { state: found.state, oldInputs: found.inputs, inputs });
    expect(emulator.organizations()[0]).toMatchObject({ external_id: "CUST-1" });
    expect(emulator.organizations()[0]?.metadata ?? {}).toEqual({});
  });

  test("a create that fails half way leaves what it made in the state, and the next run finishes it", async () => {
    const { plugin, emulator } = await begin();
    const inputs = { ...megasoft, features: { sso: true } };
    await plugin.check(urn, inputs);
    emulator.fail({ method: "PATCH", effect: { kind: "status", status: 403 } });
    const error = await errorOf(plugin.create(urn, inputs));
    const kept = keptBy(error);
    expect(kept).toMatchObject({ id: emulator.organizations()[0]?.id, reasons: [error.details] });
    const { id = "", state = {} } = kept ?? {};
    const call = { state, oldInputs: inputs, inputs };
    const next = await plugin.diff(urn, id, call);
    expect(next).toMatchObject({ isChanged: true, replaces: [] });
    expect(await plugin.update(urn, id, call)).toMatchObject({ features: { sso: true } });
    expect(emulator.organizations()).toHaveLength(1);
  });

  test("the provider's protection holds where a program says nothing", async () => {
    const open = await begin({ deletionProtection: "false" });
    const made = await open.create(megasoft);
    expect(made.inputs).toMatchObject({ deletionProtection: false });
    await open.plugin.remove(urn, made.id, { state: made.state, oldInputs: made.inputs });
    expect(open.emulator.organizations()).toEqual([]);

    const closed = await begin();
    const kept = await closed.create(megasoft);
    expect(kept.inputs).not.toHaveProperty("deletionProtection");
    const error = await errorOf(closed.plugin.remove(urn, kept.id, { state: kept.state, oldInputs: kept.inputs }));
    expect(error.details).toMatch(/protected from deletion.*deletionProtection: false/s);
    expect(closed.emulator.organizations()).toHaveLength(1);
  });

  test("a state of the dynamic provider's is one of this one's, without what that needs", async () => {
    const { plugin, create } = await begin();
    const { id, state, inputs } = await create(megasoft);
    const text = { __provider: "exports.handler=…" };
    const call = { state: { ...state, ...text }, oldInputs: { ...inputs, ...text }, inputs };
    expect(await plugin.diff(urn, id, call)).toEqual({ isChanged: false, replaces: [], details: {} });
    expect((await plugin.read(urn, id, { state: call.state, inputs: call.oldInputs })).state).toEqual(state);
  });
});

describe("look-ups", () => {
  test("answer by id, by key, as lists and selected, and say what is missing", async () => {
    const { plugin, create } = await begin();
    const { id } = await create(megasoft);
    const byKey = await plugin.invoke("scalekit:index:getOrganization", { externalId: "CUST-1" });
    expect(byKey).toMatchObject({ id, ...megasoft });
    expect(await plugin.invoke("scalekit:index:getOrganization", { id })).toEqual(byKey);
    const all = await plugin.invoke("scalekit:index:getOrganizations", { metadata: { tier: "gold" } });
    expect(all).toEqual({ organizations: [byKey] });
    expect(await plugin.invoke("scalekit:index:getOrganizations", { externalIdPrefix: "X" })).toEqual({
      organizations: [],
    });
    const missing = await errorOf(plugin.invoke("scalekit:index:getOrganization", { externalId: "NONE" }));
    expect(missing.details).toMatch(/There is no organization with the external ID/);
    expect((await errorOf(plugin.invoke("scalekit:index:getTenant", {}))).details).toMatch(/no function/);
  });

  test("are those of the schema, and no others", async () => {
    const { plugin } = await begin();
    for (const token of Object.keys(JSON.parse(schema).functions)) {
      const error = await errorOf(plugin.invoke(token, { id: "x", nonsense: "y" })).catch(() => undefined);
      expect(error?.details ?? "").not.toMatch(/no function/);
    }
    const types = Object.keys(JSON.parse(schema).resources);
    expect(types.sort()).toEqual(
      [...Object.keys(definitions), "OrganizationSet"].map((name) => `scalekit:index:${name}`).sort(),
    );
  });
});
