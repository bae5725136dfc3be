import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newClient } from "../../src/api/client.ts";
import type { Live } from "../../src/api/codec.ts";
import type { Endpoints } from "../../src/api/endpoints.ts";
import type { Values } from "../../src/definitions/definition.ts";
import type { FaultOptions } from "../../src/emulator/index.ts";
import { withNotes } from "../../src/lifecycle/state.ts";
import { begin, changedFields, clientWith, full, unhurried } from "../support/lifecycle.ts";

type Begun = Awaited<ReturnType<typeof begin>>;

const owner = "urn:pulumi:production::customers::pulumi-nodejs:dynamic/scalekit:Organization::megasoft";
const nameless: Values = { displayName: "Sandbox", metadata: { owner: "sales" } };
const byExternalId = ({ emulator }: Begun) => emulator.organizations().map(({ external_id }) => external_id);

/** A run that is killed between the answer to its POST, or before that, and the engine's saving of it. */
async function killed(begun: Begun, args: Values, when: "before the answer" | "after the answer") {
  if (when === "after the answer") return begun.process().create(args, owner);
  begun.emulator.fail({ method: "POST", effect: { kind: "cut", when: "after" } });
  // What the process would do next, it never does.
  const hang = () => new Promise<never>(() => {});
  const dying = clientWith(begun.client, () => ({ get: hang, findByKey: hang, page: hang, list: () => forever }));
  void begun.process("stack", dying).create(args, owner);
  while (begun.emulator.organizations().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  // Until the cut connection is noticed.
  await new Promise((resolve) => setTimeout(resolve, 20));
  return undefined;
}
/** The client of a process that finds by its key what was changed on the way. */
const finding = ({ client }: Begun, change: (found: Live) => object) =>
  clientWith(client, ({ findByKey }) => ({
    findByKey: async (values) => {
      const found = await findByKey(values);
      return found && { ...found, ...change(found) };
    },
  }));

/** One that somebody makes past this package. */
const byHand = ({ organizations }: Begun, values: Values) => organizations.create(undefined, values);

const forever = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) } as never;

describe("an answer that is lost, with an external ID", () => {
  const lost: [string, FaultOptions["effect"]][] = [
    ["the connection is cut after the work", { kind: "cut", when: "after" }],
    ["the connection is cut before the work", { kind: "cut", when: "before" }],
    ["a proxy answers 502 after the work", { kind: "garbage", status: 502 }],
    ["a success answer is no JSON", { kind: "garbage", status: 201 }],
    ["the server says 500 and has done nothing", { kind: "status", status: 500 }],
    ["the answer comes too late", { kind: "delay", milliseconds: 3000 }],
  ];

  test.each(lost)("%s: one organization is made, and known", async (_, effect) => {
    const begun = await begin();
    const hasty = newClient({
      environmentUrl: begun.emulator.url,
      ...begun.emulator.credentials,
      clock: unhurried,
      timeout: 1500,
    });
    await hasty.authenticate();
    begun.emulator.fail({ method: "POST", effect });
    const { id, outs } = await begun.process("stack", hasty).create(full, owner);
    expect(begun.emulator.organizations()).toMatchObject([{ id, external_id: "CUST-1" }]);
    expect(changedFields(outs, full)).toEqual([]);
    await hasty.close();
  });

  test("twice over, it is still one organization", async () => {
    const { emulator, lifecycle } = await begin();
    emulator.fail({ method: "POST", count: 2, effect: { kind: "cut", when: "before" } });
    emulator.fail({ method: "POST", effect: { kind: "cut", when: "after" } });
    const { id } = await lifecycle.create(full, owner);
    expect(emulator.organizations()).toMatchObject([{ id }]);
  });

  test("is asked for four times in all, after ever longer waits", async () => {
    const begun = await begin();
    const waits: number[] = [];
    const client = { ...begun.client, sleep: async (milliseconds: number) => void waits.push(milliseconds) };
    begun.emulator.fail({ method: "POST", count: 20, effect: { kind: "cut", when: "before" } });
    await expect(begun.process("stack", client).create(full, owner)).rejects.toThrow();
    expect(waits).toEqual([1000, 2000, 3000]);
    expect(begun.writes()).toBe(4);
  });

  test("for ever: fails, says that the next up looks again, and the next up finds it", async () => {
    const begun = await begin();
    begun.emulator.fail({ method: "POST", count: 20, effect: { kind: "cut", when: "before" } });
    await expect(begun.lifecycle.create(full, owner)).rejects.toThrow(
      /Scalekit may have acted.*Run `pulumi up` again: it looks for the organization by its external ID/,
    );
    await begun.client.sleep(0);
    begun.emulator.reset();
    const { id } = await begun.process().create(full, owner);
    expect(begun.emulator.organizations()).toMatchObject([{ id }]);
  });

  test("while look-ups fail too: fails, and the next run takes over what was made", async () => {
    const begun = await begin();
    begun.emulator.fail({ method: "POST", effect: { kind: "cut", when: "after" } });
    begun.emulator.fail({ method: "GET", count: 6, effect: { kind: "status", status: 503 } });
    await expect(begun.lifecycle.create(full, owner)).rejects.toThrow("Run `pulumi up` again");
    const { id } = await begun.process().create(full, owner);
    expect(begun.emulator.organizations()).toMatchObject([{ id }]);
    expect(begun.said).toEqual([expect.stringContaining(`Took over ${id}, which this resource made at`)]);
  });

  test("and what is there is not quite what was asked for: it is neither taken nor said not to exist", async () => {
    const begun = await begin();
    begun.emulator.fail({ method: "POST", effect: { kind: "cut", when: "after" } });
    const trimmed = { ...full, displayName: "Megasoft " };
    const trimming = finding(begun, (found) => ({ displayName: String(found["displayName"]).trim() }));
    await expect(begun.process("stack", trimming).create(trimmed, owner)).rejects.toThrow(
      /Scalekit may have acted.*Organization org_\d+ has its external ID now, and does not match the request in every field/,
    );
    expect(begun.emulator.organizations()).toHaveLength(1);
  });

  test.each([
    ["since long", "2026-01-01T00:00:00Z", "its external ID belongs to"],
    ["since this very moment", undefined, "has its external ID now, and does not match the request"],
  ])("and somebody else's organization has that external ID %s: it is refused, not taken", async (_, born, problem) => {
    const begun = await begin();
    const { id } = await byHand(begun, { displayName: "Somebody else's", externalId: "CUST-1" });
    const dated = finding(begun, (found) => ({ createTime: born ?? found["createTime"] }));
    begun.emulator.fail({ method: "POST", effect: { kind: "cut", when: "before" } });
    await expect(begun.process("stack", dated).create(full, owner)).rejects.toThrow(problem);
    await expect(begun.process("stack", dated).create(full, owner)).rejects.toThrow(id);
    expect(begun.emulator.organizations()).toMatchObject([{ id, display_name: "Somebody else's" }]);
  });
});

describe("an external ID that is taken", () => {
  test.each([400, 409] as const)("is refused with its holder and the way to adopt it (%i)", async (duplicate) => {
    const begun = await begin({ duplicate });
    const { emulator, lifecycle } = begun;
    // The same in every field, and still somebody else's.
    const { id } = await byHand(begun, full);
    await expect(lifecycle.create(full, owner)).rejects.toThrow(
      new RegExp(`belongs to ${id}, created .*Nothing was created.*set \`adopt: true\``),
    );
    expect(emulator.organizations()).toHaveLength(1);
  });

  test("makes the create fail at the next run too, though it was tried before", async () => {
    const begun = await begin();
    await byHand(begun, full);
    for (let run = 0; run < 2; run++) await expect(begun.process().create(full, owner)).rejects.toThrow("belongs to");
  });
});

describe("a run that is killed", () => {
  test.each(["before the answer", "after the answer"] as const)(
    "%s: the next run takes over what it made, and says so",
    async (when) => {
      const begun = await begin();
      await killed(begun, full, when);
      const { id, outs } = await begun.process().create(full, owner);
      expect(begun.emulator.organizations()).toMatchObject([{ id, external_id: "CUST-1" }]);
      expect(changedFields(outs, full)).toEqual([]);
      expect(begun.said).toEqual([expect.stringContaining(`Took over ${id}`)]);
    },
  );

  test.each(["shown", "absent"] as const)(
    "leaves many that the next run takes over by pages of the list, with settings %s",
    async (listSettings) => {
      const begun = await begin({ listSettings });
      const many = Array.from({ length: 150 }, (_, n) => ({ displayName: `Customer ${n}`, externalId: `CUST-${n}` }));
      const run = () => {
        const { create } = begun.process();
        return Promise.all(many.map((args, n) => create(args, `${owner}-${n}`)));
      };
      const made = await run();
      const before = begun.emulator.requests.length;
      const taken = await run();
      expect(taken.map(({ id }) => id)).toEqual(made.map(({ id }) => id));
      expect(taken.map(({ outs }) => withNotes(outs, { claim: undefined }))).toEqual(
        made.map(({ outs }) => withNotes(outs, { claim: undefined })),
      );
      expect(begun.emulator.requests.slice(before).map(({ method, path }) => `${method} ${path}`)).toEqual([
        "GET /api/v1/organizations",
        "GET /api/v1/organizations",
      ]);
    },
  );

  test("is not taken for one without features, which somebody may have given it since", async () => {
    const begun = await begin({ listSettings: "absent" });
    const two = ["CUST-1", "CUST-2"].map((externalId) => ({ displayName: "Megasoft", externalId }));
    const run = () => {
      const { create } = begun.process();
      return Promise.all(two.map((args) => create(args, `${owner}-${args.externalId}`)));
    };
    const [first] = await run();
    await begun.edit(first?.id ?? "", { features: { sso: true } });
    const [taken] = await run();
    expect(taken).toMatchObject({ id: first?.id, outs: { features: { sso: true } } });
  });

  test("and whose program was changed meanwhile: what it made is brought to what is declared now", async () => {
    const begun = await begin();
    await killed(begun, full, "before the answer");
    const { id } = await begun.process().create({ ...full, displayName: "Renamed" }, owner);
    expect(begun.emulator.organizations()).toMatchObject([{ id, display_name: "Renamed" }]);
  });

  test.each(["before the answer", "after the answer"] as const)(
    "%s, and whose external ID is corrected meanwhile: what it made is named, and changes hands for nothing",
    async (when) => {
      const begun = await begin();
      const mistaken = { ...full, externalId: "CUST-l" };
      await killed(begun, mistaken, when);
      const id = begun.stored()?.id ?? "";
      for (let run = 0; run < 2; run++) {
        await expect(begun.process().create(full, owner)).rejects.toThrow(
          `an interrupted run made ${id} for this resource with another external ID`,
        );
      }
      expect(begun.emulator.organizations()).toMatchObject([{ id, external_id: "CUST-l" }]);
      // Both ways that the message names.
      expect((await begun.process().create(mistaken, owner)).id).toBe(id);
      await begun.organizations.remove(id);
      const corrected = await begun.process().create(full, owner);
      expect(begun.emulator.organizations()).toMatchObject([{ id: corrected.id, external_id: "CUST-1" }]);
    },
  );

  test("and whose metadata is taken out of the program meanwhile: it is cleared from what it made", async () => {
    const begun = await begin();
    await killed(begun, full, "after the answer");
    await begun.process().create({ displayName: "Megasoft", externalId: "CUST-1" }, owner);
    expect(begun.stored()?.metadata).toEqual({});
  });

  test("leaves nothing of it once somebody has made it another's: that is refused by name", async () => {
    const begun = await begin();
    const { id } = await begun.process().create(full, owner);
    await begun.edit(id, { displayName: "Somebody else's", externalId: "CUST-9" });
    await expect(begun.process().create(full, owner)).rejects.toThrow(
      `made ${id} in a run that did not save it, and it has changed since`,
    );
    expect(begun.stored()).toMatchObject({ external_id: "CUST-9" });
  });

  test.each([
    ["5 s before it was sent, as far as two clocks may differ", -5000, true],
    ["longer before", -5001, false],
    ["35 s after, as long as a request may be under way", 35_000, true],
    ["longer after", 35_001, false],
    ["at no time that is given", undefined, false],
  ])("takes over what was made %s: %s", async (_, after, taken) => {
    const begun = await begin();
    await killed(begun, full, "before the answer");
    const lines = (await readFile(join(begun.folder, "stack.jsonl"), "utf8")).trim().split("\n");
    const { lastSent } = JSON.parse(lines.at(-1) ?? "") as { lastSent: number };
    const createTime = after === undefined ? undefined : new Date(lastSent + after).toISOString();
    const dated = finding(begun, () => ({ createTime }));
    const next = begun.process("stack", dated).create(full, owner);
    if (taken) expect((await next).id).toBe(begun.stored()?.id);
    else await expect(next).rejects.toThrow("belongs to");
  });

  test("before anything arrived: the next run creates", async () => {
    const begun = await begin();
    const hang = new Promise<never>(() => {});
    const create: Endpoints["create"] = async (_owner, _values, before) => before?.().then(() => hang) ?? hang;
    await Promise.race([
      begun
        .process(
          "stack",
          clientWith(begun.client, () => ({ create })),
        )
        .create(full, owner),
      new Promise((done) => setTimeout(done, 50)),
    ]);
    const { id } = await begun.process().create(full, owner);
    expect(begun.emulator.organizations()).toMatchObject([{ id }]);
    expect(begun.said).toEqual([]);
  });

  test("leaves nothing to a run of another stack", async () => {
    const begun = await begin();
    await killed(begun, full, "before the answer");
    await expect(begun.process("other").create(full, owner)).rejects.toThrow("belongs to");
  });

  test("leaves nothing to another resource of its stack, such as the same one renamed", async () => {
    const begun = await begin();
    const { id } = await begun.process().create(full, owner);
    await expect(begun.process().create(full, `${owner}-renamed`)).rejects.toThrow(`belongs to ${id}`);
    await expect(begun.process().create(full)).rejects.toThrow(`belongs to ${id}`);
  });

  test("leaves nothing that another program made with other values", async () => {
    const begun = await begin();
    await killed(begun, full, "before the answer");
    const [made] = begun.emulator.organizations();
    await begun.organizations.remove(made?.id ?? "");
    const { id } = await byHand(begun, { ...full, displayName: "Somebody else's" });
    await expect(begun.process().create(full, owner)).rejects.toThrow(`belongs to ${id}`);
  });

  test("is forgotten once the engine shows that it knows the organization", async () => {
    const begun = await begin();
    const first = await begun.process().create(full, owner);
    await begun.process().diff(first.id, first.outs, full);
    // Taken out of the state by hand: from then on it is not this stack's.
    await expect(begun.process().create(full, owner)).rejects.toThrow(`belongs to ${first.id}`);
  });
});

describe("without an external ID", () => {
  test("a lost answer is not asked for again, and what may be it is named", async () => {
    const { emulator, lifecycle } = await begin();
    emulator.fail({ method: "POST", effect: { kind: "cut", when: "after" } });
    const failure = lifecycle.create(nameless, owner);
    await expect(failure).rejects.toThrow(/It may be (org_\d+), .*npx pulumi-scalekit import org_\d+/);
    expect(emulator.organizations()).toHaveLength(1);
  });

  test("the next runs refuse to make a second one for as long as it is there", async () => {
    const begun = await begin();
    await killed(begun, nameless, "before the answer");
    for (let run = 0; run < 3; run++)
      await expect(begun.process().create(nameless, owner)).rejects.toThrow("It may be org_");
    expect(begun.emulator.organizations()).toHaveLength(1);
    await begun.organizations.remove(begun.stored()?.id ?? "");
    const { id } = await begun.process().create(nameless, owner);
    expect(begun.emulator.organizations()).toMatchObject([{ id }]);
  });

  test("nor in other words: a name that is corrected after a lost answer makes no second one", async () => {
    const begun = await begin();
    await killed(begun, nameless, "before the answer");
    await expect(begun.process().create({ displayName: "Sandbox!" }, owner)).rejects.toThrow("It may be org_");
    expect(begun.emulator.organizations()).toHaveLength(1);
  });

  test("a run that is killed after the answer, and whose program is corrected: what it made is brought to that", async () => {
    const begun = await begin();
    await killed(begun, nameless, "after the answer");
    const { id } = await begun.process().create({ displayName: "Sales sandbox" }, owner);
    expect(begun.emulator.organizations()).toMatchObject([{ id, display_name: "Sales sandbox" }]);
  });

  test("a run that is killed after the answer leaves no doubt, and the next takes it over", async () => {
    const begun = await begin();
    await killed(begun, nameless, "after the answer");
    const { id } = await begun.process().create(nameless, owner);
    expect(begun.emulator.organizations()).toMatchObject([{ id }]);
  });

  test("each of several that were made in the same words is taken over by its own resource", async () => {
    const begun = await begin();
    const first = begun.process();
    const made = await Promise.all([1, 2, 3].map((n) => first.create(nameless, `${owner}-${n}`)));
    const second = begun.process();
    const taken = await Promise.all([1, 2, 3].map((n) => second.create(nameless, `${owner}-${n}`)));
    expect(taken.map(({ id }) => id)).toEqual(made.map(({ id }) => id));
    expect(begun.emulator.organizations()).toHaveLength(3);
  });

  test("what another resource is known to have made in the same words is not taken for it", async () => {
    const begun = await begin();
    const first = await begun.process().create(nameless, "urn:first");
    begun.emulator.fail({ method: "POST", effect: { kind: "cut", when: "before" } });
    await expect(begun.process().create(nameless, "urn:second")).rejects.toThrow("No such organization exists so far");
    const run = begun.process();
    await run.diff(first.id, first.outs, nameless);
    const { id } = await run.create(nameless, "urn:second");
    expect(begun.emulator.organizations().map((one) => one.id)).toEqual([first.id, id]);
  });

  test("a request that may still be under way is waited for, and that is said", async () => {
    const begun = await begin();
    begun.emulator.fail({ method: "POST", effect: { kind: "cut", when: "before" } });
    await expect(begun.process().create(nameless, owner)).rejects.toThrow();
    const waits: number[] = [];
    const client = { ...begun.client, sleep: async (milliseconds: number) => void waits.push(milliseconds) };
    await begun.process("stack", client).create(nameless, owner);
    expect(waits).toEqual([expect.closeTo(35_000, -4)]);
    expect(begun.said).toEqual([expect.stringMatching(/^Waiting 3\d s: /)]);
  });

  test("what was not done is said so, and asked for at the next run", async () => {
    const begun = await begin();
    begun.emulator.fail({ method: "POST", effect: { kind: "cut", when: "before" } });
    await expect(begun.lifecycle.create(nameless, owner)).rejects.toThrow("The next `pulumi up` looks again");
    const { id } = await begun.process().create(nameless, owner);
    expect(begun.emulator.organizations()).toMatchObject([{ id }]);
  });
});

describe("adopt", () => {
  test("takes over the organization with exactly this external ID, says so, and brings it to what is declared", async () => {
    const begun = await begin();
    const { id } = await byHand(begun, {
      displayName: "By hand",
      externalId: "CUST-1",
      metadata: { owner: "ada" },
    });
    const made = await begun.lifecycle.create({ ...full, adopt: true });
    expect(made.id).toBe(id);
    expect(begun.emulator.organizations()).toMatchObject([{ id, display_name: "Megasoft", metadata: full.metadata }]);
    expect(begun.stored()?.metadata).toEqual(full.metadata);
    expect(begun.said).toEqual([expect.stringContaining(`Adopted ${id}`)]);
  });

  test("leaves alone what is not declared", async () => {
    const begun = await begin();
    await byHand(begun, { displayName: "By hand", externalId: "CUST-1", metadata: { owner: "ada" } });
    await begun.lifecycle.create({ displayName: "Megasoft", externalId: "CUST-1", adopt: true });
    expect(begun.stored()).toMatchObject({ display_name: "Megasoft", metadata: { owner: "ada" } });
  });

  test("creates where there is nothing to adopt, and takes no other external ID for the same", async () => {
    const begun = await begin();
    await byHand(begun, { displayName: "Other", externalId: "cust-1" });
    await byHand(begun, { displayName: "Megasoft", externalId: "CUST-1 " });
    await begun.lifecycle.create({ ...full, adopt: true });
    expect(byExternalId(begun)).toEqual(["cust-1", "CUST-1 ", "CUST-1"]);
    expect(begun.said).toEqual([]);
  });

  test("is reported at preview, before anything is sent that changes something", async () => {
    const begun = await begin();
    const { id } = await byHand(begun, { displayName: "By hand", externalId: "CUST-1" });
    const before = begun.writes();
    const { previewAdoption } = begun.lifecycle;
    await previewAdoption({ ...full, adopt: true }, "Organization megasoft");
    await previewAdoption(full, "Organization megasoft");
    await previewAdoption({ ...full, externalId: "CUST-2", adopt: true }, "Organization megasoft");
    expect(begun.said).toEqual([expect.stringContaining(`Organization megasoft will adopt ${id}, created `)]);
    expect(begun.writes()).toBe(before);
  });
});

describe("what an error has saved, and the state has no more", () => {
  /** The settings are refused after the organization is made. */
  async function halfMade(args: Values) {
    const begun = await begin();
    begun.emulator.fail({ method: "PATCH", count: 10, effect: { kind: "status", status: 403 } });
    await expect(begun.process().create({ ...args, features: { sso: true } }, owner)).rejects.toThrow("answered 403");
    begun.emulator.heal();
    return { ...begun, id: begun.stored()?.id as string };
  }

  test("is not taken over without a word, nor made twice", async () => {
    const { process, id, emulator, said } = await halfMade(full);
    const made = emulator.organizations();
    for (const args of [full, { ...full, externalId: "CUST-2" }, { ...full, externalId: "CUST-2", adopt: true }]) {
      await expect(process().create(args, owner)).rejects.toThrow(
        `this resource has made ${id} already, in a run that failed after that, and the state no longer has it. Nothing was ` +
          "created. To give it to this resource, set `adopt: true` on it, with the external ID that it had,",
      );
    }
    expect(emulator.organizations()).toEqual(made);
    expect(await process().create({ ...full, adopt: true }, owner)).toMatchObject({ id });
    expect(said.filter((line) => line.startsWith("Took over"))).toEqual([]);
  });

  test("is named without an external ID too, until it is imported or deleted", async () => {
    const { process, id, organizations } = await halfMade(nameless);
    await expect(process().create(nameless, owner)).rejects.toThrow(
      `run \`npx pulumi-scalekit import ${id}\`; otherwise delete`,
    );
    await organizations.remove(id);
    expect((await process().create(nameless, owner)).id).not.toBe(id);
  });

  test("is the resource's again where only a stale refresh did not find it", async () => {
    const { process, id } = await halfMade(full);
    await process().journal.settle(id, "Organization");
    await process().journal.reopen(id, "Organization");
    expect(await process().create(full, owner)).toMatchObject({ id });
  });
});
