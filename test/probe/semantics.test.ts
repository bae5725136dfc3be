import { describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../../src/api/clock.ts";
import { type SemanticsOptions, startEmulator } from "../../src/emulator/index.ts";
import { semanticsOf } from "../../src/emulator/semantics.ts";
import { type ProbeOptions, probe } from "../../src/probe/probe.ts";
import { type Levels, pairwise, product, type Row } from "../support/pairwise.ts";

const patient: Clock = { ...systemClock, sleep: async () => {} };
const seed = Array.from({ length: 120 }, (_, index) => ({ display_name: `Somebody ${index}` }));

/** What the probe finds of an emulator with these switches, which is as it was afterwards. */
async function found(semantics: SemanticsOptions, options: Partial<ProbeOptions> = {}) {
  await using emulator = await startEmulator({ seed, semantics });
  const before = [emulator.organizations(), emulator.all("permissions"), emulator.all("roles")];
  const settings = { environmentUrl: emulator.url, ...emulator.credentials, maxRequestsPerMinute: 1e6, clock: patient };
  const probed = await probe({ settings, ...options });
  expect(probed.left).toEqual([]);
  expect([emulator.organizations(), emulator.all("permissions"), emulator.all("roles")]).toEqual(before);
  const kinds = Object.fromEntries(probed.answers.map(({ name, verdict }) => [name, verdict]));
  for (const { verdict } of probed.answers) expect(["answered", "seen", "untried"]).toContain(verdict.kind);
  return { semantics: probed.semantics, kinds };
}

/** What there is to find: some switches make no difference beside others, and then nothing is said of them. */
function findable(switches: Row): Row {
  const { metadata, emptyMetadata, metadataRemoval, ...rest } = switches;
  const isNeeded = metadata === "merge" || emptyMetadata === "ignored" || metadataRemoval === "null";
  return {
    ...rest,
    ...("metadata" in switches && { metadata }),
    ...("emptyMetadata" in switches && metadata === "replace" && { emptyMetadata }),
    ...("metadataRemoval" in switches && isNeeded && { metadataRemoval }),
  };
}

const pageSize = [
  { min: 1, max: 100, outside: "clamp" },
  { min: 10, max: 100, outside: "clamp" },
  { min: 3, max: 40, outside: "clamp" },
  { min: 1, max: 100, outside: "reject" },
  { min: 10, max: 100, outside: "reject" },
  { min: 7, max: 33, outside: "reject" },
];

const groups = {
  metadata: {
    metadata: ["replace", "merge"],
    emptyMetadata: ["clears", "ignored"],
    metadataRemoval: ["mask", "null", "never"],
  },
  lists: { order: ["newest", "oldest"], pageToken: ["cursor", "offset"], pageSize },
  pages: { totalSize: ["all", "page", "absent"], listSettings: ["shown", "absent"] },
  keys: {
    externalIdCase: ["distinct", "unique", "ignored"],
    duplicate: [400, 409],
    encodedSlash: ["kept", "separates"],
    deleteMissing: [404, 200],
  },
  clearing: {
    externalIdClear: ["empty", "null", "mask", "never"],
    logoUrlClear: ["empty", "null", "mask", "never"],
  },
  organization: { settings: ["merge", "replace"], updateTime: ["always", "changes"] },
  roles: {
    emptyFields: ["ignored", "clears"],
    permissionInUse: ["removed", "refused"],
    zeroValues: ["shown", "omitted"],
    unknownReference: [400, 404],
    listedRoles: ["environment", "all"],
  },
  domains: {
    domainVerification: ["admin", "dns"],
    uniqueDomain: ["environment", "organization"],
    domainCase: ["kept", "lowered"],
  },
  policies: { sessionPolicy: ["merge", "replace"], sessionPolicyFeature: ["optional", "required"] },
} satisfies Record<string, Levels>;

const all: Levels = Object.assign({}, ...Object.values(groups));

test("every switch of the emulator is asked about, but for one that no public endpoint shows and one that floods", () => {
  const switches = Object.keys(semanticsOf({}));
  const others = ["incompleteConnection", "rateLimit"];
  expect([...Object.keys(all), ...others].sort()).toEqual(switches.sort());
});

describe.each(Object.entries<Levels>(groups))("what is switched on is what is found, by itself: %s", (_, levels) => {
  const only = Object.keys(levels);
  const known = new Set([...only, "metadata", "emptyMetadata", "pageSize"]);
  test(`in every combination of ${only.join(", ")}`, async () => {
    for (const switches of product(levels)) {
      const { semantics } = await found(switches as SemanticsOptions, { only });
      const expected = findable(switches);
      expect(semantics, JSON.stringify(switches)).toMatchObject(expected);
      expect(
        Object.keys(semantics)
          .filter((name) => only.includes(name))
          .sort(),
      ).toEqual(Object.keys(expected).sort());
      expect(Object.keys(semantics).filter((name) => !known.has(name))).toEqual([]);
    }
  });
});

describe("what is switched on is what is found, every two switches in each way of both", () => {
  test.each(pairwise(all).map((switches, index) => [index, switches] as const))("row %i", async (index, switches) => {
    const { semantics } = await found(switches as SemanticsOptions);
    expect(semantics).toEqual(findable(switches));
    // What was found is what the emulator takes, and nothing distinguishes it from what it was found of.
    if (index % 4 === 0) expect((await found(semantics as SemanticsOptions)).semantics).toEqual(semantics);
  });
});
