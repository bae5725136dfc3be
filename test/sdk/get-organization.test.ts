import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, expectTypeOf, onTestFinished, test, vi } from "vitest";
import { startEmulator } from "../../src/emulator/index.ts";
import {
  type GetOrganizationArgs,
  getOrganization,
  getOrganizationOutput,
  getOrganizations,
  getOrganizationsOutput,
} from "../../src/index.ts";
import { requestsOf, seed } from "../support/seed.ts";

/** A program's run: an engine's connection of its own, settings from the environment, and some organizations. */
async function begin() {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  for (const [name, value] of Object.entries(emulator.environment)) vi.stubEnv(name, value);
  const ids = await seed(emulator, [
    { display_name: "Megasoft", external_id: "CUST-1", metadata: { tier: "gold", plan: "annual" } },
    { display_name: "Initech", external_id: "CUST-2", metadata: { tier: "gold" } },
    { display_name: "Sandbox" },
  ]);
  return { emulator, ids };
}

const newRun = () => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) });

const known = <T>(output: pulumi.Output<T>): Promise<T> => (output as unknown as { promise(): Promise<T> }).promise();
const isSecret = (output: pulumi.Output<unknown>): Promise<boolean> => pulumi.isSecret(output);

beforeEach(newRun);
afterEach(() => {
  vi.unstubAllEnvs();
  pulumi.runtime.setAllConfig({});
});

describe("getOrganization", () => {
  test("finds an organization by Scalekit's id, or by the application's", async () => {
    const { ids } = await begin();
    expect(await getOrganization({ externalId: "CUST-1" })).toMatchObject({
      id: ids[0],
      displayName: "Megasoft",
      externalId: "CUST-1",
      metadata: { tier: "gold", plan: "annual" },
      regionCode: "US",
    });
    expect(await getOrganization({ id: ids[2] as string })).toMatchObject({ displayName: "Sandbox", metadata: {} });
  });

  test("asks once in a run for equal arguments, at the same time or later, and again in the next run", async () => {
    const { emulator } = await begin();
    const once = ["GET /api/v1/organizations:external/CUST-1"];
    const first = requestsOf(emulator, async () => {
      await Promise.all([getOrganization({ externalId: "CUST-1" }), getOrganization({ externalId: "CUST-1" })]);
      await getOrganization({ externalId: "CUST-1" });
    });
    expect(await first).toEqual(once);
    await newRun();
    expect(await requestsOf(emulator, () => getOrganization({ externalId: "CUST-1" }))).toEqual(once);
  });

  test("asks again after a failure", async () => {
    const { emulator } = await begin();
    emulator.fail({ method: "GET", effect: { kind: "status", status: 403 } });
    await expect(getOrganization({ externalId: "CUST-1" })).rejects.toThrow("403");
    expect(await getOrganization({ externalId: "CUST-1" })).toMatchObject({ displayName: "Megasoft" });
  });

  test("says where it looked for what is not there, and not for which external ID", async () => {
    const { emulator } = await begin();
    const error = await getOrganization({ externalId: "s3cret-customer" }).catch((caught: Error) => caught);
    expect(String(error)).toContain(`no organization with the external ID that getOrganization was given`);
    expect(String(error)).toContain(`in the Scalekit environment at ${emulator.url}. Check the externalId`);
    expect(String(error)).not.toContain("s3cret");
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    await expect(getOrganization({ id: "org_404" })).rejects.toThrow("no organization with the id org_404");
  });

  test("takes exactly one of id and externalId", async () => {
    expectTypeOf<{ id: string; externalId: string }>().not.toExtend<GetOrganizationArgs>();
    expectTypeOf<Record<never, never>>().not.toExtend<GetOrganizationArgs>();
    const loosely = getOrganization as (args: object) => Promise<unknown>;
    await expect(loosely({ id: "org_1", externalId: "CUST-1" })).rejects.toThrow("it was given id and externalId");
    await expect(loosely({})).rejects.toThrow("it was given neither");
    await expect(loosely({ id: undefined, externalId: "" })).rejects.toThrow("at least one character");
    await expect(loosely({ id: 7 })).rejects.toThrow("needs id to be a string");
  });

  test("says what is missing where nothing is configured", async () => {
    for (const name of ["ENVIRONMENT_URL", "CLIENT_ID", "CLIENT_SECRET"]) vi.stubEnv(`SCALEKIT_${name}`, "");
    await expect(getOrganization({ id: "org_1" })).rejects.toThrow("scalekit:clientSecret is missing");
  });

  test("takes the stack's settings before the environment's, and warns of nothing", async () => {
    const { emulator } = await begin();
    vi.stubEnv("SCALEKIT_ENVIRONMENT_URL", "http://127.0.0.1:1");
    const warn = vi.spyOn(pulumi.log, "warn");
    pulumi.runtime.setAllConfig(
      { "scalekit:environmentUrl": emulator.url, "scalekit:clientSecret": "emulator-secret" },
      ["scalekit:clientSecret"],
    );
    expect(await getOrganization({ externalId: "CUST-2" })).toMatchObject({ displayName: "Initech" });
    expect(warn).not.toHaveBeenCalled();
  });
});

describe("getOrganizations", () => {
  test("gives those that meet all that is asked, the oldest first", async () => {
    await begin();
    const names = async (args?: Parameters<typeof getOrganizations>[0]) =>
      (await getOrganizations(args)).map(({ displayName }) => displayName);
    expect(await names()).toEqual(["Megasoft", "Initech", "Sandbox"]);
    expect(await names({ externalIdPrefix: "CUST-" })).toEqual(["Megasoft", "Initech"]);
    expect(await names({ metadata: { tier: "gold", plan: "annual" } })).toEqual(["Megasoft"]);
    expect(await names({ externalIdPrefix: "CUST-2", metadata: { tier: "gold" } })).toEqual(["Initech"]);
    expect(await names({ externalIdPrefix: "cust" })).toEqual([]);
    expect(await names({ metadata: { toString: "x" } })).toEqual([]);
  });

  test("reads all pages once in a run, whatever is asked", async () => {
    const { emulator } = await begin();
    await seed(
      emulator,
      Array.from({ length: 250 }, (_, n) => ({ display_name: `Customer ${n}`, external_id: `MANY-${n}` })),
    );
    const requests = await requestsOf(emulator, async () => {
      const [all, many] = await Promise.all([getOrganizations(), getOrganizations({ externalIdPrefix: "MANY-" })]);
      expect([all.length, many.length]).toEqual([253, 250]);
    });
    expect(requests).toHaveLength(3);
  });
});

describe("with outputs", () => {
  test("what is looked up by a secret is a secret, and what is not is not", async () => {
    const { ids } = await begin();
    const plain = getOrganizationOutput({ id: pulumi.output(ids[0] as string) });
    expect(await known(plain.displayName)).toBe("Megasoft");
    expect(await isSecret(plain)).toBe(false);
    const secret = getOrganizationOutput({ externalId: pulumi.secret("CUST-1") });
    expect(await known(secret)).toMatchObject({ displayName: "Megasoft" });
    expect(await isSecret(secret)).toBe(true);
    const several = getOrganizationsOutput({ metadata: { tier: pulumi.secret("gold") } });
    expect(await known(several)).toHaveLength(2);
    expect(await isSecret(several)).toBe(true);
  });
});
