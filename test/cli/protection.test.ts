import { expect, test } from "vitest";
import { begin, changedFields, full } from "../support/lifecycle.ts";

test("an organization is protected from deletion unless the program says otherwise", async () => {
  const { lifecycle, emulator, writes } = await begin();
  const { id, outs } = await lifecycle.create(full);
  const before = writes();
  await expect(lifecycle.remove(id, outs)).rejects.toThrow(
    `Organization ${id} is protected from deletion, because a delete would also remove its connections and directories. ` +
      "To delete it, set `deletionProtection: false`",
  );
  expect(emulator.organizations()).toHaveLength(1);
  expect(writes()).toBe(before);
});

test("the refusal names the setting too, and further refusals of the run are short", async () => {
  const { lifecycle, process } = await begin();
  const error = (id: string, of = lifecycle) => of.remove(id, { displayName: "Megasoft" }).catch((one: Error) => one);
  const full = expect.stringContaining(
    "run `pulumi config set scalekit:deletionProtection false`, `pulumi up` and `pulumi destroy`",
  );
  expect(await error("org_1")).toMatchObject({ message: full });
  expect(await error("org_2")).toMatchObject({
    message: "Organization org_2 is protected from deletion too, as the error of org_1 says.",
  });
  expect(await error("org_1")).toMatchObject({ message: full });
  expect(await error("org_2", process())).toMatchObject({ message: full });
});

test("what was left in state by a version or an import without the guard is protected", async () => {
  const { lifecycle } = await begin();
  await expect(lifecycle.remove("org_1", { displayName: "Megasoft" })).rejects.toThrow("protected from deletion");
});

test("taking the protection off is a change that sends nothing, and then the organization can go", async () => {
  const { lifecycle, emulator, writes } = await begin();
  const { id, outs } = await lifecycle.create(full);
  const unguarded = { ...full, deletionProtection: false };
  expect(changedFields(outs, unguarded)).toEqual(["deletionProtection"]);
  const before = writes();
  const { outs: state } = await lifecycle.update(id, outs, unguarded);
  expect(writes()).toBe(before);
  expect(changedFields(state, unguarded)).toEqual([]);
  await lifecycle.remove(id, state);
  expect(emulator.organizations()).toEqual([]);
});

test("a refresh keeps the protection as it was declared", async () => {
  const { lifecycle } = await begin();
  const { id, outs } = await lifecycle.create({ ...full, deletionProtection: false });
  const { props, inputs } = await lifecycle.read(id, outs);
  expect(props).toMatchObject({ deletionProtection: false });
  expect(inputs).toMatchObject({ deletionProtection: false });
});
