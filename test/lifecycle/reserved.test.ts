import { describe, expect, test } from "vitest";
import { definitions } from "../../src/definitions/index.ts";
import { providerOf } from "../../src/host/providers.ts";
import { beginWith } from "../support/lifecycle.ts";
import { requestsOf } from "../support/seed.ts";

/** One of those that every environment of Scalekit has. */
const theirs = { name: "sk_org_users_read", description: "Changed" };
const refusal =
  /^Could not create the permission: its name belongs to the permission sk_org_users_read, .*Scalekit's own, which no program can take over\. Nothing was created\. .*another name/;

describe("a permission that is Scalekit's own", () => {
  test.each([[{}], [{ adopt: true }]])("is no resource's to take over, with %j", async (options) => {
    const { process, endpoints } = await beginWith(definitions.Permission);
    const before = await endpoints.get(theirs.name);
    const failure = await process()
      .create({ ...theirs, ...options }, "urn::one")
      .catch((error: Error) => error);
    expect((failure as Error).message).toMatch(refusal);
    expect((failure as Error).message).not.toContain("adopt: true");
    expect(await endpoints.get(theirs.name)).toEqual(before);
  });

  test("is refused at preview, where it would be adopted", async () => {
    const { process } = await beginWith(definitions.Permission);
    await expect(process().previewAdoption({ ...theirs, adopt: true }, "Permission theirs")).rejects.toThrow(refusal);
  });

  test("costs no request at preview where nothing would be adopted, and one that is not reserved is named there", async () => {
    const { process, emulator } = await beginWith(definitions.Permission);
    const roles = await beginWith(definitions.Role);
    for (const args of [theirs, { ...theirs, adopt: false }, { adopt: true }]) {
      expect(await requestsOf(emulator, () => process().previewAdoption(args, "Permission theirs"))).toEqual([]);
    }
    const admin = { name: "admin", displayName: "Admin", adopt: true };
    const asked = await requestsOf(roles.emulator, () => roles.process().previewAdoption(admin, "Role admin"));
    expect(asked).toEqual(["GET /api/v1/roles/admin"]);
    expect(roles.said).toEqual(["Role admin will adopt the role admin by its name, and change nothing."]);
  });

  test("that somebody has made is adopted as ever", async () => {
    const { process, endpoints } = await beginWith(definitions.Permission);
    await endpoints.create(undefined, { name: "invoices:write" });
    const args = { name: "invoices:write", adopt: true };
    await process().previewAdoption(args, "Permission theirs");
    expect(await process().create(args, "urn::one")).toMatchObject({ id: "invoices:write" });
  });

  test("stays when a resource goes that came to have it, by an import or an earlier version", async () => {
    const { process, endpoints, said } = await beginWith(definitions.Permission);
    const { props = {} } = await process().read(theirs.name, {});
    await process().remove(theirs.name, props);
    expect(await endpoints.get(theirs.name)).toBeDefined();
    expect(said.join("\n")).toContain("Left the permission sk_org_users_read at Scalekit, since it is Scalekit's own.");
  });
});

test("the provider tells it as a failed check", async () => {
  const { emulator } = await beginWith(definitions.Permission);
  const values: Record<string, string> = {
    "scalekit:environmentUrl": emulator.url,
    "scalekit:clientId": emulator.credentials.clientId,
    "scalekit:clientSecret": emulator.credentials.clientSecret,
  };
  await providerOf("Permission").configure({ config: { get: (key) => values[key] } });
  const origin = { __origin: { stack: "o/p/s", project: "project", urn: "urn:pulumi:s::p::T::theirs" } };
  const { failures } = await providerOf("Permission").check({}, { ...theirs, adopt: true, ...origin });
  expect(failures).toEqual([{ property: "", reason: expect.stringMatching(refusal) }]);
});
