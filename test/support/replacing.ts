import { expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { expectSuccess, type Resource } from "./stack.ts";
import type { Stack } from "./story.ts";

/** What hangs on the organization of one-of-each.ts and is replaced with it. A connection has no organization but its own. */
export const below = ["auditor", "domain", "robot", "sessions", "users"];

/** What hangs on organizations, as the emulator has it. */
export const thingsOf = (emulator: Pick<Emulator, "all">) =>
  (["clients", "domains", "roles"] as const).map((kind) => emulator.all(kind));

export const resource = async (stack: Pick<Stack, "resources">, name: string): Promise<Resource | undefined> =>
  (await stack.resources()).find(({ urn }) => urn.endsWith(`::${name}`));

/** Scalekit refuses new organizations. */
export const refusal = {
  method: "POST",
  path: "/api/v1/organizations",
  count: 100,
  effect: { kind: "status", status: 403 },
} as const;

export const flat = (text: string): string => text.replaceAll(/\s+/g, " ");

/** A replacement that the next `up` makes. */
export interface Replacement {
  readonly emulator: Emulator;
  readonly stack: Stack;
  /** The organization that is replaced, as it is stored. */
  readonly before: { readonly id: string } | undefined;
  /** What hangs on organizations before it. */
  readonly there: ReturnType<typeof thingsOf>;
  readonly flags: readonly string[];
  /** What the refusal says of that organization. */
  readonly says: string;
}

/** While the new organization is refused, the old one stays, with all that hangs on it. Then each is made anew, and nothing is left. */
export async function expectRefusedAndThenReplaced({ emulator, stack, before, there, flags, says }: Replacement) {
  emulator.fail(refusal);
  for (let run = 0; run < 2; run++) {
    const refused = await stack.up(...flags);
    expect(refused.code, refused.text).not.toBe(0);
    expect(flat(refused.text)).toContain(says);
    const now = emulator.organizations().find(({ id }) => id === before?.id);
    expect(now).toEqual({ ...before, update_time: now?.update_time });
    expect(thingsOf(emulator)).toEqual(there);
  }
  emulator.heal();
  await expectSuccess(stack.up(...flags));
  const stored = emulator.organizations();
  expect(stored.map(({ id }) => id)).not.toContain(before?.id);
  expect(stored).toHaveLength(2);
  const id = (await resource(stack, "megasoft"))?.id;
  expect(stored.map((one) => one.id)).toContain(id);
  expect(thingsOf(emulator).map((some) => some.length)).toEqual(there.map((some) => some.length));
  for (const name of below) {
    expect((await resource(stack, name))?.inputs, name).toMatchObject({ organizationId: id });
  }
  await expectSuccess(stack.up("--expect-no-changes"));
  await expectSuccess(stack.refresh("--expect-no-changes"));
  await expectSuccess(stack.destroy());
  expect(emulator.organizations()).toEqual([]);
}
