import { expect } from "vitest";
import { bothProviders } from "../support/both-types.ts";
import { story } from "../support/story.ts";

const names = Array.from({ length: 10 }, (_, n) => `customer-${n}`);
const program = Object.fromEntries(names.map((displayName) => [displayName, { args: { displayName } }]));

story.concurrent.for(bothProviders.map(({ provider, module }) => [provider, module] as const))(
  "tearing down a stack of protected organizations over %s is refused with the commands that do it, which then work",
  { timeout: 240_000 },
  async ([, module], { means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator, { module, env: { SCALEKIT_DELETION_PROTECTION: "" } });
    await stack.write(program);
    expect(await stack.up()).toMatchObject({ code: 0 });
    // What Pulumi advises leads to the provider's refusal.
    await stack.pulumi("state", "unprotect", "--all", "--yes");
    const refused = await stack.destroy();
    expect(refused.code).not.toBe(0);
    const last = refused.text.split("Diagnostics:")[1] ?? "";
    expect(last.match(/because a delete would also remove/g)).toHaveLength(1);
    const others = last.match(/is protected from deletion too, as the error of org_\d+ says/g) ?? [];
    expect(others.length).toBeGreaterThan(0);
    const commands =
      /run `pulumi (config set scalekit:deletionProtection false)`, `pulumi (up)` and `pulumi (destroy)`/;
    const [, set = "", up = "", destroy = ""] = commands.exec(last) ?? [];
    expect(emulator.organizations()).toHaveLength(names.length);

    expect(await stack.pulumi(...set.split(" "))).toMatchObject({ code: 0 });
    for (const verb of [up, destroy]) {
      const run = await stack.pulumi(verb, "--yes", "--skip-preview");
      expect(run, run.text).toMatchObject({ code: 0 });
    }
    expect(emulator.organizations()).toEqual([]);
  },
);
