import { describe, expect } from "vitest";
import { providersOfStories } from "../support/both-types.ts";
import { type Means, story } from "../support/story.ts";

const megasoft = { displayName: "Megasoft", externalId: "CUST-1" };

/** A stack with one organization, on a machine that says nothing about deletion protection. */
async function begin(
  { emulate, stackOn }: Means,
  module: string,
  args: object = {},
  opts: Record<string, unknown> = {},
) {
  const emulator = await emulate();
  const stack = await stackOn(emulator, { module, env: { SCALEKIT_DELETION_PROTECTION: "" } });
  const declare = (more: object = {}, options = opts) =>
    stack.write({ megasoft: { args: { ...megasoft, ...more }, opts: options } });
  await declare(args);
  const up = await stack.up();
  expect(up, up.text).toMatchObject({ code: 0, changes: { create: 1 } });
  return { emulator, stack, declare, id: emulator.organizations()[0]?.id };
}

describe.concurrent.each(providersOfStories)("$provider: an organization that nothing is said about", ({ module }) => {
  story(
    "is not deleted: not by destroy, not when it is taken out of the program, reported at preview",
    async ({ means }) => {
      const { emulator, stack } = await begin(means, module);
      await stack.write({});
      const preview = await stack.preview();
      expect(preview.code).not.toBe(0);
      expect(preview.text).toMatch(/::megasoft" cannot be deleted\s+because it is protected/);
      expect((await stack.up()).code).not.toBe(0);
      expect((await stack.destroy()).code).not.toBe(0);
      expect(emulator.organizations()).toHaveLength(1);
    },
  );

  story("is not replaced either, reported at preview", async ({ means }) => {
    const { emulator, stack, id } = await begin(means, module);
    const [resource] = await stack.organizations();
    const preview = await stack.preview("--target-replace", resource?.urn ?? "");
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("marked for protection");
    expect((await stack.up("--target-replace", resource?.urn ?? "")).code).not.toBe(0);
    expect(emulator.organizations()).toMatchObject([{ id }]);
  });

  story(
    "is not deleted by a state that somebody unprotected either, and the error says what to do",
    async ({ means }) => {
      const { emulator, stack, id } = await begin(means, module);
      await stack.pulumi("state", "unprotect", "--all", "--yes");
      const destroy = await stack.destroy();
      expect(destroy.code).not.toBe(0);
      expect(destroy.text).toContain(`Organization ${id} is protected from deletion`);
      expect(destroy.text).toContain("set `deletionProtection: false` on its resource, run `pulumi up`");
      expect(emulator.organizations()).toHaveLength(1);
    },
  );

  story("goes once the program has taken the protection off, which sends nothing", async ({ means }) => {
    const { emulator, stack, declare } = await begin(means, module);
    await declare({ deletionProtection: false });
    const before = emulator.requests.length;
    expect(await stack.up()).toMatchObject({ code: 0, changes: { update: 1 } });
    expect(emulator.requests.slice(before).filter(({ path }) => path !== "/oauth/token")).toEqual([]);
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
    expect(await stack.destroy()).toMatchObject({ code: 0 });
    expect(emulator.organizations()).toEqual([]);
  });
});

describe.concurrent.each(providersOfStories)("$provider: what else guards", ({ module }) => {
  story("the stack's configuration can take the protection off for all", async ({ means }) => {
    const { emulator, stack } = await begin(means, module);
    await stack.pulumi("config", "set", "scalekit:deletionProtection", "false");
    expect(await stack.up()).toMatchObject({ code: 0, changes: { update: 1 } });
    expect(await stack.destroy()).toMatchObject({ code: 0 });
    expect(emulator.organizations()).toEqual([]);
  });

  story("retainOnDelete leaves the organization at Scalekit and forgets it, protected as it is", async ({ means }) => {
    const { emulator, stack } = await begin(means, module, {}, { retainOnDelete: true });
    await stack.write({});
    expect(await stack.up()).toMatchObject({ code: 0 });
    expect(await stack.organizations()).toEqual([]);
    expect(emulator.organizations()).toHaveLength(1);
  });

  story("protect of the engine's own is honoured where deletionProtection is off", async ({ means }) => {
    const { emulator, stack } = await begin(means, module, { deletionProtection: false }, { protect: true });
    expect((await stack.destroy()).code).not.toBe(0);
    expect(emulator.organizations()).toHaveLength(1);
  });
});

describe.concurrent.each(providersOfStories)(
  "$provider: a resource that is renamed without an alias, its organization unprotected",
  ({ module }) => {
    const renamed = (name: string, more: object) => ({ [name]: { args: { ...megasoft, ...more } } });

    story("is refused, since the one that is to go has the external ID", async ({ means }) => {
      const emulator = await means.emulate();
      const stack = await means.stackOn(emulator, { module });
      await stack.write(renamed("megasoft", {}));
      expect(await stack.up()).toMatchObject({ code: 0 });
      await stack.write(renamed("renamed", {}));
      const up = await stack.up();
      expect(up.code).not.toBe(0);
      expect(up.text).toContain("move it with the `aliases` option");
      expect(emulator.organizations()).toHaveLength(1);
    });

    story(
      "and adopts what it had: the organization stays, in this run and in one that had to end in between",
      async ({ means }) => {
        const emulator = await means.emulate();
        const stack = await means.stackOn(emulator, { module });
        await stack.write(renamed("megasoft", {}));
        expect(await stack.up()).toMatchObject({ code: 0 });
        const id = emulator.organizations()[0]?.id;
        // Another resource fails, so this run does not come to the deletes.
        const failing = { stubborn: { args: { displayName: "Stubborn" } } };
        emulator.fail({ method: "POST", effect: { kind: "status", status: 403 } });
        await stack.write({ ...renamed("renamed", { adopt: true }), ...failing });
        expect((await stack.up()).code).not.toBe(0);
        await stack.write(renamed("renamed", { adopt: true }));
        const up = await stack.up();
        expect(up, up.text).toMatchObject({ code: 0 });
        expect(up.text).toContain(`Left ${id} at Scalekit`);
        expect(emulator.organizations()).toMatchObject([{ id }]);
        expect(await stack.organizations()).toMatchObject([{ id }]);
        expect(await stack.destroy()).toMatchObject({ code: 0 });
        expect(emulator.organizations()).toEqual([]);
      },
    );
  },
);
