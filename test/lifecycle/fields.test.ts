import { describe, expect, test } from "vitest";
import type { Live } from "../../src/api/codec.ts";
import { organization } from "../../src/definitions/organization.ts";
import { type Want, wantedValue } from "../../src/definitions/want.ts";
import { convergerOf } from "../../src/lifecycle/converge.ts";
import { type State, withNotes } from "../../src/lifecycle/state.ts";
import { begin, changedFields, clientWith, declaredIn, full } from "../support/lifecycle.ts";
import { byHand, requestsOf } from "../support/seed.ts";

const undeclared = ["slug", "logoUrl", "features"];
const whole = {
  ...full,
  slug: "megasoft",
  logoUrl: "https://cdn.example.com/megasoft.png",
  features: { sso: true, dirSync: false },
};

describe("slug, logo and features", () => {
  test("are there after a create, and a second look finds nothing to do", async () => {
    const { lifecycle, stored, emulator } = await begin();
    const sent = await requestsOf(emulator, async () => {
      const { id, outs } = await lifecycle.create(whole);
      expect(outs).toMatchObject({ ...whole, features: { sso: true } });
      expect(declaredIn(outs)).toEqual([...Object.keys(full), "slug", "logoUrl", "features.sso", "features.dirSync"]);
      expect(changedFields(outs, whole)).toEqual([]);
      const { props, inputs } = await lifecycle.read(id, outs);
      expect(props).toEqual(outs);
      expect(inputs).toEqual(whole);
    });
    expect(stored()).toMatchObject({ slug: "megasoft", logo_url: whole.logoUrl, features: { sso: true } });
    expect(sent).toEqual([
      "POST /api/v1/organizations",
      `PATCH /api/v1/organizations/${stored()?.id}/settings`,
      `GET /api/v1/organizations/${stored()?.id}`,
    ]);
  });

  test("need no second request where the features are off that are to be off", async () => {
    const { lifecycle, writes } = await begin();
    await lifecycle.create({ ...whole, features: { sso: false } });
    expect(writes()).toBe(1);
  });

  test("stay as they are while nobody declares them", async () => {
    const { lifecycle, stored } = await begin();
    const { id, outs } = await lifecycle.create(whole);
    // What a program that did not declare them left in a state.
    const old = withNotes(outs, { undeclared });
    expect(changedFields(old, full)).toEqual([]);
    await lifecycle.update(id, old, { ...full, displayName: "Megasoft Inc" });
    expect(stored()).toMatchObject({ display_name: "Megasoft Inc", slug: "megasoft", features: { sso: true } });
  });

  test("are cleared and turned off when they are taken out of the program", async () => {
    const { lifecycle, stored } = await begin();
    const { id, outs } = await lifecycle.create(whole);
    expect(changedFields(outs, full)).toEqual(["slug", "logoUrl", "features"]);
    const { outs: state } = await lifecycle.update(id, outs, full);
    expect(stored()).toMatchObject({ slug: null, logo_url: null, features: { sso: false } });
    expect(changedFields(state, full)).toEqual([]);
    expect(declaredIn(state)).toEqual(Object.keys(full));
  });

  test("that were never declared are the program's from the moment it declares them", async () => {
    const { lifecycle, writes } = await begin();
    const { id, outs } = await lifecycle.create(whole);
    const old = withNotes(outs, { undeclared });
    const before = writes();
    const { outs: state } = await lifecycle.update(id, old, whole);
    expect(writes()).toBe(before);
    expect(declaredIn(state)).toEqual(expect.arrayContaining(["features.sso", "features.dirSync"]));
  });

  test("that somebody changes by hand are drift, and are brought back", async () => {
    const { lifecycle, stored, emulator } = await begin();
    const { id, outs } = await lifecycle.create(whole);
    await byHand(emulator, "PATCH", `/${id}`, { slug: "by-hand", logo_url: "" });
    const settings = {
      features: [
        { name: "sso", enabled: false },
        { name: "session_policy", enabled: true },
      ],
    };
    await byHand(emulator, "PATCH", `/${id}/settings`, settings);
    const { props, inputs } = await lifecycle.read(id, outs);
    expect(inputs).toEqual({ ...full, slug: "by-hand", features: { sso: false, dirSync: false } });
    expect(changedFields(props as State, whole)).toEqual(["slug", "logoUrl", "features"]);
    await lifecycle.update(id, props as State, whole);
    expect(stored()).toMatchObject({ slug: "megasoft", logo_url: whole.logoUrl });
    // Nobody declared the session policy.
    expect(stored()?.features).toMatchObject({ sso: true, session_policy: true });
  });

  test("an organization whose second step fails stays in the state, and the next up finishes it", async () => {
    const { process, stored, emulator } = await begin();
    emulator.fail({ method: "PATCH", count: 20, effect: { kind: "status", status: 403 } });
    const failure = await process()
      .create(whole)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ id: stored()?.id, properties: { slug: "megasoft" } });
    emulator.heal();
    const { id, properties } = failure as { id: string; properties: State };
    const next = process();
    expect(await next.diff(id, properties, whole)).toMatchObject({ isChanged: true });
    await next.update(id, properties, whole);
    expect(emulator.organizations()).toHaveLength(1);
    expect(stored()?.features).toMatchObject({ sso: true });
  });

  test("nothing is lost where the request that sets features fails half way", async () => {
    const { process, stored, emulator } = await begin({ settings: "replace" });
    const { id, outs } = await process().create({ ...full, features: { sso: true } });
    const settings = {
      features: [
        { name: "sso", enabled: true },
        { name: "session_policy", enabled: true },
      ],
    };
    await byHand(emulator, "PATCH", `/${id}/settings`, settings);
    emulator.fail({ method: "PATCH", skip: 1, count: 20, effect: { kind: "status", status: 403 } });
    await process().update(id, outs, { ...full, features: { sso: false } });
    expect(stored()?.features).toEqual({ sso: false, session_policy: true });
  });

  test("a feature that the environment does not give is named", async () => {
    const { client, emulator, process, stored } = await begin();
    const deaf = clientWith(client, ({ get }) => ({ updateField: ({ id }) => get(id) }));
    await expect(process("stack", deaf).create(whole)).rejects.toThrow("another value for features.sso");
    expect(emulator.organizations()).toHaveLength(1);
    expect(stored()?.features).toEqual({});
  });

  test("a slug that another organization has is refused, and nothing is made", async () => {
    const { lifecycle, emulator } = await begin();
    await lifecycle.create(whole);
    await expect(lifecycle.create({ displayName: "Other", slug: "megasoft" })).rejects.toThrow("slug already exists");
    await expect(lifecycle.create({ displayName: "Other", externalId: "CUST-2", slug: "megasoft" })).rejects.toThrow(
      "slug already exists",
    );
    expect(emulator.organizations()).toHaveLength(1);
  });

  test("what an interrupted run made keeps the features that it never declared", async () => {
    const { process, emulator, stored } = await begin();
    const owner = "urn:pulumi:s::p::T::megasoft";
    const declared = { ...full, features: { sso: true } };
    const { id } = await process().create(declared, owner);
    // The environment gives each new organization a feature, and the run ends before its state is saved.
    const settings = { features: [{ name: "session_policy", enabled: true }] };
    await byHand(emulator, "PATCH", `/${id}/settings`, settings);
    expect(await process().create(full, owner)).toMatchObject({ id });
    expect(stored()?.features).toMatchObject({ sso: false, session_policy: true });
    expect(emulator.organizations()).toHaveLength(1);
  });

  test("an environment that refuses a feature gets all the rest", async () => {
    const { lifecycle, emulator, stored } = await begin();
    const { id, outs } = await lifecycle.create(full);
    emulator.fail({
      method: "PATCH",
      path: `/api/v1/organizations/${id}/settings`,
      count: 20,
      effect: { kind: "status", status: 403 },
    });
    const changed = { displayName: "New", externalId: "CUST-2", metadata: { tier: "iron" }, features: { sso: true } };
    await expect(lifecycle.update(id, outs, changed)).rejects.toThrow("403");
    expect(stored()).toMatchObject({ display_name: "New", external_id: "CUST-2", metadata: { tier: "iron" } });
  });

  test("a create with a slug whose answer is lost is recognized, also where the server makes up a slug by itself", async () => {
    const { lifecycle, emulator, stored } = await begin();
    emulator.fail({ method: "POST", effect: { kind: "cut", when: "after" } });
    const { id } = await lifecycle.create({ ...full, slug: "megasoft" });
    expect(emulator.organizations()).toHaveLength(1);
    expect(stored()?.id).toBe(id);
  });
});

describe.each(["merge", "replace"] as const)(
  "features that a request does not name, on a server that has them %s",
  (settings) => {
    test("stay on, whatever was changed by hand since the last look", async () => {
      const { lifecycle, stored, emulator } = await begin({ settings });
      const { id, outs } = await lifecycle.create({ ...full, features: { sso: true } });
      const byHands = (name: string) =>
        byHand(emulator, "PATCH", `/${id}/settings`, {
          features: [
            ...Object.entries(stored()?.features ?? {}).map(([one, enabled]) => ({ name: one, enabled })),
            { name, enabled: true },
          ],
        });
      await byHands("session_policy");
      const off = await lifecycle.update(id, outs, { ...full, features: { sso: false } });
      expect(stored()?.features).toMatchObject({ session_policy: true });
      expect(stored()?.features["sso"] ?? false).toBe(false);
      await byHands("domain_verification");
      await lifecycle.update(id, off.outs, { ...full, features: { sso: true } });
      expect(stored()?.features).toMatchObject({ sso: true, session_policy: true, domain_verification: true });
    });
  },
);

test("features stay on where an update is answered without the settings", async () => {
  const bare = { id: "org_1", displayName: "Mega", metadata: {} };
  const sent: object[] = [];
  const endpoints = {
    get: async () => ({ ...bare, features: { sso: true } }),
    update: async () => bare,
    updateField: async (live: Live, name: string, want: Want) => {
      const features = wantedValue(organization.fields.features, want, live[name]) as object;
      sent.push(features);
      return { ...bare, features };
    },
    removeEntry: async () => {},
  };
  const converge = convergerOf(organization, endpoints, { sleep: async () => {}, serverNow: Date.now });
  const known = { ...bare, displayName: "Megasoft", features: { sso: true } };
  await converge({ displayName: { set: "Mega" }, features: { set: { dirSync: true } } }, known, () => {});
  expect(sent).toEqual([{ sso: true, dirSync: true }]);
});
