import { expect } from "vitest";
import { lagging } from "../support/lagging.ts";
import { expectSuccess } from "../support/stack.ts";
import { story } from "../support/story.ts";

story.concurrent.for([1000, 2500])(
  "a server whose answers are behind its writes by %i ms is given time: nothing fails, is lost or doubled",
  { timeout: 600_000 },
  async (milliseconds, { means }) => {
    const emulator = await means.emulate();
    await using front = await lagging(emulator.url, milliseconds);
    const stack = await means.stackOn(emulator, { env: { SCALEKIT_ENVIRONMENT_URL: front.url } });
    const names = ["one", "two", "three"];
    const declare = (more: object) =>
      stack.write(
        Object.fromEntries(
          names.map((name) => [
            name,
            { args: { displayName: name, externalId: name, features: { sso: true }, ...more } },
          ]),
        ),
      );
    const nameless = { args: { displayName: "Nameless" } };
    await declare({});
    await expectSuccess(stack.up());
    await stack.write({ nameless });
    await expectSuccess(stack.up());
    // At once, while what was just made is not shown.
    await expectSuccess(stack.refresh("--expect-no-changes"));
    expect(await stack.organizations()).toHaveLength(1);
    await declare({});
    await expectSuccess(stack.up());
    await declare({ metadata: { tier: "gold" }, slug: undefined, features: { sso: false } });
    await expectSuccess(stack.up());
    await expectSuccess(stack.up("--refresh", "--expect-no-changes"));
    await declare({ displayName: "Renamed" });
    await expectSuccess(stack.up());
    await expectSuccess(stack.refresh());
    await expectSuccess(stack.up("--expect-no-changes"));
    expect(emulator.organizations().map(({ display_name, metadata }) => [display_name, metadata])).toEqual(
      names.map(() => ["Renamed", {}]),
    );
    await expectSuccess(stack.destroy());
    expect(emulator.organizations()).toEqual([]);
  },
);
