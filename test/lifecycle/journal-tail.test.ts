import { execFileSync } from "node:child_process";
import { appendFileSync, symlinkSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openJournal } from "../../src/lifecycle/journal.ts";
import { journalFile } from "../../src/lifecycle/journal-file.ts";
import { journalTail } from "../../src/lifecycle/journal-tail.ts";

const environment = "https://acme.scalekit.com";
const open = (file: string) => openJournal(environment, () => journalFile(file, () => {}));

async function begin() {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-tail-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "journal.jsonl");
  const provider = open(file);
  const make = async (id: string, kind = "Organization") => {
    const intent = provider.begin({ kind, content: "c" }, id);
    await provider.sending(intent, Date.now());
    await provider.made(intent, id);
  };
  const isOpen = async (id: string) => (await open(file).takePending(id)).length > 0;
  const text = () => readFile(file, "utf8");
  return { folder, file, make, isOpen, text };
}

test("what is noted as saved is no later create's, and what is open of another kind or id stays so", async () => {
  const { file, make, isOpen } = await begin();
  await make("billing", "OtherKind");
  await make("org_1");
  await make("org_2");
  const tail = journalTail(file);
  tail.noteSaved(new Map([["Organization", ["org_1", "billing"]]]));
  expect([await isOpen("org_1"), await isOpen("org_2"), await isOpen("billing")]).toEqual([false, true, true]);
  await make("org_3");
  tail.noteSaved(
    new Map([
      ["Organization", ["org_3"]],
      ["OtherKind", ["billing"]],
    ]),
  );
  expect([await isOpen("org_3"), await isOpen("org_2"), await isOpen("billing")]).toEqual([false, true, false]);
});

test("what the journal has not open is not written: it says nothing, or was said before", async () => {
  const { file, make, text } = await begin();
  await make("org_1");
  const saved = new Map([["Organization", ["org_1", "org_2"]]]);
  journalTail(file).noteSaved(saved);
  const once = await text();
  expect(once.endsWith('\n{"saved":["org_1"],"kind":"Organization"}')).toBe(true);
  const other = journalTail(file);
  for (let n = 0; n < 3; n++) other.noteSaved(saved);
  expect(await text()).toBe(once);
});

test("a line that is half written is read when it is whole, and a tidied journal anew", async () => {
  const { file, make, isOpen, text } = await begin();
  await make("org_ü");
  const whole = Buffer.from(await text());
  const middle = whole.lastIndexOf("ü") + 1;
  const tail = journalTail(file);
  const saved = new Map([["Organization", ["org_ü"]]]);
  await writeFile(file, whole.subarray(0, middle));
  tail.noteSaved(saved);
  appendFileSync(file, whole.subarray(middle));
  tail.noteSaved(saved);
  expect(await isOpen("org_ü")).toBe(false);

  await make("org_2");
  tail.noteSaved(new Map());
  // As a provider tidies it, in another file of the same name.
  await journalFile(file, () => {}).rewrite((await text()).split("\n").filter((line) => line.includes("org_2")));
  tail.noteSaved(new Map([["Organization", ["org_2"]]]));
  expect(await isOpen("org_2")).toBe(false);
});

test("no journal, a link and a pipe are left alone", async () => {
  const { folder, file, make, text } = await begin();
  await make("org_1");
  const before = await text();
  symlinkSync(file, join(folder, "link"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
  for (const name of ["none", "link", "pipe"])
    journalTail(join(folder, name)).noteSaved(new Map([["Organization", ["org_1"]]]));
  expect(await text()).toBe(before);
});

test("each look reads only what has come since the last", async () => {
  const { file } = await begin();
  const line = (n: number) =>
    `\n${JSON.stringify({ nonce: `${n}`, subject: "s", kind: "Organization", content: "c", id: `org_${n}` })}`;
  await writeFile(file, "");
  const tail = journalTail(file);
  const read = vi.spyOn(Buffer, "alloc");
  onTestFinished(() => read.mockRestore());
  for (let n = 0; n < 200; n++) {
    appendFileSync(file, line(n));
    tail.noteSaved(new Map([["Organization", [`org_${n}`]]]));
  }
  const bytes = read.mock.calls.reduce((sum, [size]) => sum + size, 0);
  expect((await readFile(file, "utf8")).match(/"saved"/g)).toHaveLength(200);
  expect(bytes).toBeLessThanOrEqual((await stat(file)).size);
});

test("an error that saves is marked, unless the engine is gone or saves at the end only", async () => {
  const { file } = await begin();
  const noted = async (options: Parameters<typeof openJournal>[2], id: string) => {
    const journal = openJournal(environment, () => journalFile(file, () => {}), options);
    const intent = journal.begin({ kind: "Organization", content: "c" }, id);
    await journal.sending(intent, Date.now());
    await journal.made(intent, id);
    await journal.markReported(id, "Organization");
    return (await open(file).takePending(id)).map((one) => one.reported);
  };
  expect(await noted({}, "org_1")).toEqual([true]);
  expect(await noted({ strict: true }, "org_2")).toEqual([undefined]);
  expect(await noted({ isHeard: async () => false }, "org_3")).toEqual([undefined]);

  // One that the engine had, and that a refresh did not find, is the run's again, to be looked for.
  await open(file).settle("org_1", "Organization");
  expect(await open(file).takePending("org_1")).toEqual([]);
  await open(file).reopen("org_1", "Organization");
  expect((await open(file).takePending("org_1")).map((one) => one.reported)).toEqual([undefined]);
});

test("the provider says where its journal is to a program that asks, if programs can know what is saved", async () => {
  const { folder } = await begin();
  vi.stubEnv("SCALEKIT_JOURNAL", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const said = async (name: string, skips: string) => {
    vi.resetModules();
    vi.stubEnv("PULUMI_SKIP_CHECKPOINTS", skips);
    const { providerOf } = await import("../../src/host/providers.ts");
    const { journalPath } = await import("../../src/config/paths.ts");
    const journalIn = join(folder, name);
    const origin = { stack: "o/p/s", project: folder, urn: "urn:pulumi:s::p::T::a", journalIn };
    const { inputs } = await providerOf("Organization").check(
      { displayName: "M" },
      { displayName: "M", __origin: origin },
    );
    // None of it goes into the state.
    expect(inputs).toEqual({ displayName: "M" });
    return (await readFile(journalIn, "utf8").catch(() => undefined)) === journalPath("o/p/s", folder);
  };
  expect([await said("a", ""), await said("b", "true")]).toEqual([true, false]);
});
