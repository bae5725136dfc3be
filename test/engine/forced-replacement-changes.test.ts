import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { oneOfEach } from "../support/one-of-each.ts";
import { expectSuccess, type Resource } from "../support/stack.ts";
import { type Means, type Stack, story } from "../support/story.ts";

/** Replacements that a user forces in the run in which something else changes too, and what hangs on what is replaced. */

const declare = (stack: Stack, program: object) =>
  writeFile(join(stack.folder, "program.json"), JSON.stringify(program));

const resources = async (stack: Stack): Promise<Resource[]> =>
  JSON.parse((await expectSuccess(stack.pulumi("stack", "export"))).text).deployment.resources;
const resource = async (stack: Stack, name: string): Promise<Resource | undefined> =>
  (await resources(stack)).find(({ urn }) => urn.endsWith(`::${name}`));
const taint = async (stack: Stack, name: string) =>
  expectSuccess(stack.pulumi("state", "taint", (await resource(stack, name))?.urn ?? "", "--yes"));

async function begin({ emulate, stackOn }: Means, program: object = {}, source = oneOfEach) {
  const emulator = await emulate();
  const stack = await stackOn(emulator, { source });
  await declare(stack, program);
  await expectSuccess(stack.up());
  const named = (externalId: string) =>
    emulator.organizations().filter(({ external_id }) => external_id === externalId);
  const below = () => (["clients", "domains", "roles"] as const).map((kind) => emulator.all(kind));
  return { emulator, stack, named, below };
}

const refusal = {
  method: "POST",
  path: "/api/v1/organizations",
  count: 100,
  effect: { kind: "status", status: 403 },
} as const;
const flat = (text: string) => text.replaceAll(/\s+/g, " ");

const changes: Readonly<Record<string, object>> = {
  nothing: {},
  "the external ID": { externalId: "CUST-2" },
  "the external ID and the slug": { externalId: "CUST-2", slug: "mega" },
  "the slug, where there is no external ID": { slug: "mega" },
};

story.concurrent.for(Object.keys(changes))(
  "an organization and all that hangs on it stay where what is to replace it is refused, whatever changes: %s",
  { timeout: 600_000 },
  async (change, { means }) => {
    const source = change.includes("no external ID") ? oneOfEach.replace('externalId: "CUST-1", ', "") : oneOfEach;
    const { emulator, stack, below } = await begin(means, {}, source);
    const [before] = emulator.organizations().filter(({ slug }) => slug === "megasoft");
    const there = below();
    await taint(stack, "megasoft");
    await declare(stack, { args: { megasoft: changes[change] } });
    emulator.fail(refusal);
    for (let run = 0; run < 2; run++) {
      const refused = await stack.up();
      expect(refused.code, refused.text).not.toBe(0);
      expect(flat(refused.text)).toContain(`Organization ${before?.id} is as it was`);
      const now = emulator.organizations().find(({ id }) => id === before?.id);
      expect(now).toEqual({ ...before, update_time: now?.update_time });
      expect(below()).toEqual(there);
    }
    emulator.heal();
    await expectSuccess(stack.up());
    const stored = emulator.organizations();
    expect(stored.map(({ id }) => id)).not.toContain(before?.id);
    expect(stored).toHaveLength(2);
    const id = (await resource(stack, "megasoft"))?.id;
    expect(stored.map((one) => one.id)).toContain(id);
    expect(below().map((some) => some.length)).toEqual(there.map((some) => some.length));
    for (const name of ["auditor", "domain", "robot", "sessions", "users"]) {
      expect((await resource(stack, name))?.inputs, name).toMatchObject({ organizationId: id });
    }
    await expectSuccess(stack.up("--expect-no-changes"));
    await expectSuccess(stack.refresh("--expect-no-changes"));
    await expectSuccess(stack.destroy());
    expect(emulator.organizations()).toEqual([]);
  },
);
