import { expect, test } from "vitest";
import { linesIn, type Member } from "../../src/set/members.ts";
import { planOf } from "../../src/set/plan.ts";

const members = (...lines: string[]): Map<string, Member> =>
  new Map([...linesIn(lines.join("\n"))].map(([key, line]) => [key, { key, line, id: `org_${key}` }]));
const plan = (before: Map<string, Member>, ...lines: string[]) => {
  const { create, update, remove, unchanged } = planOf(before, linesIn(lines.join("\n")));
  return {
    create: create.map(({ key }) => key),
    update: update.map(({ member, tenant }) => `${member.id} ${tenant.key}`),
    remove: remove.map(({ id }) => id),
    unchanged,
  };
};

test("tenants are recognized by their external IDs", () => {
  expect(plan(members("A,One", "B,Two", "C,Three"), "A,One", "B,Zwei", "D,Four")).toEqual({
    create: ["D"],
    update: ["org_B B"],
    remove: ["org_C"],
    unchanged: 1,
  });
});

test("a former external ID counts once, for a swap too", () => {
  const swap = ["A,Two,formerExternalId=B", "B,One,formerExternalId=A"];
  expect(plan(members("A,One", "B,Two"), ...swap)).toMatchObject({
    create: [],
    remove: [],
    update: ["org_B A", "org_A B"],
  });
  expect(plan(members(...swap), ...swap)).toMatchObject({ update: [], unchanged: 2 });
  expect(plan(members(...swap), "A,Two", "B,One")).toMatchObject({ update: ["org_A A", "org_B B"] });
});

test("an organization that a swap has moved is not moved again for one that went meanwhile", () => {
  const swap = ["A,Two,formerExternalId=B", "B,One,formerExternalId=A"];
  expect(plan(members("A,Two,formerExternalId=B"), ...swap)).toMatchObject({ create: ["B"], update: [], unchanged: 1 });
});

test("a new tenant may get the external ID that another gives up", () => {
  expect(plan(members("A,One"), "A,New", "B,One,formerExternalId=A")).toMatchObject({
    create: ["A"],
    update: ["org_A B"],
    remove: [],
  });
});

test("an organization that is to be deleted keeps its external ID until it is", () => {
  expect(() => plan(members("A,One", "B,Two"), "B,One,formerExternalId=A")).toThrow(
    "The organization with the external ID B is in the set, and formerExternalId gives this external ID to another.",
  );
});
