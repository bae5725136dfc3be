import { describe, expect, test } from "vitest";
import { claimTokenFor, newClaims, newClaimToken, resourceMarkIn, resourceMarkOf } from "../../src/lifecycle/claims.ts";

const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/scalekit:Organization::megasoft";
const native = "urn:pulumi:dev::shop::scalekit:index:Organization::megasoft";

test("a token says which resource it belongs to, by either type, or nothing", () => {
  expect(newClaimToken()).toHaveLength(4);
  expect(newClaimToken()).not.toBe(newClaimToken());
  expect(newClaimToken(urn)).toHaveLength(10);
  expect(resourceMarkIn(newClaimToken(urn))).toBe(resourceMarkOf(urn));
  expect(resourceMarkOf(native)).toBe(resourceMarkOf(urn));
  expect(resourceMarkOf(urn)).toHaveLength(6);
  expect(resourceMarkIn(newClaimToken())).toBeUndefined();
  expect(resourceMarkIn(undefined)).toBeUndefined();
});

test("a state keeps its token, with the mark of the resource that has it now", () => {
  const token = newClaimToken(urn);
  expect(claimTokenFor(undefined, token)).toBe(token);
  expect(claimTokenFor(`${urn}2`, token)).toBe(token.slice(0, 4) + resourceMarkOf(`${urn}2`));
  expect(claimTokenFor(urn, undefined)).toMatch(new RegExp(`^.{4}${resourceMarkOf(urn)}$`));
  expect(claimTokenFor(undefined, undefined)).toHaveLength(4);
});

describe("an object belongs elsewhere", () => {
  /** The claims of one process, and what its journal has of "org_1". */
  function process(held?: string) {
    const journal: (string | undefined)[] = [];
    const claims = newClaims("Organization", {
      hold: async (_, __, claim) => void journal.push(claim),
      holderOf: async () => held,
    });
    const isElsewhere = (claim?: string) => claims.isElsewhere("org_1", { claim });
    return { ...claims, journal, isElsewhere };
  }

  test("if another resource of the program has it, whatever the second half of its token", async () => {
    const own = process();
    expect(await own.isElsewhere("aaaa1")).toBe(false);
    await own.add("org_1", "aaaa1");
    expect(await own.isElsewhere("aaaa2")).toBe(false);
    expect(await own.isElsewhere("bbbb1")).toBe(true);
    expect(await own.isElsewhere(undefined)).toBe(true);
    await own.add("org_1", "bbbb1");
    expect(await own.isElsewhere("aaaa1")).toBe(true);
    expect(own.journal).toEqual([]);
  });

  test("if another resource took it over, which other processes learn from the journal", async () => {
    const own = process();
    await own.takeOver("org_1", "aaaa1");
    expect(own.journal).toEqual(["aaaa1"]);
    expect(await own.isElsewhere("bbbb1")).toBe(true);
    expect(await process("aaaa1").isElsewhere("bbbb1")).toBe(true);
    expect(await process("aaaa1").isElsewhere("aaaa2")).toBe(false);
  });

  test("not for an import, which has no token", async () => {
    const own = process();
    await own.add("org_1", undefined);
    expect(await own.isElsewhere("aaaa1")).toBe(false);
  });

  test("and who comes back to it is noted where the journal names another", async () => {
    const same = process("aaaa1");
    await same.add("org_1", "aaaa9");
    expect(same.journal).toEqual([]);
    const other = process("aaaa1");
    await other.add("org_1", "bbbb1");
    expect(other.journal).toEqual(["bbbb1"]);
  });
});
