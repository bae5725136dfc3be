import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { organization } from "../../src/definitions/organization.ts";
import { identityOf } from "../../src/lifecycle/identity.ts";
import { openJournal } from "../../src/lifecycle/journal.ts";
import { journalFile } from "../../src/lifecycle/journal-file.ts";
import { begin, full } from "../support/lifecycle.ts";

/** A run has a process for each provider: the dynamic one's, the plugin's, one for each instance of it. They share the stack's journal. */
const environment = "https://acme.scalekit.com";
const wish = identityOf(organization).wishOf(full);
const urn = (name: string) => `urn:pulumi:production::customers::scalekit:index:Organization::${name}`;
const open = (file: string) => openJournal(environment, () => journalFile(file, () => {}));

/** A journal that the next create tidies up. */
async function untidy(lines = 300): Promise<string> {
  const { folder } = await begin();
  const file = join(folder, "deeper", "journal.jsonl");
  await mkdir(dirname(file), { recursive: true });
  const over = Array.from({ length: lines }, (_, n) => `\n${JSON.stringify({ nonce: `old-${n}`, over: true })}`);
  await writeFile(file, over.join(""));
  return file;
}

const linesOf = async (file: string) => (await readFile(file, "utf8")).split("\n").filter(Boolean);

test("a process that tidies the journal up keeps what others have written since it read it", async () => {
  const file = await untidy();
  const [one, other] = [open(file), open(file)];
  await Promise.all([one, other].map((each) => each.settle("org_0", "Organization")));
  const intent = one.begin(wish, urn("one"));
  await one.sending(intent, Date.now());
  await one.displace("org_1", "Organization");
  await other.takePending(urn("other"));
  expect((await linesOf(file)).length).toBeLessThan(10);
  await one.made(intent, "org_2");

  const next = open(file);
  expect(await next.takePending(urn("one"))).toEqual([{ ...intent, id: "org_2" }]);
  expect(await next.isDisplaced("org_1", "Organization")).toBe(true);
});

test("a process that looks for what others have taken over loses none of their other lines when it tidies up", async () => {
  const file = await untidy();
  const [one, other] = [open(file), open(file)];
  await Promise.all([one, other].map((each) => each.settle("org_0", "Organization")));
  const intent = other.begin(wish, urn("other"));
  await other.sending(intent, Date.now());
  await other.made(intent, "org_2");
  expect(await one.holderOf("org_1", "Organization", true)).toBeUndefined();
  await one.takePending(urn("one"));
  expect((await linesOf(file)).length).toBeLessThan(10);
  expect(await open(file).takePending(urn("other"))).toEqual([intent]);
});

test("no line is lost while many processes write, and each tidies up", { timeout: 120_000 }, async () => {
  for (let round = 0; round < 10; round++) {
    const file = await untidy();
    const processes = Array.from({ length: 6 }, () => open(file));
    await Promise.all(processes.map((each) => each.settle("org_0", "Organization")));
    const sent = processes.flatMap((journal, at) =>
      Array.from({ length: 10 }, async (_, n) => {
        const intent = journal.begin(wish, urn(`${at}-${n}`));
        // Somewhere in the middle of them.
        if (n === at) await journal.takePending(urn("none"));
        await journal.sending(intent, Date.now());
        await journal.made(intent, `org_${at}_${n}`);
        return urn(`${at}-${n}`);
      }),
    );
    const next = open(file);
    for (const each of await Promise.all(sent)) expect(await next.takePending(each), each).toHaveLength(1);
  }
});
