import { expect } from "vitest";
import { endAt, unlock, ways } from "../support/crash.ts";
import { story } from "../support/story.ts";

/** How often each way of dying is tried. `npm run soak` raises it. */
const rounds = Number(process.env["CRASH_ROUNDS"] ?? 1);
const size = 100;
const customers = Array.from({ length: size }, (_, n) => `customer-${n}`);

story.concurrent.for(
  Object.entries(ways).flatMap(([name, end]) => Array.from({ length: rounds }, (_, n) => [name, n + 1, end] as const)),
)(
  "a run of 100 organizations that ends by %s is finished by the next (round %i)",
  { timeout: 300_000 },
  async ([, , end], { means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator);
    await stack.write(
      Object.fromEntries(customers.map((name) => [name, { args: { displayName: name, externalId: name } }])),
    );
    const reached = await endAt(Math.floor(Math.random() * size), end, stack, emulator);

    await unlock(stack);
    const up = await stack.up();
    expect(up, `ended at ${reached}: ${up.text}`).toMatchObject({ code: 0 });
    expect(
      emulator
        .organizations()
        .map((one) => one.external_id)
        .sort(),
    ).toEqual([...customers].sort());
    const known = (await stack.organizations()).map(({ id }) => id);
    expect(known.sort()).toEqual(
      emulator
        .organizations()
        .map(({ id }) => id)
        .sort(),
    );
    const refresh = await stack.refresh("--clear-pending-creates", "--expect-no-changes");
    expect(refresh, refresh.text).toMatchObject({ code: 0 });
    const again = await stack.up("--expect-no-changes");
    expect(again, again.text).toMatchObject({ code: 0 });
    expect(again.text).not.toContain("pending operations");
  },
);
