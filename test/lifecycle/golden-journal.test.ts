import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Definition } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { identityOf } from "../../src/lifecycle/identity.ts";
import type { Intent } from "../../src/lifecycle/intents.ts";
import { hash, openJournal } from "../../src/lifecycle/journal.ts";
import { journalFile } from "../../src/lifecycle/journal-file.ts";
import { journalTail } from "../../src/lifecycle/journal-tail.ts";
import { expectFrozen, frozenTexts, newest } from "../support/golden.ts";
import type { Args } from "../support/samples.ts";
import { beginStill, environmentUrl, movingKey, resourceUrn } from "../support/state-forms.ts";
import { countFrom, holdStill, stillTime } from "../support/still.ts";

vi.mock("node:crypto", async (original) => {
  const { stillCrypto } = await import("../support/still.ts");
  return stillCrypto(original);
});

beforeEach(holdStill);
afterEach(() => {
  vi.useRealTimers();
});

interface Frozen {
  /** What the creates ask for. */
  readonly args: Args;
  readonly steps: readonly Step[];
}

interface Step {
  readonly what: string;
  readonly line: object;
  /** What a later run knows once it has read up to here. */
  readonly known: readonly string[];
}

describe.each(Object.values<Definition>(definitions))("a journal's lines of the class $name", (definition) => {
  const { name } = definition;
  const { wishOf, isAsIntended } = identityOf(definition);
  const [first, next, debt] = ["the first's id", "the next's id", "00000001"];
  const resource = hash(resourceUrn);
  const claim = "AAPpAGmcJn";

  test("are as they were frozen", async () => {
    const args = newest<Frozen>(name, "journal.json")?.args ?? (await beginStill(definition)).full;
    const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-golden-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "journal.jsonl");
    const open = () => openJournal(environmentUrl, () => journalFile(file, () => {}));
    const journal = open();
    countFrom(0);
    const [one, two, three] = [begin(), begin(), begin()];

    function begin(): Intent {
      return journal.begin(wishOf(args), resourceUrn);
    }

    const deeds: Record<string, () => Promise<unknown>> = {
      "the first create is about to be sent": () => journal.sending(one, stillTime),
      "it is sent once more": () => journal.sending(one, stillTime + 2000),
      "it has made something": () => journal.made(one, first),
      "the engine was told of that by an error": () => journal.markReported(first, name),
      "the engine has it": () => open().settle(first, name),
      "a refresh does not find it": () => open().reopen(first, name),
      "a second create is sent": () => journal.sending(two, stillTime),
      "it has made nothing": () => journal.drop(two),
      "a third create is sent": () => journal.sending(three, stillTime),
      "it has made the next": () => journal.made(three, next),
      "the program learns that the engine has saved that": async () =>
        journalTail(file).noteSaved(new Map([[name, [next]]])),
      "a resource takes over what another one has": () => journal.hold(first, name, claim),
      "that is deleted": () => journal.hold(first, name, undefined),
      ...(movingKey(definition) !== undefined && {
        "the first is about to lose its key to another one": () => journal.displace(first, name),
        "it has a declared one again": () => journal.markRestored(first, name),
        "a key that was left for later is given": () => journal.pay(debt),
        "no state speaks of that any more": () => journal.forgive(debt),
        "the first goes once its resource has a new one": () => journal.park(first, name, resource),
        "the new one was refused": () => journal.park(first, name, resource, { isRefused: true }),
        "the new one is there": () => journal.park(first, name, resource, { by: next }),
        "the first is deleted": () => journal.unpark(first, name),
      }),
    };
    const steps: Step[] = [];
    for (const [what, act] of Object.entries(deeds)) {
      await act();
      const lines = (await readFile(file, "utf8")).split("\n").filter(Boolean);
      expect(lines, `one line says that ${what}`).toHaveLength(steps.length + 1);
      steps.push({ what, line: JSON.parse(lines.at(-1) ?? ""), known: await known(lines) });
    }
    expectFrozen(name, "journal.json", textOf({ args, steps }));
  });

  const frozen = frozenTexts(name, "journal.json").map((file) => JSON.parse(file) as Frozen);

  test.each(frozen)("are read as they were frozen", async ({ args, steps }) => {
    for (const [at, { what, line, known: expected }] of steps.entries()) {
      const lines = steps.slice(0, at + 1).map((step) => JSON.stringify(step.line));
      expect(await known(lines), what).toEqual(expected);
      if (!("content" in line)) continue;
      expect(line).toMatchObject(wishOf(args));
      expect(isAsIntended(args, line as Intent)).toBe(true);
    }
  });

  /** What a run learns from these lines, a sentence for each. */
  async function known(lines: readonly string[]): Promise<string[]> {
    const storage = {
      read: async () => [...lines],
      readNew: async () => [...lines],
      append: async () => {},
      rewrite: async () => {},
      problem: () => undefined,
    };
    const journal = openJournal(environmentUrl, () => storage);
    const pending = await journal.takePending(resourceUrn);
    const seconds = (time = Number.NaN) => (time - stillTime) / 1000;
    return [
      ...pending.map(
        ({ nonce, firstSent, lastSent, id, reported }) =>
          `${nonce.slice(0, 8)}, sent from ${seconds(firstSent)} to ${seconds(lastSent)} s, ` +
          `${id === undefined ? "is open" : `made ${id}`}${reported ? ", as was reported" : ""}`,
      ),
      ...[first, next].filter((id) => journal.knows(id)).map((id) => `${id} is this stack's`),
      ...((await journal.holderOf(first, name)) === claim ? [`${first} is another resource's now`] : []),
      ...((await journal.isDisplaced(first, name)) ? [`${first} is displaced`] : []),
      ...((await journal.isPaid(debt)) ? [`${debt} is paid`] : []),
      ...(await journal.parked(resource)).map(({ id, isRefused }) => `${id} goes${isRefused ? " if not refused" : ""}`),
      ...(await journal.replacedBy(next, name)).map((id) => `${id} has its successor`),
    ];
  }
});

/** A step a line. */
const textOf = ({ args, steps }: Frozen): string =>
  `{\n  "args": ${JSON.stringify(args)},\n  "steps": [\n${steps.map((step) => `    ${JSON.stringify(step)}`).join(",\n")}\n  ]\n}\n`;
