import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { startEmulator } from "../../src/emulator/index.ts";
import { providerOf } from "../../src/host/providers.ts";
import { seed } from "../support/seed.ts";

const OrganizationSessionPolicy = providerOf("OrganizationSessionPolicy");
const Permission = providerOf("Permission");
const Role = providerOf("Role");

/** The engine saves the state at the end of a run only, in these. */
async function begin(journal?: string) {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-unsaved-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  vi.stubEnv("SCALEKIT_JOURNAL", journal ?? folder);
  vi.stubEnv("PULUMI_SKIP_CHECKPOINTS", "true");
  vi.stubEnv("PULUMI_EXPERIMENTAL", "true");
  onTestFinished(() => void vi.unstubAllEnvs());
  const values: Record<string, string> = {
    "scalekit:environmentUrl": emulator.url,
    "scalekit:clientId": "emulator",
    "scalekit:clientSecret": "emulator-secret",
  };
  const [organizationId = ""] = await seed(emulator, [{ display_name: "Megasoft" }]);
  const configure = async () => {
    for (const one of [OrganizationSessionPolicy, Permission, Role])
      await one.configure({ config: { get: (key) => values[key] } });
  };
  await configure();
  return { emulator, organizationId, configure };
}

const origin = (name: string) => ({
  __origin: { stack: "o/p/s", project: "project", urn: `urn:pulumi:s::p::T::${name}` },
});

test("what is created has to be noted first, and a setting that is set has not", async () => {
  const { organizationId } = await begin("/dev/null/journal");
  const refused = await Permission.check({}, { name: "thing", ...origin("write") });
  expect(refused.failures).toMatchObject([
    { reason: expect.stringContaining("nothing is created unless the journal records it first") },
  ]);
  const exists = await Permission.check({ name: "x" }, { name: "x", ...origin("old") });
  expect(exists).not.toHaveProperty("failures");
  const setting = { organizationId, absoluteSessionTimeout: 60, ...origin("policy") };
  expect(await OrganizationSessionPolicy.check({}, setting)).not.toHaveProperty("failures");
});

test.each([
  ["role", Role, () => ({ name: "billing", displayName: "Billing" })],
  [
    "session policy",
    OrganizationSessionPolicy,
    (organizationId: string) => ({ organizationId, absoluteSessionTimeout: 60 }),
  ],
] as const)(
  "a delete of a %s that makes room for another is refused, and any other is not",
  async (_, provider, argsOf) => {
    const { organizationId, configure } = await begin();
    const args = argsOf(organizationId);
    await provider.check({}, { ...args, ...origin("one") });
    const { id, outs } = await provider.create(args);
    await expect(provider.delete(id, outs)).rejects.toThrow("is not replaced while PULUMI_SKIP_CHECKPOINTS is set");
    expect(await provider.read(id, outs)).toMatchObject({ id, props: args });
    await configure();
    await provider.delete(id, outs);
    expect((await provider.read(id, outs)).props).not.toMatchObject(args);
  },
);
