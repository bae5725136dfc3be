import { describe, expect, test } from "vitest";
import { type Definition, isReadable, isSetting, makerOf, subjectOf } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import type { SemanticsOptions } from "../../src/emulator/index.ts";
import { upper } from "../../src/lifecycle/create-errors.ts";
import type { State } from "../../src/lifecycle/state.ts";
import { alike, beginWith, type Kept, sendable } from "../support/lifecycle.ts";
import { changedIn, without } from "../support/samples.ts";

const kinds: readonly Definition[] = Object.values(definitions);

/** Every behaviour that Scalekit's documents leave open and that is about more than organizations. */
const switches: readonly SemanticsOptions[] = [
  {},
  { emptyFields: "clears" },
  { zeroValues: "omitted" },
  { unknownReference: 404 },
  { permissionInUse: "refused" },
  { listedRoles: "all" },
  { domainVerification: "dns" },
  { uniqueDomain: "organization" },
  { domainCase: "lowered" },
  { sessionPolicy: "replace" },
  { sessionPolicyFeature: "required" },
  { deleteMissing: 200 },
  { updateTime: "changes" },
  { order: "oldest", pageSize: { outside: "reject" } },
  { zeroValues: "omitted", sessionPolicy: "replace", deleteMissing: 200, updateTime: "changes", listedRoles: "all" },
];

describe.each(switches.map((semantics) => [JSON.stringify(semantics), semantics] as const))(
  "under %s",
  (_, semantics) => {
    test.each(kinds)("$name becomes what is declared, or says what Scalekit keeps", async (definition) => {
      const { process, full, endpoints } = await beginWith(definition, semantics);
      const { api, fields } = definition;
      const readable = isReadable(definition);
      const becomes = async (id: string, name: string, value: unknown) => {
        if (readable) expect(alike(fields[name], (await endpoints.get(id))?.[name], value), name).toBe(true);
      };
      const { id, outs } = await process().create(full, "urn::one");
      expect(await process().diff(id, outs, full)).toMatchObject({ isChanged: false });
      expect(await process().read(id, outs)).toEqual({ id, props: outs, inputs: full });

      let state: State = outs;
      for (const name of sendable(definition)) {
        const changed = changedIn(definition, full, name);
        state = (await process().update(id, state, changed)).outs;
        await becomes(id, name, changed[name]);
        expect(await process().diff(id, state, changed)).toMatchObject({ isChanged: false });
        state = (await process().update(id, state, full)).outs;
        await becomes(id, name, full[name]);
      }
      for (const name of sendable(definition)) {
        if (fields[name]?.required || !("empty" in (fields[name] ?? {}))) continue;
        const gone = without(full, name);
        const ended = await process()
          .update(id, state, gone)
          .catch((error: Error & Kept) => error);
        if (ended instanceof Error) {
          expect(ended.message).toMatch(
            new RegExp(`${upper(subjectOf(definition, id))} is not what .* did not clear ${name}\\.`),
          );
          await becomes(id, name, full[name]);
          // Until the program says something else, it asks again.
          const { properties = {} } = ended as Kept;
          expect(await process().diff(id, properties, gone)).toMatchObject({ isChanged: true });
          state = properties;
        } else {
          await becomes(id, name, undefined);
          state = ended.outs;
          expect(await process().diff(id, state, gone)).toMatchObject({ isChanged: false });
        }
        state = (await process().update(id, state, full)).outs;
        expect(await process().diff(id, state, full)).toMatchObject({ isChanged: false });
      }
      await process().remove(id, state);
      await process().remove(id, state);
      const stays = isSetting(api) || makerOf(definition) !== undefined;
      if (!stays) expect(await process().read(id, state)).toEqual({});
    });
  },
);

describe("where the documents leave it open", () => {
  const { Permission, Role, OrganizationDomain, OrganizationSessionPolicy } = definitions;

  test.each([400, 404] as const)(
    "a permission that is not there is reported, not a role that is gone (%i)",
    async (status) => {
      const { process, least } = await beginWith(Role, { unknownReference: status });
      const { id, outs } = await process().create(least, "urn::one");
      const more = { ...least, permissions: ["no:such"] };
      await expect(process().update(id, outs, more)).rejects.toThrow(
        new RegExp(`^Could not update the role ${id}: Scalekit answered ${status} .*permission not found`),
      );
      await expect(process().create({ ...more, name: "other" }, "urn::two")).rejects.toThrow("permission not found");
    },
  );

  test("a permission that roles have is refused to go where Scalekit refuses it, and goes after them", async () => {
    const { process, least, hand } = await beginWith(Permission, { permissionInUse: "refused" });
    const { id, outs } = await process().create(least, "urn::one");
    await hand.call("POST", "/roles", { name: "holder", display_name: "Holder", permissions: [id] });
    await expect(process().remove(id, outs)).rejects.toThrow(
      new RegExp(`^Could not delete the permission ${id}: Scalekit answered 400 .*roles have it`),
    );
    await hand.call("DELETE", "/roles/holder");
    await process().remove(id, outs);
  });

  test("what Scalekit refuses to clear is named, with its own words and the way out", async () => {
    const { process, full } = await beginWith(Role);
    const { id, outs } = await process().create(full, "urn::one");
    await expect(process().update(id, outs, without(full, "description"))).rejects.toThrow(
      /^The role own_name is not what the program declares: Scalekit did not clear description\. .*400 INVALID_ARGUMENT.*request req_.*Declare the value that it has, or replace it with `pulumi up --replace`\.$/,
    );
  });

  test("a session policy is refused where its feature is needed and off, and nothing is kept", async () => {
    const { process, full, hand, organization } = await beginWith(OrganizationSessionPolicy, {
      sessionPolicyFeature: "required",
    });
    const feature = { features: [{ name: "session_policy", enabled: false }] };
    await hand.call("PATCH", `/organizations/${organization}/settings`, feature);
    const failure = await process()
      .create(full, "urn::one")
      .catch((error: Error) => error);
    expect((failure as Error).message).toMatch(/403 .*session policy is not enabled/);
    expect(failure).not.toHaveProperty("id");
  });

  test.each(["merge", "replace"] as const)("an idle timeout that nobody declares stays (%s)", async (sessionPolicy) => {
    const { process, least, hand, organization, endpoints } = await beginWith(OrganizationSessionPolicy, {
      sessionPolicy,
    });
    await hand.call("PATCH", `/organizations/${organization}/session-policy`, {
      policy_source: "CUSTOM",
      absolute_session_timeout: 1000,
      idle_session_timeout_enabled: true,
      idle_session_timeout: 20,
    });
    const { id, outs } = await process().create(least, "urn::one");
    expect(await endpoints.get(id)).toMatchObject({ ...least, idleSessionTimeout: 20 });
    await process().update(id, outs, { ...least, absoluteSessionTimeout: 500 });
    expect(await endpoints.get(id)).toMatchObject({ absoluteSessionTimeout: 500, idleSessionTimeout: 20 });
  });

  test("a session policy that somebody sets back is drift, and is set again", async () => {
    const { process, full, endpoints, organization } = await beginWith(OrganizationSessionPolicy);
    const { id, outs } = await process().create(full, "urn::one");
    await endpoints.remove(organization);
    const { props, inputs } = await process().read(id, outs);
    expect(inputs).toEqual({ organizationId: organization });
    expect(await process().diff(id, props as State, full)).toMatchObject({ isChanged: true, replaces: [] });
    await process().update(id, props as State, full);
    expect(await endpoints.get(id)).toMatchObject(full);
  });

  test("a domain that waits for its TXT record tells it", async () => {
    const { process, full } = await beginWith(OrganizationDomain, { domainVerification: "dns" });
    const { outs } = await process().create({ ...full, domainType: "ORGANIZATION_DOMAIN" }, "urn::one");
    expect(outs).toMatchObject({
      verificationStatus: "PENDING",
      verificationMethod: "DNS",
      txtRecordKey: expect.any(String),
      txtRecordSecret: expect.any(String),
    });
  });

  test("a domain that another organization has is refused with Scalekit's own words", async () => {
    const { process, full, hand } = await beginWith(OrganizationDomain);
    const other = (await hand.create({ display_name: "Other" })).id;
    await process().create(full, "urn::one");
    await expect(process().create({ ...full, organizationId: other }, "urn::two")).rejects.toThrow(
      "Scalekit answered 400 INVALID_ARGUMENT: domain already exists",
    );
  });
});
