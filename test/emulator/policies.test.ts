import { describe, expect, test } from "vitest";
import type { EmulatorOptions } from "../../src/emulator/index.ts";
import { begin, violations } from "../support/plain-client.ts";

async function prepared(options: EmulatorOptions = {}) {
  const session = await begin(options);
  const { id } = await session.create({ display_name: "Megasoft" });
  const path = `/organizations/${id}/session-policy`;
  return { ...session, id, path, patch: (body: object) => session.call("PATCH", path, body) };
}

const custom = {
  policy_source: "CUSTOM",
  absolute_session_timeout: 2,
  absolute_session_timeout_unit: "DAYS",
  idle_session_timeout_enabled: true,
  idle_session_timeout: 3,
  idle_session_timeout_unit: "HOURS",
};
const inMinutes = {
  policy_source: "CUSTOM",
  absolute_session_timeout: 2880,
  absolute_session_timeout_unit: "MINUTES",
  idle_session_timeout_enabled: true,
  idle_session_timeout: 180,
  idle_session_timeout_unit: "MINUTES",
};

describe("session policy", () => {
  test("is the application's, until there is a custom one, and again", async () => {
    const { call, path, patch, emulator } = await prepared();
    const application = { status: 200, body: { policy: { policy_source: "APPLICATION" } } };
    expect(await call("GET", path)).toMatchObject(application);
    expect(await patch(custom)).toMatchObject({ status: 200, body: { policy: inMinutes } });
    expect((await call("GET", path)).body).toEqual({ policy: inMinutes });
    expect(emulator.all("session_policies")).toMatchObject([{ absolute: 2880, idle: 180 }]);
    expect((await patch({ policy_source: "APPLICATION" })).body).toEqual(application.body);
    expect((await call("GET", path)).body).toEqual(application.body);
  });

  test("shows no idle timeout that is switched off", async () => {
    const { patch } = await prepared();
    const { policy } = (await patch({ ...custom, idle_session_timeout_enabled: false })).body;
    expect(policy).toMatchObject({ absolute_session_timeout: 2880, idle_session_timeout_enabled: false });
    expect(policy).not.toHaveProperty("idle_session_timeout");
  });

  test.each([
    [{ absolute_session_timeout: 180, absolute_session_timeout_unit: "MINUTES" }, "absolute_session_timeout"],
    [
      { absolute_session_timeout: 5, idle_session_timeout_enabled: false, absolute_session_timeout_unit: "MINUTES" },
      "absolute_session_timeout",
    ],
    [{ absolute_session_timeout: -1, idle_session_timeout_enabled: false }, "absolute_session_timeout"],
    [{ idle_session_timeout: 5, idle_session_timeout_unit: "MINUTES" }, "idle_session_timeout"],
  ])("absolute is longer than idle, and idle than an access token's life: %j", async (wrong, field) => {
    const { call, path, patch } = await prepared();
    const answer = await patch({ ...custom, ...wrong });
    expect(answer.status).toBe(400);
    expect(Object.keys(violations(answer))).toEqual([field]);
    expect((await call("GET", path)).body.policy.policy_source).toBe("APPLICATION");
  });

  test.each([
    { policy_source: "MINE" },
    { absolute_session_timeout_unit: "WEEKS" },
    { absolute_session_timeout: "long" },
  ])("what does not parse is refused: %j", async (wrong) => {
    const { patch } = await prepared();
    expect((await patch({ ...custom, ...wrong })).status).toBe(400);
  });

  test.each([
    ["merge", { ...inMinutes, absolute_session_timeout: 480 }],
    ["replace", { policy_source: "CUSTOM", absolute_session_timeout: 480, absolute_session_timeout_unit: "MINUTES" }],
  ] as const)("sessionPolicy %s", async (sessionPolicy, left) => {
    const { patch } = await prepared({ semantics: { sessionPolicy } });
    await patch(custom);
    expect((await patch({ policy_source: "CUSTOM", absolute_session_timeout: 480 })).body.policy).toEqual(left);
  });

  test("sessionPolicyFeature required: a custom one needs the feature", async () => {
    const { call, id, patch } = await prepared({ semantics: { sessionPolicyFeature: "required" } });
    expect(await patch(custom)).toMatchObject({ status: 403, body: { code: 7 } });
    await call("PATCH", `/organizations/${id}/settings`, { features: [{ name: "session_policy", enabled: true }] });
    expect(await patch(custom)).toMatchObject({ status: 200 });
  });
});

test("user management: a limit is set, lifted and taken away, and not read", async () => {
  const { call, id, emulator } = await prepared();
  const path = `/organizations/${id}/settings/usermanagement`;
  for (const [settings, shown] of [
    [{ max_allowed_users: 5 }, { max_allowed_users: 5 }],
    [{ max_allowed_users: 0 }, { max_allowed_users: 0 }],
    [{ max_allowed_users: null }, {}],
    [{ max_allowed_users: 7 }, { max_allowed_users: 7 }],
    [{}, {}],
  ]) {
    expect((await call("PATCH", path, { settings })).body).toEqual({ settings: shown });
    expect(emulator.all("user_management_settings")).toMatchObject([
      { organization_id: id, max_allowed_users: shown?.max_allowed_users ?? null },
    ]);
  }
  expect((await call("GET", path)).status).toBe(501);
  expect(violations(await call("PATCH", path, {}))).toEqual({ settings: "required" });
  expect(violations(await call("PATCH", path, { settings: { max_allowed_users: -1 } }))).toEqual({
    "settings.max_allowed_users": "int32.gte",
  });
});

test.each([
  ["merge", { sso: true, dir_sync: true }],
  ["replace", { dir_sync: true }],
] as const)("settings %s: features that are not named", async (settings, left) => {
  const { call, id, emulator } = await prepared({ semantics: { settings } });
  const turnOn = (name: string) =>
    call("PATCH", `/organizations/${id}/settings`, { features: [{ name, enabled: true }] });
  await turnOn("sso");
  await turnOn("dir_sync");
  expect(emulator.organizations()[0]?.features).toEqual(left);
});
