import { describe, expect } from "vitest";
import type { StackOptions } from "../support/stack.ts";
import { type Means, story } from "../support/story.ts";

async function begin({ emulate, stackOn }: Means, options?: StackOptions) {
  const emulator = await emulate();
  return { emulator, stack: await stackOn(emulator, options) };
}

const megasoft = { megasoft: { args: { displayName: "Megasoft", externalId: "CUST-1" } } };

/** How often a message stands in what the CLI printed, not counting the progress lines that say it again. */
const times = (text: string, message: string): number =>
  (text.split("Diagnostics:")[1] ?? "").split(message).length - 1;

describe.concurrent("a preview tells, before anything is sent", () => {
  story("every limit that an organization breaks, by the property's path", async ({ means }) => {
    const { emulator, stack } = await begin(means);
    await stack.write({
      megasoft: {
        args: { displayName: "", externalId: "x".repeat(256), metadata: { tier: "", ab: "x" }, external_id: "x" },
      },
    });
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("has a problem: displayName must be 1 to 200 characters long; it has 0");
    expect(preview.text).toContain("has a problem: externalId must be 1 to 255 characters long; it has 256");
    expect(preview.text).toContain("has a problem: metadata.tier must be 1 to 256 characters long; it has 0");
    expect(preview.text).toContain("has a problem: metadata.ab its key must be 3 to 25 characters long; it has 2");
    expect(preview.text).toContain("did you mean externalId?");
    expect(emulator.requests).toEqual([]);
  });

  story("all settings that are missing, once, and how to set them", async ({ means }) => {
    const unset = { SCALEKIT_ENVIRONMENT_URL: "", SCALEKIT_CLIENT_ID: "", SCALEKIT_CLIENT_SECRET: "" };
    const { emulator, stack } = await begin(means, { env: unset });
    await stack.write({ ...megasoft, initech: { args: { displayName: "Initech" } } });
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(times(preview.text, "pulumi config set --secret scalekit:clientSecret")).toBe(1);
    expect(preview.text).toContain("SCALEKIT_ENVIRONMENT_URL");
    expect(preview.text).toContain("SCALEKIT_CLIENT_ID");
    expect(emulator.requests).toEqual([]);
  });

  story("credentials that are refused, and what to check", async ({ means }) => {
    const { emulator, stack } = await begin(means, { env: { SCALEKIT_CLIENT_SECRET: "not-the-secret" } });
    await stack.write(megasoft);
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(times(preview.text, "Scalekit answered 401: client authentication failed")).toBe(1);
    expect(preview.text).not.toContain("not-the-secret");
    expect(emulator.organizations()).toEqual([]);
  });
});

story.concurrent(
  "stack configuration wins over the environment, and its secret stays out of the state",
  async ({ means }) => {
    const { emulator, stack } = await begin(means, {
      env: {
        SCALEKIT_ENVIRONMENT_URL: "https://wrong.invalid",
        SCALEKIT_CLIENT_ID: "wrong",
        SCALEKIT_CLIENT_SECRET: "",
      },
    });
    await stack.pulumi("config", "set", "scalekit:environmentUrl", emulator.url);
    await stack.pulumi("config", "set", "scalekit:clientId", emulator.credentials.clientId);
    await stack.pulumi("config", "set", "--secret", "scalekit:clientSecret", emulator.credentials.clientSecret);
    await stack.write(megasoft);
    expect(await stack.up()).toMatchObject({ code: 0, changes: { create: 1 } });
    expect(emulator.organizations()).toHaveLength(1);
    const state = await stack.pulumi("stack", "export");
    expect(state.text).toContain("CUST-1");
    expect(state.text).not.toContain(emulator.credentials.clientSecret);
  },
);

story.concurrent(
  "values that a preview cannot know yet break no limit, and arrive at the update",
  async ({ means }) => {
    const { emulator, stack } = await begin(means, {
      source: `
      const pulumi = require("@pulumi/pulumi");
      const { Organization } = require("pulumi-scalekit");
      const parent = new Organization("parent", { displayName: "Parent" });
      const child = new Organization("child", {
        displayName: pulumi.interpolate\`Child of \${parent.id}\`,
        externalId: parent.id,
        metadata: { parent: parent.id, tier: pulumi.output("gold") },
      });
      new Organization("grandchild", { displayName: "Grandchild", metadata: child.metadata });`,
    });
    expect(await stack.preview()).toMatchObject({ code: 0, changes: { create: 3 } });
    expect(await stack.up()).toMatchObject({ code: 0, changes: { create: 3 } });
    const [parent, child, grandchild] = emulator.organizations();
    expect(child).toMatchObject({
      display_name: `Child of ${parent?.id}`,
      external_id: parent?.id,
      metadata: { parent: parent?.id, tier: "gold" },
    });
    expect(grandchild?.metadata).toEqual(child?.metadata);
    expect(await stack.up()).toMatchObject({ changes: { same: 3 } });
  },
);
