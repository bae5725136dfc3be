import { expect } from "vitest";
import { beginWithEach, type Door, declare, expectOf, expectToMove, writesOf } from "../support/moving.ts";
import { namesOfEach } from "../support/one-of-each.ts";
import { expectSuccess } from "../support/stack.ts";
import { story } from "../support/story.ts";

const programs = { dynamic: { native: [] }, native: { native: "all" } };

story.concurrent.for([
  ["dynamic", "native"],
  ["native", "dynamic"],
] as [Door, Door][])(
  "a stack with one of every kind moves from the %s provider to the %s one and back, by its import line",
  { timeout: 600_000 },
  async ([from, to], { means }) => {
    const { emulator, stack, program } = await beginWithEach(means, from);
    expectOf(from, await stack.resources());
    await expectToMove(emulator, stack, () => declare(stack, { ...program, ...programs[to] }));
    expectOf(to, await stack.resources());
    expect(await stack.resources()).toHaveLength(namesOfEach.length);
    await expectSuccess(stack.refresh("--expect-no-changes"));
    await expectSuccess(stack.up("--expect-no-changes"));

    // One field is one request, and the secret that only the first provider ever saw is the stack's still.
    const changed = { ...program, ...programs[to], args: { sandbox: { displayName: "Changed" } } };
    await declare(stack, changed);
    const sent = await writesOf(emulator, async () => {
      const up = await expectSuccess(stack.up());
      expect(up.steps, up.text).toEqual({ same: namesOfEach.length - 1, update: 1 });
    });
    expect(sent).toEqual([expect.stringMatching(/^PATCH \/api\/v1\/organizations\/org_\d+$/)]);
    const secret = await stack.pulumi("stack", "output", "secret", "--show-secrets");
    expect(secret.text).toMatch(/^test_/);

    await expectToMove(emulator, stack, () => declare(stack, { ...changed, ...programs[from] }));
    expectOf(from, await stack.resources());
    expect((await stack.pulumi("stack", "output", "secret", "--show-secrets")).text).toBe(secret.text);
    await expectSuccess(stack.refresh("--expect-no-changes"));
    await expectSuccess(stack.destroy());
    expect(emulator.organizations()).toEqual([]);
  },
);
