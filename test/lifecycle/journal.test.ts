import { appendFile, chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Values } from "../../src/definitions/definition.ts";
import { organization } from "../../src/definitions/organization.ts";
import { identityOf } from "../../src/lifecycle/identity.ts";
import { type Intent, newIntents } from "../../src/lifecycle/intents.ts";
import { openJournal } from "../../src/lifecycle/journal.ts";
import { type JournalStorage, journalFile } from "../../src/lifecycle/journal-file.ts";
import { begin, full } from "../support/lifecycle.ts";

const owner = "urn:pulumi:production::customers::Organization::megasoft";
const wish = (args: Values) => identityOf(organization).wishOf(args);
const environment = "https://acme.scalekit.com";

async function fileOf() {
  const { folder } = await begin();
  return join(folder, "deeper", "journal.jsonl");
}

const open = (file: string, environmentUrl = environment) =>
  openJournal(environmentUrl, () => journalFile(file, () => {}));

test("what was sent is in the file before the request leaves, for its owner's eyes only", async () => {
  const file = await fileOf();
  const journal = open(file);
  await journal.sending(journal.begin(wish(full), owner), 1000);
  expect((await readFile(file, "utf8")).trim().split("\n")).toHaveLength(1);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("holds no external ID, name or metadata", async () => {
  const file = await fileOf();
  const journal = open(file);
  const intent = journal.begin(wish(full), owner);
  await journal.sending(intent, Date.now());
  await journal.made(intent, "org_1");
  expect(await readFile(file, "utf8")).not.toMatch(/CUST-1|Megasoft|gold/);
});

test("gives an intent to a later process once, whatever it asks for, and only for the same resource and environment", async () => {
  const file = await fileOf();
  const first = open(file);
  const intent = first.begin(wish(full), owner);
  await first.sending(intent, Date.now());
  expect(await open(file).takePending(`${owner}-renamed`)).toEqual([]);
  expect(await open(file, "https://other.scalekit.com").takePending(owner)).toEqual([]);
  const second = open(file);
  expect(await second.takePending(owner)).toEqual([intent]);
  expect(await second.takePending(owner)).toEqual([]);
});

test("remembers which organization has an external ID that nobody declares, until it has one that is declared", async () => {
  const file = await fileOf();
  const first = open(file);
  expect(await first.isDisplaced("org_1", "Organization")).toBe(false);
  await first.displace("org_1", "Organization");
  expect(await open(file).isDisplaced("org_1", "Organization")).toBe(true);
  await open(file).markRestored("org_1", "Organization");
  expect(await open(file).isDisplaced("org_1", "Organization")).toBe(false);
});

test("what it remembers of an organization says nothing of a setting, which has the organization's id", async () => {
  const file = await fileOf();
  const first = open(file);
  await first.displace("org_1", "Organization");
  await first.park("org_1", "Organization", "key");
  expect(await open(file).isDisplaced("org_1", "OrganizationSessionPolicy")).toBe(false);
  const second = open(file);
  await second.markRestored("org_1", "OrganizationSessionPolicy");
  await second.unpark("org_1", "OrganizationSessionPolicy");
  const third = open(file);
  expect(await third.isDisplaced("org_1", "Organization")).toBe(true);
  expect(await third.parked("key")).toEqual([{ id: "org_1", isRefused: false }]);
});

test("does not give a process its own", async () => {
  const journal = open(await fileOf());
  await journal.sending(journal.begin(wish(full), owner), Date.now());
  expect(await journal.takePending(owner)).toEqual([]);
});

test("forgets what made nothing, what is settled, and what is a month old", async () => {
  const file = await fileOf();
  const journal = open(file);
  const [nothing, settled, old] = ["A", "B", "C"].map((externalId) =>
    journal.begin(wish({ ...full, externalId }), owner),
  );
  if (!nothing || !settled || !old) throw new Error("three intents were begun");
  await journal.sending(nothing, Date.now());
  await journal.drop(nothing);
  await journal.sending(settled, Date.now());
  await journal.made(settled, "org_1");
  await open(file).settle("org_1", "Organization");
  await journal.sending(old, Date.now() - 31 * 24 * 3600 * 1000);
  const later = open(file);
  expect(await later.takePending(owner)).toEqual([]);
});

test("survives a line that a crash cut short", async () => {
  const file = await fileOf();
  const first = open(file);
  await first.sending(first.begin(wish(full), owner), Date.now());
  await appendFile(file, '\n{"nonce":"x","subj');
  const second = open(file);
  await second.sending(second.begin(wish({ ...full, externalId: "CUST-2" }), "urn:second"), Date.now());
  const third = open(file);
  expect(await third.takePending(owner)).toHaveLength(1);
  expect(await third.takePending("urn:second")).toHaveLength(1);
});

test("does not grow for ever: what is over is left out before a later run's first create", async () => {
  const file = await fileOf();
  const journal = open(file);
  const alive = journal.begin(wish(full), owner);
  await journal.sending(alive, Date.now());
  const over = Array.from({ length: 200 }, (_, n) =>
    journal.begin(wish({ ...full, externalId: `CUST-${n}-x` }), "urn:over"),
  );
  await Promise.all(over.map((intent) => journal.sending(intent, Date.now())));
  await Promise.all(over.map((intent) => journal.drop(intent)));
  const before = (await stat(file)).size;
  expect(await open(file).takePending(owner)).toHaveLength(1);
  expect((await stat(file)).size).toBeLessThan(before / 50);
  expect(await open(file).takePending(owner)).toHaveLength(1);
});

test("a file that cannot be written is reported once, and stops nothing", async () => {
  const { folder } = await begin();
  await writeFile(join(folder, "plain"), "");
  await chmod(join(folder, "plain"), 0o400);
  const said: string[] = [];
  const kept = journalFile(join(folder, "plain", "journal"), (line) => said.push(line));
  const journal = openJournal(environment, () => kept);
  await journal.sending(journal.begin(wish(full), owner), 1);
  await journal.sending(journal.begin(wish(full), owner), 2);
  expect(said).toEqual([
    expect.stringMatching(
      /journal cannot be written \(\w+\): if this run is interrupted, what it was creating must be/,
    ),
  ]);
});

test("which file it is may become known late", async () => {
  const { folder } = await begin();
  let storage: JournalStorage | undefined;
  const journal = openJournal(environment, () => storage);
  await journal.settle("org_1", "Organization");
  const file = join(folder, "late");
  storage = journalFile(file, () => {});
  await journal.sending(journal.begin(wish(full), owner), Date.now());
  expect(await open(file).takePending(owner)).toHaveLength(1);
});

test("a strict journal has nothing sent that cannot be noted, and a preview says so", async () => {
  const { folder } = await begin();
  await writeFile(join(folder, "plain"), "");
  const kept = journalFile(join(folder, "plain", "journal"), () => {});
  const journal = openJournal(environment, () => kept, { strict: true });
  await expect(journal.requireStorage()).rejects.toThrow(/journal cannot be written \(\w+\).*SCALEKIT_JOURNAL/);
  await expect(journal.sending(journal.begin(wish(full), owner), 1)).rejects.toThrow(
    "nothing is created unless the journal records it first",
  );
  await expect(openJournal(environment, () => undefined, { strict: true }).requireStorage()).rejects.toThrow(
    "name of a stack",
  );
  const sound = openJournal(environment, () => journalFile(join(folder, "sound"), () => {}), { strict: true });
  await sound.requireStorage();
  await sound.sending(sound.begin(wish(full), owner), Date.now());
  expect(await open(join(folder, "sound")).takePending(owner)).toHaveLength(1);
});

test("what a create or a diff looks at does not grow with what is open", () => {
  const reads: string[] = [];
  const counted = (intent: Intent): Intent =>
    new Proxy(intent, {
      get(target, property) {
        if (property === "subject") reads.push(target.nonce);
        return Reflect.get(target, property) as unknown;
      },
    });
  const intents = newIntents();
  for (let n = 0; n < 1000; n++) {
    intents.put(counted({ nonce: `n${n}`, subject: `s${n}`, kind: "Organization", content: "", id: `org_${n}` }));
  }
  reads.length = 0;
  expect(intents.of("s500")).toHaveLength(1);
  expect(intents.thatMade("org_500")).toHaveLength(1);
  expect(intents.remove("n500")).toBe(true);
  expect(intents.remove("n500")).toBe(false);
  expect([intents.of("s500"), intents.thatMade("org_500"), intents.size()]).toEqual([[], [], 999]);
  expect(new Set(reads)).toEqual(new Set(["n500"]));
});

test("lines that come while the file is put anew are kept, in their order", async () => {
  const { folder } = await begin();
  const kept = journalFile(join(folder, "journal"), () => {});
  await Promise.all([kept.append("before"), kept.rewrite(["kept"]), kept.append("after")]);
  expect(await kept.read()).toEqual(["kept", "after"]);
});
