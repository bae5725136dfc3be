import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { byHand } from "../support/seed.ts";
import { needYaml, type YamlStack, yamlStory } from "../support/yaml-stack.ts";

needYaml();

const secret = "hunter2-of-the-program";

/** The state as the backend has it. */
const stateOf = (stack: YamlStack): Promise<string> =>
  readFile(join(stack.folder, ".pulumi", "stacks", "test", "test.json"), "utf8");

/** The mark of a secret in an exported state. */
const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

describe.concurrent("secrets of a YAML program", () => {
  yamlStory.for([
    ["fn::secret", { "fn::secret": secret }],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as YAML programs refer to values
    ["the configuration", "${token}"],
  ] as const)("a metadata value from %s is in no state, and in no output", async ([, value], { yaml }) => {
    const emulator = await yaml.emulate();
    const stack = await yaml.stackOn(emulator);
    const written: string[] = [];
    const run = async (verb: "up" | "refresh" | "preview", ...args: string[]) => {
      const ended = await stack[verb](...args);
      expect(ended, ended.text).toMatchObject({ code: 0 });
      written.push(ended.text, await stateOf(stack));
      return ended;
    };
    const program = (metadata: Record<string, unknown>) => ({
      config: { token: { type: "string" } },
      resources: {
        megasoft: { type: "scalekit:Organization", properties: { displayName: "Megasoft Inc", metadata } },
      },
    });
    await stack.write(program({ tier: "gold", token: value }));
    expect((await stack.pulumi("config", "set", "--secret", "token", secret)).code).toBe(0);
    await run("preview", "--diff");
    await run("up");
    expect(emulator.organizations()).toMatchObject([{ metadata: { tier: "gold", token: secret } }]);
    const [organization] = await stack.organizations();
    for (const side of [organization?.inputs, organization?.outputs])
      expect(side).toMatchObject({ metadata: { tier: "gold", token: mark } });

    await run("refresh", "--diff");
    await run("up", "--expect-no-changes");
    // Another key changes, and a hand changes the secret's own.
    await stack.write(program({ tier: "iron", token: value }));
    await run("preview", "--diff");
    await run("up", "--diff");
    await byHand(emulator, "PATCH", `/${emulator.organizations()[0]?.id}`, {
      metadata: { tier: "iron", token: `${secret}-by-hand` },
    });
    await run("preview", "--refresh", "--diff");
    await run("refresh", "--diff");
    await run("up", "--diff");
    expect(emulator.organizations()).toMatchObject([{ metadata: { tier: "iron", token: secret } }]);
    for (const text of written) expect(text).not.toContain(secret);
  });

  yamlStory("an API client's secret and the provider's are in no state, and reach the output", async ({ yaml }) => {
    const emulator = await yaml.emulate({ credentials: { clientId: "skc_1", clientSecret: "the-provider's-own" } });
    const stack = await yaml.stackOn(emulator, { env: { SCALEKIT_CLIENT_SECRET: "" } });
    expect((await stack.pulumi("config", "set", "--secret", "scalekit:clientSecret", "the-provider's-own")).code).toBe(
      0,
    );
    await stack.write({
      resources: {
        megasoft: { type: "scalekit:Organization", properties: { displayName: "Megasoft Inc" } },
        robot: {
          type: "scalekit:OrganizationApiClient",
          // biome-ignore lint/suspicious/noTemplateCurlyInString: as YAML programs refer to values
          properties: { organizationId: "${megasoft.id}", name: "Robot" },
        },
      },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as YAML programs refer to values
      outputs: { secret: "${robot.clientSecret}" },
    });
    const texts = [];
    for (const act of [stack.up, stack.refresh, stack.up]) {
      const ended = await act("--diff");
      expect(ended, ended.text).toMatchObject({ code: 0 });
      texts.push(ended.text, await stateOf(stack));
    }
    const plain = (await stack.pulumi("stack", "output", "--json", "--show-secrets")).text;
    const { secret: given } = JSON.parse(plain);
    expect(given).toMatch(/^\w+_\S{10,}$/);
    for (const text of texts) {
      expect(text).not.toContain(given);
      expect(text).not.toContain("the-provider's-own");
    }
    const client = (await stack.resources()).find(({ type }) => type === "scalekit:index:OrganizationApiClient");
    expect(client?.outputs).toMatchObject({ clientSecret: mark });
    expect(client?.inputs).not.toHaveProperty("clientSecret");
  });

  yamlStory("a client secret that the configuration has in plain text is refused, without it", async ({ yaml }) => {
    const emulator = await yaml.emulate();
    const stack = await yaml.stackOn(emulator, { env: { SCALEKIT_CLIENT_SECRET: "" } });
    const set = await stack.pulumi("config", "set", "scalekit:clientSecret", "emulator-secret");
    expect(set, set.text).toMatchObject({ code: 0 });
    await stack.write({
      resources: { megasoft: { type: "scalekit:Organization", properties: { displayName: "Megasoft Inc" } } },
    });
    const refused = await stack.up();
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("scalekit:clientSecret");
    expect(refused.text).toContain("--secret");
    expect(refused.text).not.toContain("emulator-secret");
    expect(emulator.requests).toEqual([]);
  });
});
