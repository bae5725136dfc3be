import { describe, expect } from "vitest";
import { requestsOf, seed } from "../support/seed.ts";
import { type Means, story } from "../support/story.ts";

const megasoft = { display_name: "Megasoft Inc", external_id: "CUST-1-s3cret", metadata: { tier: "gold" } };

async function begin({ emulate, stackOn }: Means, source: string) {
  const emulator = await emulate();
  const ids = await seed(emulator, [megasoft, { display_name: "Initech", external_id: "CUST-2" }]);
  return { emulator, ids, stack: await stackOn(emulator, { source }) };
}

describe.concurrent("a program that looks up", () => {
  story("reads one and many in a preview and an up, and keeps a secret one secret", async ({ means }) => {
    const { emulator, stack, ids } = await begin(
      means,
      `
      const pulumi = require("@pulumi/pulumi");
      const { getOrganization, getOrganizationOutput, getOrganizationsOutput } = require("pulumi-scalekit");
      module.exports = async () => ({
        name: (await getOrganization({ externalId: "CUST-2" })).displayName,
        id: getOrganizationOutput({ externalId: new pulumi.Config().requireSecret("customer") }).id,
        gold: getOrganizationsOutput({ metadata: { tier: "gold" } }).apply((found) => found.length),
      });`,
    );
    expect((await stack.pulumi("config", "set", "--secret", "customer", "CUST-1-s3cret")).code).toBe(0);
    const requests = await requestsOf(emulator, async () => expect((await stack.preview()).code).toBe(0));
    // By external ID, by another one, and the one page of all.
    expect(requests).toHaveLength(3);
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0 });
    expect(up.text).toContain("[secret]");
    const outputs = await stack.pulumi("stack", "output", "--json", "--show-secrets");
    expect(JSON.parse(outputs.text)).toEqual({ name: "Initech", id: ids[0], gold: 1 });
    expect(JSON.parse((await stack.pulumi("stack", "output", "--json")).text)["id"]).toBe("[secret]");
  });

  story("fails the preview in plain words, without the external ID, where there is none", async ({ means }) => {
    const { stack, emulator } = await begin(
      means,
      `
      const { getOrganization, getOrganizationOutput } = require("pulumi-scalekit");
      const look = process.env.AS_OUTPUT ? getOrganizationOutput : getOrganization;
      exports.found = look({ externalId: "s3cret-that-is-not-there" });`,
    );
    for (const asOutput of ["", "yes"]) {
      stack.env["AS_OUTPUT"] = asOutput;
      const preview = await stack.preview();
      expect(preview.code).not.toBe(0);
      expect(preview.text).toContain(`in the Scalekit environment at ${emulator.url}`);
      expect(preview.text).not.toMatch(/s3cret|unhandled|node_modules|\.js:\d/);
    }
  });
});
