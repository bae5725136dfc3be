import { describe, expect, test } from "vitest";
import { called, type Definition, isOwned, isSetting, keyFieldsOf, makerOf } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import type { FaultOptions } from "../../src/emulator/index.ts";
import type { State } from "../../src/lifecycle/state.ts";
import { alike, beginWith, type Kept, sendable } from "../support/lifecycle.ts";
import { send } from "../support/plain-client.ts";
import { changedIn } from "../support/samples.ts";

const all: readonly Definition[] = Object.values(definitions);
const made = all.filter((one) => !isSetting(one.api) && makerOf(one) === undefined);
const keyed = made.filter((one) => keyFieldsOf(one) !== undefined);
const keyless = made.filter((one) => !keyed.includes(one));
const settings = all.filter((one) => !made.includes(one));

const lost: [string, FaultOptions["effect"]][] = [
  ["the connection is cut before the work is done", { kind: "cut", when: "before" }],
  ["the connection is cut after the work is done", { kind: "cut", when: "after" }],
  ["a proxy answers 500 after the work is done", { kind: "status", status: 500, when: "after" }],
  ["a success answer is no JSON", { kind: "garbage", status: 201 }],
  ["a success answer is cut short", { kind: "truncated", ends: "body" }],
  ["a success answer is about nothing", { kind: "garbage", status: 201, body: "{}" }],
];
const once = (effect: FaultOptions["effect"]) => ({ method: "POST", effect }) as const;
const lasting = (effect: FaultOptions["effect"]) => ({ method: "POST", count: 100, effect }) as const;

describe.each(keyed)("$name, which only one can be", (definition) => {
  test.each(lost)("is made once where %s, once or always", async (_, effect) => {
    for (const fault of [once(effect), lasting(effect)]) {
      const { process, full, emulator, all } = await beginWith(definition);
      const before = (await all()).length;
      emulator.fail(fault);
      const first = await process()
        .create(full, "urn::one")
        .catch((error: Error & Kept) => error);
      emulator.heal();
      if (first instanceof Error) {
        expect(first.message).toContain(`Could not create the ${definition.noun}`);
        expect(first).not.toHaveProperty("id");
      }
      const { id, outs } = first instanceof Error ? await process().create(full, "urn::one") : first;
      expect(outs).toMatchObject(full);
      expect((await all()).length).toBe(before + 1);
      expect(await process().diff(id, outs, full)).toMatchObject({ isChanged: false });
    }
  });

  // Where the API tells when one was made, that tells them apart, and somebody else's is from another time.
  if (!("createTime" in definition.outputs)) {
    test("is not taken for this stack's own where a lost answer leaves the like of it in doubt", async () => {
      const { process, full, emulator, endpoints, organization, all } = await beginWith(definition);
      const owner = isOwned(definition) ? organization : undefined;
      const theirs = await endpoints.create(owner, full);
      const before = await all();
      emulator.fail(once({ kind: "cut", when: "before" }));
      for (let run = 0; run < 2; run++) {
        await expect(process().create(full, "urn::one")).rejects.toThrow(`belongs to ${called(definition, theirs.id)}`);
      }
      expect(await all()).toEqual(before);
    });
  }

  test("is taken over where the run was killed before it was saved", async () => {
    const { process, full, all, said } = await beginWith(definition);
    const { id } = await process().create(full, "urn::one");
    const count = (await all()).length;
    const next = await process().create(full, "urn::one");
    expect(next.id).toBe(id);
    expect(next.outs).toMatchObject(full);
    expect(said.join("\n")).toContain(`Took over ${called(definition, id)}`);
    expect(await all()).toHaveLength(count);
    // Now it is known, and so nobody else's.
    await process().diff(id, next.outs, full);
    await expect(process().create(full, "urn::two")).rejects.toThrow("belongs to");
  });

  test("is named where the run was killed and the program now asks for another: nothing is deleted unasked", async () => {
    const { process, full, all, endpoints } = await beginWith(definition);
    const { id } = await process().create(full, "urn::one");
    const before = await all();
    const field = keyFieldsOf(definition)?.findLast((name) => definition.fields[name]?.rule.type === "text") ?? "";
    const key = { [field]: field === "domain" ? "other.com" : "other_name" };
    for (let run = 0; run < 2; run++) {
      await expect(process().create({ ...full, ...key }, "urn::one")).rejects.toThrow(
        new RegExp(`an interrupted run made ${called(definition, id)} .* with another .*delete that one first`),
      );
    }
    expect(await all()).toEqual(before);
    await endpoints.remove(id);
    const next = await process().create({ ...full, ...key }, "urn::one");
    expect(next.outs).toMatchObject(key);
    expect(await all()).toHaveLength(before.length);
    expect(await process().diff(next.id, next.outs, { ...full, ...key })).toMatchObject({ isChanged: false });
  });

  const field = sendable(definition)[0];
  if (field !== undefined) {
    test("is what the program says where the run was killed and the program has changed since", async () => {
      const { process, full, all, endpoints } = await beginWith(definition);
      const { id } = await process().create(full, "urn::one");
      const count = (await all()).length;
      const changed = changedIn(definition, full, field);
      const next = await process().create(changed, "urn::one");
      expect(next.id).toBe(id);
      expect(alike(definition.fields[field], (await endpoints.get(id))?.[field], changed[field])).toBe(true);
      expect(await all()).toHaveLength(count);
    });
  }
});

test("a saved permission does not settle a role of the same name that was never saved", async () => {
  const { Permission, Role } = definitions;
  const permission = await beginWith(Permission);
  const run = (definition: Definition) => permission.processOf(definition);
  const saved = await run(Permission).create({ name: "editor" }, "urn::permission");
  const role = { name: "editor", displayName: "Editor" };
  await run(Role).create(role, "urn::role");
  await run(Permission).diff(saved.id, saved.outs, { name: "editor" });
  expect(await run(Role).create(role, "urn::role")).toMatchObject({ id: "editor" });
});

describe.each(keyless)("$name, of which there can be many", (definition) => {
  test.each(lost)("is never made twice where %s", async (_, effect) => {
    const { process, full, emulator, all, endpoints } = await beginWith(definition);
    const theirs = await endpoints.create(full["organizationId"] as string, { name: "Somebody else's" });
    emulator.fail(once(effect));
    await expect(process().create(full, "urn::one")).rejects.toThrow("It is not created a second time.");
    const [lostOne] = (await all()).filter((one) => one?.id !== theirs.id);
    if (lostOne !== undefined) {
      // It cannot be proved whose it is, and it is of no use without its secret.
      await expect(process().create(full, "urn::one")).rejects.toThrow(
        `It may be ${called(definition, lostOne.id)}, and that cannot be proved. If it is, delete it, since its secret is lost; if it is not, change its description`,
      );
      expect(await all()).toHaveLength(2);
      await endpoints.remove(lostOne.id);
    }
    const { id, outs } = await process().create(full, "urn::one");
    expect(outs["clientSecret"]).toBeTypeOf("string");
    expect((await all()).map((one) => one?.id).sort()).toEqual([theirs.id, id].sort());
  });

  test("is given another secret where the run was killed before its secret was saved, and nothing is deleted", async () => {
    const { process, full, all, emulator } = await beginWith(definition);
    const { id } = await process().create(full, "urn::one");
    const next = await process().create(full, "urn::one");
    expect(next.id).toBe(id);
    expect(await all()).toHaveLength(1);
    expect(emulator.requests.filter(({ method }) => method === "DELETE")).toEqual([]);
    const { clientId, clientSecret } = next.outs as { clientId?: string; clientSecret?: string };
    const grant = { grant_type: "client_credentials", client_id: `${clientId}`, client_secret: `${clientSecret}` };
    const token = await send(`${emulator.url}/oauth/token`, { method: "POST", body: new URLSearchParams(grant) });
    expect(token.status).toBe(200);
  });

  test("is not kept where the answer that made it tells no secret", async () => {
    const { process, full, emulator, organization } = await beginWith(definition);
    const body = JSON.stringify({
      client: { client_id: "m2morg_1", organization_id: organization, name: full["name"] },
    });
    emulator.fail(once({ kind: "garbage", status: 201, body }));
    const failure = await process()
      .create(full, "urn::one")
      .catch((error: Error) => error);
    expect((failure as Error).message).toMatch(/plain_secret is missing.*not created a second time/s);
    expect(failure).not.toHaveProperty("id");
  });

  test("keeps its secret through refreshes and changes", async () => {
    const { process, full } = await beginWith(definition, { emptyFields: "clears" });
    const { id, outs } = await process().create(full, "urn::one");
    const { props } = await process().read(id, outs);
    const changed = changedIn(definition, full, "name");
    const { outs: after } = await process().update(id, props as State, changed);
    expect([after["clientSecret"], after["rotation"]]).toEqual([outs["clientSecret"], full["rotation"]]);
  });
});

describe.each(settings)("$name, which is there before", (definition) => {
  test.each(lost)("is kept with a doubt where %s, and set by the next run", async (_, effect) => {
    const { process, full, emulator, organization } = await beginWith(definition);
    emulator.fail({ method: "PATCH", count: 100, effect });
    const failure: Error & Kept = await process()
      .create(full, "urn::one")
      .catch((error) => error);
    emulator.heal();
    // What a verb is answered with says nothing that a look at what came of it does not say.
    if (effect.kind === "garbage" && makerOf(definition) !== undefined && !(failure instanceof Error)) return;
    const own = [organization, ...(makerOf(definition) ? [full["connectionId"]] : [])].join("/");
    expect(failure).toMatchObject({ id: own, properties: { __notes: { unsure: true } } });
    const { id = "", properties = {} } = failure;
    const { props } = await process().read(id, properties);
    // What was read whole before and after leaves no doubt.
    const isDone = emulator.all("connections").some(({ enabled }) => enabled === full["enabled"]);
    expect(await process().diff(id, props as State, full)).toMatchObject({ isChanged: !isDone });
    const { outs } = await process().update(id, props as State, full);
    expect(outs).toMatchObject(full);
    expect(await process().diff(id, outs, full)).toMatchObject({ isChanged: false });
  });

  test("a change whose answer was lost is made again, also where the program goes back on it", async () => {
    const { process, full, emulator } = await beginWith(definition);
    const { id, outs } = await process().create(full, "urn::one");
    const field = sendable(definition)[0] ?? "";
    emulator.fail({ method: "PATCH", count: 100, effect: { kind: "cut", when: "after" } });
    const failure: Error & Kept = await process()
      .update(id, outs, changedIn(definition, full, field))
      .catch((error) => error);
    emulator.heal();
    const { props } = await process().read(id, failure.properties ?? {});
    expect(await process().diff(id, props as State, full)).toMatchObject({ isChanged: true });
    await process().update(id, props as State, full);
    for (const one of emulator.all("user_management_settings")) {
      expect(one.max_allowed_users).toBe(full["maxAllowedUsers"]);
    }
    for (const one of emulator.all("connections")) expect(one.enabled).toBe(full["enabled"]);
    for (const one of emulator.all("session_policies")) expect(one.absolute).toBe(full["absoluteSessionTimeout"]);
  });
});
