import { describe, expect, test } from "vitest";
import {
  called,
  type Definition,
  isAdoptable,
  isOwned,
  isReadable,
  isReplacing,
  isSetting,
  keyFieldsOf,
  keyInWords,
  keysOf,
  makerOf,
  ownerField,
  subjectOf,
} from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { same } from "../../src/definitions/want.ts";
import { upper } from "../../src/lifecycle/create-errors.ts";
import { openJournal } from "../../src/lifecycle/journal.ts";
import { newLifecycle } from "../../src/lifecycle/lifecycle.ts";
import { type State, withNotes } from "../../src/lifecycle/state.ts";
import { alike, beginWith, declaredOf, fullOf, type Kept, sendable } from "../support/lifecycle.ts";
import { changedIn, without } from "../support/samples.ts";
import { requestsOf } from "../support/seed.ts";

/** The kindest server: everything can be cleared. What others do is in resource-semantics.test.ts. */
const clears = { emptyFields: "clears" } as const;

const kinds: readonly Definition[] = Object.values(definitions);

/** Every test here is about each kind of resource, by its definition alone: a new kind is tested by being defined. */
describe.each(kinds)("the lifecycle of $name", (definition) => {
  const { api, fields, outputs, noun } = definition;
  const owned = isOwned(definition);
  const readable = isReadable(definition);
  const unique = keysOf(definition).length > 0;
  const key = keyFieldsOf(definition) ?? [];
  const isMade = makerOf(definition) === undefined;
  const adopt = isAdoptable(definition) ? { adopt: true } : {};

  test.each(["all", "least"] as const)(
    "with %s of its fields it is there, and a second look finds nothing to do",
    async (which) => {
      const { lifecycle, full, least, endpoints, writes, process } = await beginWith(definition, clears);
      const args = which === "all" ? full : least;
      const { id, outs } = await lifecycle.create(args, "urn::one");
      expect(outs).toMatchObject(args);
      const before = writes();
      expect(await lifecycle.diff(id, outs, args)).toMatchObject({ isChanged: false, replaces: [] });
      const read = await process().read(id, outs);
      expect(read).toEqual({ id, props: outs, inputs: args });
      await process().update(id, outs, args);
      expect(writes()).toBe(before);
      if (!readable) return;
      const live = await endpoints.get(id);
      for (const [name, value] of Object.entries(args)) {
        if (!fields[name]?.providerOnly) expect(alike(fields[name], live?.[name], value), name).toBe(true);
      }
      for (const name of Object.keys(outputs)) {
        const { createOnly } = outputs[name] as { createOnly?: true };
        if (createOnly) expect(outs[name]).toBeTypeOf("string");
      }
    },
  );

  test.each(sendable(definition))(
    "%s is changed, taken out, brought back, and stays while it is not declared",
    async (name) => {
      const { process, full, endpoints, edit } = await beginWith(definition, clears);
      const shown = async () => (readable ? (await endpoints.get(id))?.[name] : full[name]);
      const { id, outs } = await process().create(full, "urn::one");
      const changed = changedIn(definition, full, name);
      expect(changed[name]).not.toEqual(full[name]);
      expect(await process().diff(id, outs, changed)).toEqual({
        isChanged: true,
        replaces: [],
        deleteBeforeReplace: unique && !key.includes(name),
      });
      const { outs: after } = await process().update(id, outs, changed);
      expect(after).toMatchObject(changed);
      if (readable) expect(alike(fields[name], await shown(), changed[name])).toBe(true);
      expect(await process().diff(id, after, changed)).toMatchObject({ isChanged: false });

      if (fields[name]?.required) return;
      const gone = without(changed, name);
      const clearable = "empty" in (fields[name] ?? {}) && fields[name]?.unclearable !== true;
      expect(await process().diff(id, after, gone)).toMatchObject({ isChanged: "empty" in (fields[name] ?? {}) });
      const cleared = await process()
        .update(id, after, gone)
        .catch((error: Error) => error);
      if (!clearable && "empty" in (fields[name] ?? {})) {
        expect((cleared as Error).message).toContain(`did not clear ${name}`);
        return;
      }
      expect(cleared).not.toBeInstanceOf(Error);
      const { outs: least } = cleared as { outs: State };
      expect(alike(fields[name], await shown(), clearable ? undefined : changed[name])).toBe(true);
      expect(await process().diff(id, least, gone)).toMatchObject({ isChanged: false });

      // What nobody declares is somebody else's.
      await edit(id, full);
      const { props, inputs } = await process().read(id, least);
      expect(inputs).not.toHaveProperty(name);
      expect(await process().diff(id, props as State, gone)).toMatchObject({ isChanged: false });
      await process().update(id, props as State, gone);
      expect(alike(fields[name], await shown(), full[name])).toBe(true);

      const { outs: back } = await process().update(id, props as State, full);
      expect(back).toMatchObject(full);
      expect(await process().diff(id, back, full)).toMatchObject({ isChanged: false });
    },
  );

  test("a field that cannot be changed makes another one of it", async () => {
    const { lifecycle, full } = await beginWith(definition, clears);
    const { id, outs } = await lifecycle.create(full, "urn::one");
    for (const name of Object.keys(fields)) {
      if (!isReplacing(definition, name)) continue;
      const changed = name === ownerField ? { ...full, [ownerField]: "org_1" } : changedIn(definition, full, name);
      const isKey = key.includes(name) && (isSetting(api) || name !== ownerField);
      expect(await lifecycle.diff(id, outs, changed), name).toEqual({
        isChanged: true,
        replaces: [name],
        // Where only one can be, and it is not another that is asked for, the old one has to go first.
        deleteBeforeReplace: unique && !isKey,
      });
    }
  });

  test.each(!readable ? [] : sendable(definition))(
    "%s that somebody changes by hand is shown and brought back",
    async (name) => {
      const { process, full, endpoints, edit } = await beginWith(definition, clears);
      const { id, outs } = await process().create(full, "urn::one");
      const byHand = changedIn(definition, full, name);
      const own = (value: unknown) => declaredOf(fields[name], value, full[name]);
      await edit(id, byHand);
      const { props, inputs } = await process().read(id, outs);
      expect(alike(fields[name], inputs?.[name], own(byHand[name]))).toBe(true);
      expect(await process().diff(id, props as State, full)).toMatchObject({ isChanged: true });
      await process().update(id, props as State, full);
      expect(alike(fields[name], own((await endpoints.get(id))?.[name]), full[name])).toBe(true);
    },
  );

  const emptyOf = (name: string) => [[], "", {}].find((empty) => fields[name]?.schema().safeParse(empty).success);
  // Flags are declared one by one, so no flags declare nothing.
  const emptiable = sendable(definition).filter(
    (name) => fields[name]?.rule.type !== "flags" && emptyOf(name) !== undefined,
  );
  test.each(emptiable)("%s that is declared empty is kept empty", async (name) => {
    const { process, full, endpoints, edit } = await beginWith(definition, clears);
    const args = { ...full, [name]: emptyOf(name) };
    const { id, outs } = await process().create(args, "urn::one");
    expect(await process().diff(id, outs, args)).toMatchObject({ isChanged: false });
    expect((await process().read(id, outs)).inputs).toEqual(args);
    const renamed = changedIn(definition, args, sendable(definition)[0] ?? "");
    const other = sendable(definition)[0] === name ? args : renamed;
    const { outs: after } = await process().update(id, outs, other);
    await edit(id, { ...other, [name]: full[name] });
    const { props, inputs } = await process().read(id, after);
    expect(alike(fields[name], inputs?.[name], full[name])).toBe(true);
    const update = process().update(id, props as State, other);
    if (definition.name.endsWith("Role") && name === "description") {
      await expect(update).rejects.toThrow("did not clear description");
      return;
    }
    await update;
    expect(same((await endpoints.get(id))?.[name], undefined)).toBe(true);
  });

  if (!isSetting(api))
    test("what was deleted by hand is gone, and deleting it twice is deleting it once", async () => {
      const { process, full, endpoints, all } = await beginWith(definition, clears);
      const before = (await all()).length - (isMade ? 0 : 1);
      const { id, outs } = await process().create(full, "urn::one");
      await endpoints.remove(id);
      expect(await process().read(id, outs)).toEqual({});
      const changed = sendable(definition)[0];
      if (changed !== undefined) {
        await expect(process().update(id, outs, changedIn(definition, full, changed))).rejects.toThrow(
          `${upper(subjectOf(definition, id))} no longer exists at Scalekit. Run \`pulumi refresh\``,
        );
      }
      await process().remove(id, outs);
      await process().remove(id, outs);
      expect(await all()).toHaveLength(before);
    });

  if (isSetting(api))
    test("deleting it sets it back, and deleting it twice is deleting it once", async () => {
      const { process, full, endpoints, organization, emulator } = await beginWith(definition, clears);
      const untouched = readable ? await endpoints.get(organization) : {};
      const { id, outs } = await process().create(full, "urn::one");
      expect(id).toBe(organization);
      await process().remove(id, outs);
      await process().remove(id, outs);
      if (readable) expect(await endpoints.get(organization)).toEqual(untouched);
      for (const { max_allowed_users } of emulator.all("user_management_settings"))
        expect(max_allowed_users).toBeNull();
    });

  if (owned)
    test("with its organization gone it is gone, and so nothing is to be deleted", async () => {
      const { process, full, hand, organization } = await beginWith(definition, clears);
      const { id, outs } = await process().create(full, "urn::one");
      await hand.call("DELETE", `/organizations/${organization}`);
      expect(await process().read(id, outs)).toEqual({});
      await process().remove(id, outs);
      const changed = sendable(definition)[0];
      if (changed !== undefined) {
        await expect(process().update(id, outs, changedIn(definition, full, changed))).rejects.toThrow(
          "no longer exists",
        );
      }
      const failure = await process()
        .create(full, "urn::two")
        .catch((error: Error & Kept) => error);
      expect((failure as Error).message).toMatch(
        isMade ? /no such organization|404 NOT_FOUND: organization not found/ : /there is none with the connection ID/,
      );
      expect(failure).not.toHaveProperty("id");
    });

  test("it is looked up by its id alone, with all that it has", async () => {
    const { process, full, least } = await beginWith(definition, clears);
    const { id } = await process().create(full, "urn::one");
    const { props, inputs } = await process().read(id, {});
    const seen = readable ? full : least;
    for (const [name, value] of Object.entries(seen)) {
      if (fields[name]?.providerOnly || !readable) continue;
      expect(alike(fields[name], (props as State)[name], value), name).toBe(true);
      expect(alike(fields[name], inputs?.[name], value), name).toBe(true);
    }
    expect(JSON.stringify(props)).not.toContain('ecret":');
    // What the program only reads it does not declare, also after a refresh, which brings what was saved of the look-up.
    const known = Object.keys(fields).filter((name) => (props as State)[name] !== undefined);
    expect(props).toMatchObject({ __notes: { undeclared: known } });
    expect(await process().read(id, props as State)).toEqual({ id, props, inputs: {} });
  });

  test("an id that is none sends nothing", async () => {
    const { process, emulator, full, least } = await beginWith(definition, clears);
    const wrong = ["", ".", ".."];
    if (owned) wrong.push("/", "../x", "/x");
    if (owned && !isSetting(api)) wrong.push("org_1", "org_1/", "org_1/..", "org_1/.");
    if (isSetting(api)) wrong.push("org_1/x");
    for (const id of wrong) {
      const sent = await requestsOf(emulator, async () => {
        await expect(process().read(id, {}), id).rejects.toThrow("Nothing was sent");
        await expect(process().remove(id, least), id).rejects.toThrow("Nothing was sent");
        await expect(process().update(id, least, full), id).rejects.toThrow("Nothing was sent");
      });
      expect(sent, id).toEqual([]);
    }
  });

  test("an error says what was tried, on which, what came back, and the request's id", async () => {
    const { process, full, emulator, all } = await beginWith(definition, clears);
    const { id, outs } = await process().create(full, "urn::one");
    emulator.fail({ count: 20, effect: { kind: "status", status: 403, code: "PERMISSION_DENIED" } });
    const path = api.path.replaceAll("{", "\\{");
    const refusal = (verb: string) =>
      new RegExp(`^Could not ${verb} (the )?${noun} .*403 PERMISSION_DENIED.*${path}.*request req_`);
    if (readable) await expect(process().read(id, outs)).rejects.toThrow(refusal("read"));
    if (readable) await expect(process().read(id, outs)).rejects.toThrow(id);
    if (isMade) await expect(process().remove(id, outs)).rejects.toThrow(refusal(isSetting(api) ? "reset" : "delete"));
    if (isMade) await expect(process().remove(id, outs)).rejects.toThrow(id);
    const { needs } = definition;
    const advice = `Check that the API client has the ${needs.slice(0, -1).join(", ")} and ${needs.at(-1)} permissions.`;
    if (isMade) await expect(process().remove(id, outs)).rejects.toThrow(advice);
    if (readable) await expect(process().read(id, outs)).rejects.toThrow(advice);
    if (!isSetting(api)) await expect(all()).rejects.toThrow(advice);
  });

  if (isAdoptable(definition))
    test("one that exists is refused, and taken over where the program says so", async () => {
      const { process, full, least, endpoints, edit, organization, all, said } = await beginWith(definition, clears);
      const owner = owned ? organization : undefined;
      const theirs = await endpoints.create(owner, full);
      await edit(theirs.id, full);
      const args = { ...least, ...Object.fromEntries(key.map((name) => [name, full[name]])) };
      const count = (await all()).length;
      await expect(process().create(args, "urn::one")).rejects.toThrow(
        `Could not create the ${noun}: its ${keyInWords(key)} belongs to ${called(definition, theirs.id)}`,
      );
      const { id, outs } = await process().create({ ...args, adopt: true }, "urn::one");
      expect(id).toBe(theirs.id);
      expect(said.join()).toContain(`Adopted ${called(definition, id)}`);
      // What the program does not declare stays.
      const stays = await endpoints.get(id);
      for (const [name, value] of Object.entries(full).filter(([name]) => !fields[name]?.providerOnly))
        expect(same(stays?.[name], value), name).toBe(!(name in args) || same(full[name], args[name]));
      expect(await process().diff(id, outs, { ...args, adopt: true })).toMatchObject({ isChanged: false });
      expect(await all()).toHaveLength(count);
    });

  if (!isSetting(api) && unique)
    test("renamed without an alias, with adopt, it is not deleted with the resource that goes", async () => {
      const { process, full, endpoints, said } = await beginWith(definition, clears);
      const { id, outs } = await process().create(full, "urn::old");
      const run = process();
      await run.create({ ...full, ...adopt }, "urn::new");
      await run.remove(id, outs);
      expect(await endpoints.get(id)).toBeDefined();
      expect(said.join("\n")).toContain(`Left ${called(definition, id)} at Scalekit`);
    });

  if (isSetting(api))
    test("renamed without an alias it is not set back with the resource that goes", async () => {
      const { process, full, endpoints } = await beginWith(definition, clears);
      const { id, outs } = await process().create(full, "urn::old");
      const before = readable && (await endpoints.get(id));
      const run = process();
      await run.create(full, "urn::new");
      await run.remove(id, outs);
      if (readable) expect(await endpoints.get(id)).toEqual(before);
    });

  test("a resource that another environment has is left alone, and named as what it is", async () => {
    const { full, client, emulator, process } = await beginWith(definition, clears);
    const { id, outs } = await process().create(full, "urn::one");
    const journal = openJournal(emulator.url, () => undefined);
    const elsewhere = newLifecycle(definition, client, { journal, environment: { host: "here.scalekit.com" } });
    await expect(elsewhere.read(id, withNotes(outs, { environment: "there.scalekit.com" }))).rejects.toThrow(
      `${upper(subjectOf(definition, id))} is in the environment there.scalekit.com`,
    );
  });

  test("the same in another order is the same", async () => {
    const { process, full } = await beginWith(definition, clears);
    const turned = Object.fromEntries(
      Object.entries(full).map(([name, value]) => [name, Array.isArray(value) ? value.toReversed() : value]),
    );
    const { id, outs } = await process().create(full, "urn::one");
    expect(await process().diff(id, outs, turned)).toMatchObject({ isChanged: false });
    expect(fullOf(definition, full)).toEqual(full);
  });
});
