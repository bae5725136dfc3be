import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { organization } from "../../src/definitions/organization.ts";
import type { FaultOptions } from "../../src/emulator/index.ts";
import { claimTokenFor, newClaimToken, resourceMarkIn } from "../../src/lifecycle/claims.ts";
import { hash } from "../../src/lifecycle/journal.ts";
import { parkedAmong } from "../../src/lifecycle/journal-marks.ts";
import { spareKey } from "../../src/lifecycle/spare-key.ts";
import { withNotes } from "../../src/lifecycle/state.ts";
import { newDeclared } from "../../src/provider/declared.ts";
import { begin, clientWith, full } from "../support/lifecycle.ts";

const urn = "urn:pulumi:production::customers::Organization::megasoft";
const other = "urn:pulumi:production::customers::Organization::sandbox";
const unguarded = { ...full, slug: "megasoft", deletionProtection: false };
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

test("a state says which resource it is of, in ten characters, and an update sets that right", () => {
  expect(newClaimToken(urn)).toHaveLength(10);
  expect(resourceMarkIn(newClaimToken(urn))).toBe(resourceMarkIn(newClaimToken(urn)));
  expect(resourceMarkIn(newClaimToken())).toBeUndefined();
  const claim = newClaimToken(urn);
  expect(claimTokenFor(other, claim).slice(0, 4)).toBe(claim.slice(0, 4));
  expect(resourceMarkIn(claimTokenFor(other, claim))).toBe(resourceMarkIn(newClaimToken(other)));
  expect(claimTokenFor(undefined, claim)).toBe(claim);
  // One that does not say it.
  expect(resourceMarkIn(claimTokenFor(urn, "1a2b"))).toBe(resourceMarkIn(claim));
});

const state = (claim?: string, externalId = "OLD") => withNotes({ externalId }, { ...(claim && { claim }) });

test("a delete's successor is its own resource, whatever that declares now, and else what has what only one can have", () => {
  const program = newDeclared(organization);
  const declared = { displayName: "Megasoft", externalId: "NEW" };
  // The engine has what it replaces checked twice.
  for (let check = 0; check < 2; check++) program.add(declared, urn, false);
  program.add({ displayName: "Sandbox", externalId: "OLD" }, other, false);
  expect(program.successorOf(state(newClaimToken(urn)))).toBe(urn);
  expect(program.successorOf(state("1a2b"))).toBe(other);
  expect(program.successorOf(state())).toBe(other);
  expect(program.successorOf(state(newClaimToken("urn:renamed since")))).toBe(other);
  expect(program.successorOf(state(newClaimToken("urn:gone"), "X"))).toBeUndefined();
  expect(program.beginCreate(declared)).toBe(urn);
  expect(program.awaitsCreate()).toBe(true);
  // Its create has begun, so what is deleted now is deleted for good.
  expect(program.successorOf(state(newClaimToken(urn), "X"))).toBeUndefined();
  program.beginCreate({ externalId: "OLD" });
  expect(program.awaitsCreate()).toBe(false);
});

test("a resource that exists is no successor of what is deleted", () => {
  const program = newDeclared(organization);
  program.add({ displayName: "Megasoft", externalId: "NEW" }, urn, true);
  expect(program.successorOf(state(newClaimToken(urn), "NEW"))).toBeUndefined();
  expect(program.awaitsCreate()).toBe(false);
});

test("all that a resource's new organization is in place of goes once that is there", async () => {
  const { emulator, process } = await begin();
  const first = await process().create(unguarded, urn);
  const second = await process().create({ ...unguarded, externalId: "SECOND", slug: "second" }, other);
  const run = process();
  await run.remove(first.id, first.outs, urn);
  await run.remove(second.id, second.outs, urn);
  expect(emulator.organizations()).toHaveLength(2);
  const made = await process().create({ ...unguarded, externalId: "THIRD", slug: "third" }, urn);
  expect(emulator.organizations()).toMatchObject([{ id: made.id }]);
});

/** As `parked`, and the next run is killed when the old one has let go of what it had. */
async function cutOff() {
  const begun = await parked();
  const { client, process, emulator } = begun;
  const killed = process(
    "stack",
    clientWith(client, () => ({ create: () => new Promise<never>(() => {}) })),
  );
  void killed.create(unguarded, urn);
  const keys = () => [emulator.organizations()[0]?.external_id, emulator.organizations()[0]?.slug];
  const spare = (field: string) => spareKey(organization, field, begun.old.id);
  await expect.poll(keys).toEqual([spare("externalId"), spare("slug")]);
  return begun;
}

test("an organization that let go in a run that was killed gets what is declared where the new one is refused", async () => {
  const { emulator, process, old, said } = await cutOff();
  emulator.fail(refusal);
  await expect(process().create(unguarded, urn)).rejects.toThrow("403");
  expect(emulator.organizations()).toMatchObject([{ id: old.id, external_id: "CUST-1", slug: "megasoft" }]);
  expect(said.join()).toContain(`Organization ${old.id} stays, since its replacement was not created.`);
  expect(said.join()).toContain(`npx pulumi-scalekit import ${old.id}`);
  emulator.heal();
  const kept = await process().create({ ...unguarded, adopt: true }, urn);
  expect(kept.id).toBe(old.id);
  expect(emulator.organizations()).toHaveLength(1);
});

test("who asks to adopt after a refusal keeps the old one, also where a run that was killed took its external ID", async () => {
  const { emulator, process, old } = await cutOff();
  await process().journal.park(old.id, "Organization", hash(urn), { isRefused: true });
  const kept = await process().create({ ...unguarded, adopt: true }, urn);
  expect(kept.id).toBe(old.id);
  expect(emulator.organizations()).toMatchObject([{ id: old.id, external_id: "CUST-1", slug: "megasoft" }]);
});

test("one that has a slug alone lets go of it in one request, gets it back where the new one is refused, and cannot be adopted", async () => {
  const { emulator, process, said } = await begin();
  const args = { displayName: "Megasoft", slug: "megasoft", deletionProtection: false };
  const old = await process().create(args, urn);
  const run = process();
  await run.remove(old.id, old.outs, urn);
  emulator.fail(refusal);
  const from = emulator.requests.length;
  await expect(run.create(args, urn)).rejects.toThrow("403");
  const sent = emulator.requests.slice(from).map(({ method }) => method);
  // It is read, lets go, is not replaced, is read again and gets its slug back.
  expect(sent).toEqual(["GET", "PATCH", "POST", "GET", "PATCH"]);
  expect(emulator.organizations()).toMatchObject([{ id: old.id, slug: "megasoft" }]);
  expect(said.join()).toContain(`Organization ${old.id} is unchanged, since its replacement was not created.`);
  // An adoption finds an organization by its external ID only.
  expect(said.join()).not.toContain("adopt: true");
  emulator.heal();
  const made = await process().create(args, urn);
  expect(emulator.organizations()).toMatchObject([{ id: made.id, slug: "megasoft" }]);
  expect(made.id).not.toBe(old.id);
});

test("who asks to adopt after a refusal keeps the old one, also where a run that was killed took its slug", async () => {
  const { emulator, process, old, edit } = await parked();
  await edit(old.id, { slug: spareKey(organization, "slug", old.id) });
  await process().journal.park(old.id, "Organization", hash(urn), { isRefused: true });
  const kept = await process().create({ ...unguarded, adopt: true }, urn);
  expect(kept.id).toBe(old.id);
  expect(emulator.organizations()).toMatchObject([{ id: old.id, external_id: "CUST-1", slug: "megasoft" }]);
});

test("who asks to adopt keeps the old one, also where somebody else has taken its slug", async () => {
  const { emulator, process, old, edit, organizations } = await parked();
  await edit(old.id, { slug: spareKey(organization, "slug", old.id) });
  const other = await organizations.create(undefined, { displayName: "Other", slug: "megasoft" });
  await process().journal.park(old.id, "Organization", hash(urn), { isRefused: true });
  await expect(process().create({ ...unguarded, adopt: true }, urn)).rejects.toThrow("slug already exists");
  expect(emulator.organizations()).toMatchObject([{ id: old.id, external_id: "CUST-1" }, { id: other.id }]);
});

test("nothing is said of a new one that may have been made after all", async () => {
  const { emulator, process, old, said } = await parked();
  const args = { ...unguarded, externalId: "CUST-2", slug: "mega" };
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

test("what one provider has noted to go goes once the other has made the new one", async () => {
  const { emulator, process } = await begin();
  const [native, dynamic] = ["scalekit:index:", "pulumi-nodejs:dynamic/scalekit:"].map(
    (type) => `urn:pulumi:production::customers::${type}Organization::megasoft`,
  );
  const old = await process().create(unguarded, native);
  await process().remove(old.id, old.outs, native);
  const { id } = await process().create(unguarded, dynamic);
  expect(id).not.toBe(old.id);
  expect(emulator.organizations()).toMatchObject([{ id, external_id: "CUST-1" }]);
});
