import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { newDebts, stillTaken } from "../../src/lifecycle/debts.ts";
import { ledgerAt, openDebts } from "../../src/lifecycle/ledger.ts";

const debt = { id: "org_1", subject: "organization org_1" };

async function newLedger() {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-ledger-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "ledger.jsonl");
  return { file, guarantor: { ...ledgerAt(file), isMoreToCome: () => true } };
}

test.each([
  ["externalId", "external ID", "an external ID"],
  ["slug", "slug", "a slug"],
])("a debt of %s is put in words", (field, words, aWords) => {
  expect(stillTaken({ ...debt, field, holder: "org_2" })).toBe(
    `Could not update organization org_1: its new ${words} belongs to org_2, and ${aWords} is unique in an environment. This ` +
      "run does not give org_2 another one: its resource keeps it, was left out by `--target` or `--exclude`, or is not in " +
      `this program. Run \`pulumi up\` for both, or give one of the two another ${words}.`,
  );
});

test("the program learns of each key that an update left for later by itself, and of no key's value", async () => {
  const { file, guarantor } = await newLedger();
  const debts = newDebts();
  const owed = await debts.owe(
    [
      { ...debt, field: "externalId", key: "hidden-1", holder: "org_2" },
      { ...debt, field: "slug", key: "hidden-2", holder: "org_3" },
    ],
    guarantor,
  );
  const [first, second] = owed ?? [];
  if (first === undefined || second === undefined) throw new Error("no debts");
  expect(second.nonce).toBe(first.nonce);
  expect(await readFile(file, "utf8")).not.toContain("hidden");
  const fieldsOpen = () =>
    openDebts(file)
      .get(first.nonce)
      ?.map(({ field }) => field);
  expect(fieldsOpen()).toEqual(["externalId", "slug"]);
  expect(debts.heldBy("org_2", "externalId")).toEqual([first]);
  expect(debts.heldBy("org_2", "slug")).toEqual([]);
  expect(debts.isLast(first)).toBe(false);
  await debts.settle(first);
  expect(fieldsOpen()).toEqual(["slug"]);
  expect(debts.isLast(second)).toBe(true);
  await debts.settle(second);
  expect(fieldsOpen()).toEqual([]);
});
