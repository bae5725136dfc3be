import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { FaultOptions } from "../src/emulator/index.ts";
import { claimFor, markIn, newClaim } from "../src/lifecycle/holders.ts";
import { hash } from "../src/lifecycle/journal.ts";
import { parkedAmong } from "../src/lifecycle/journal-marks.ts";
import { newProgram } from "../src/lifecycle/program.ts";
import { begin, full } from "./support/lifecycle.ts";

const urn = "urn:pulumi:production::customers::Organization::megasoft";
const other = "urn:pulumi:production::customers::Organization::sandbox";
const unguarded = { ...full, deletionProtection: false };
const refusal: FaultOptions = {
  method: "POST",
  path: "/api/v1/organizations",
  count: 9,
  effect: { kind: "status", status: 403 },
};

/** An organization that its resource has, and that a run has noted to go. */
async function parked() {
  const begun = await begin();
  const old = await begun.process().create(unguarded, urn);
  const run = begun.process();
  await run.remove(old.id, old.outs, urn);
  return { ...begun, run, old };
}

test("a state says which resource it is of, in sixteen characters, and an update sets that right", () => {
  expect(newClaim(urn)).toHaveLength(16);
  expect(markIn(newClaim(urn))).toBe(markIn(newClaim(urn)));
  expect(markIn(newClaim())).toBeUndefined();
  const claim = newClaim(urn);
  expect(claimFor(other, claim).slice(0, 8)).toBe(claim.slice(0, 8));
  expect(markIn(claimFor(other, claim))).toBe(markIn(newClaim(other)));
  expect(claimFor(undefined, claim)).toBe(claim);
  // That of an earlier version.
  expect(markIn(claimFor(urn, "1a2b3c4d"))).toBe(markIn(claim));
});

const state = (claim?: string, externalId = "OLD") => ({ claim, externalId });

test("a delete's successor is its own resource, whatever that declares now, and else what has what only one can have", () => {
  const program = newProgram([["externalId"], ["slug"]]);
  const declared = { displayName: "Megasoft", externalId: "NEW" };
  // The engine has what it replaces checked twice.
  for (let check = 0; check < 2; check++) program.declare(declared, urn, false);
  program.declare({ displayName: "Sandbox", externalId: "OLD" }, other, false);
  expect(program.successorOf(state(newClaim(urn)))).toBe(urn);
  expect(program.successorOf(state("1a2b3c4d"))).toBe(other);
  expect(program.successorOf(state())).toBe(other);
  expect(program.successorOf(state(newClaim("urn:renamed since")))).toBe(other);
  expect(program.successorOf(state(newClaim("urn:gone"), "X"))).toBeUndefined();
  expect(program.ownerOf(declared)).toBe(urn);
  expect(program.awaits()).toBe(true);
  // Its create has begun, so what is deleted now is deleted for good.
  expect(program.successorOf(state(newClaim(urn), "X"))).toBeUndefined();
  program.ownerOf({ externalId: "OLD" });
  expect(program.awaits()).toBe(false);
});

test("a resource that exists is no successor of what is deleted", () => {
  const program = newProgram([["externalId"], ["slug"]]);
  program.declare({ displayName: "Megasoft", externalId: "NEW" }, urn, true);
  expect(program.successorOf(state(newClaim(urn), "NEW"))).toBeUndefined();
  expect(program.awaits()).toBe(false);
});

test("all that a resource's new organization is in place of goes once that is there", async () => {
  const { emulator, process } = await begin();
  const first = await process().create(unguarded, urn);
  const second = await process().create({ ...unguarded, externalId: "SECOND", slug: "second" }, other);
  const run = process();
  await run.remove(first.id, first.outs, urn);
  await run.remove(second.id, second.outs, urn);
  expect(emulator.organizations()).toHaveLength(2);
  const made = await process().create({ ...unguarded, externalId: "THIRD" }, urn);
  expect(emulator.organizations()).toMatchObject([{ id: made.id }]);
});

/** As `parked`, and the next run is killed when the old one has let go of what it had. */
async function cutOff() {
  const begun = await parked();
  const { client, process, emulator } = begun;
  const killed = process("stack", { ...client, create: () => new Promise<never>(() => {}) });
  void killed.create(unguarded, urn);
  await expect.poll(() => emulator.organizations()[0]?.external_id).toMatch(/^moving:/);
  return begun;
}

test("an organization that let go in a run that was killed gets what is declared where the new one is refused", async () => {
  const { emulator, process, old, said } = await cutOff();
  emulator.fail(refusal);
  await expect(process().create(unguarded, urn)).rejects.toThrow("403");
  expect(emulator.organizations()).toMatchObject([{ id: old.id, external_id: "CUST-1" }]);
  expect(said.join()).toContain(`Organization ${old.id} stays, since what was to replace it was not created.`);
  expect(said.join()).toContain(`npx pulumi-scalekit import ${old.id}`);
  emulator.heal();
  const kept = await process().create({ ...unguarded, adopt: true }, urn);
  expect(kept.id).toBe(old.id);
  expect(emulator.organizations()).toHaveLength(1);
});

test("who asks to adopt after a refusal keeps the old one, also where a run that was killed took its external ID", async () => {
  const { emulator, process, old } = await cutOff();
  await process().journal.park(old.id, hash(urn), { isRefused: true });
  const kept = await process().create({ ...unguarded, adopt: true }, urn);
  expect(kept.id).toBe(old.id);
  expect(emulator.organizations()).toMatchObject([{ id: old.id, external_id: "CUST-1" }]);
});

test("nothing is said of a new one that may have been made after all", async () => {
  const { emulator, process, old, said } = await parked();
  const args = { ...unguarded, externalId: "CUST-2" };
  emulator.fail({ method: "POST", path: "/api/v1/organizations", effect: { kind: "cut", when: "after" } });
  emulator.fail({
    method: "GET",
    path: "/api/v1/organizations:external",
    count: 99,
    effect: { kind: "status", status: 500 },
  });
  await expect(process().create(args, urn)).rejects.toThrow("Run `pulumi up` again");
  expect(said.join()).not.toContain(old.id);
  emulator.heal();
  const made = await process().create(args, urn);
  expect(emulator.organizations()).toMatchObject([{ id: made.id, external_id: "CUST-2" }]);
});

test("an organization that the engine deletes after all is not spoken of any more", async () => {
  const { process, old, emulator, folder } = await parked();
  await process().remove(old.id, old.outs);
  expect(emulator.organizations()).toEqual([]);
  const lines = readFileSync(join(folder, "stack.jsonl"), "utf8").split("\n");
  expect(parkedAmong(lines)).toEqual([]);
});
