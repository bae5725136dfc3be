import { describe, expect, test } from "vitest";
import { noGate } from "../../src/api/gate.ts";
import {
  called,
  type Definition,
  handedOver,
  isAdoptable,
  isReadable,
  isReplacing,
  isSetting,
  keyFieldsOf,
  keyInWords,
  keysOf,
  makerOf,
  type Output,
  protectionField,
} from "../../src/definitions/definition.ts";
import type { Field } from "../../src/definitions/field.ts";
import { definitions } from "../../src/definitions/index.ts";
import { snakeCase } from "../../src/definitions/names.ts";
import { unknown } from "../../src/definitions/want.ts";
import { checkArgs, problemWithValues } from "../../src/lifecycle/check.ts";
import type { State } from "../../src/lifecycle/state.ts";
import { newProvider } from "../../src/provider/provider.ts";
import { beginWith, fullOf, sendable } from "../support/lifecycle.ts";
import { changedIn, someOrganization, without } from "../support/samples.ts";
import { requestsOf } from "../support/seed.ts";

/** What a definition is meant to be able to do. A new definition needs a row, whatever it says. */
interface Row {
  /** What a create can take over: by which key, in words, and what of it an example then changes. */
  readonly adoption?: { readonly by: string; readonly change?: string };
  /** When a delete is refused until the program allows it. What every organization has is only set back. */
  readonly isProtected: "by default" | "on request" | "never";
  /** Which of its keys, in words, one may get from another in the same run: all that can be changed in place. */
  readonly handsOver?: readonly string[];
  /** What the run after an interrupted create does with what was made. */
  readonly interrupted: "takes it over" | "sets it again" | "adopts it again";
}

const rows: Readonly<Record<keyof typeof definitions, Row>> = {
  Organization: {
    adoption: { by: "external ID", change: "displayName" },
    isProtected: "by default",
    handsOver: ["external ID", "slug"],
    interrupted: "takes it over",
  },
  Permission: {
    adoption: { by: "name", change: "description" },
    isProtected: "on request",
    interrupted: "takes it over",
  },
  Role: { adoption: { by: "name", change: "displayName" }, isProtected: "on request", interrupted: "takes it over" },
  OrganizationRole: {
    adoption: { by: "name", change: "displayName" },
    isProtected: "on request",
    interrupted: "takes it over",
  },
  OrganizationDomain: {
    adoption: { by: "domain and domain type" },
    isProtected: "on request",
    interrupted: "takes it over",
  },
  // Any number may have one name, so there is nothing to take one over by.
  OrganizationApiClient: { isProtected: "on request", interrupted: "takes it over" },
  // No program makes one, so each create adopts the one that is there, unasked.
  OrganizationConnection: { isProtected: "never", interrupted: "adopts it again" },
  // Every organization has these, so a create sets them.
  OrganizationSessionPolicy: { isProtected: "never", interrupted: "sets it again" },
  OrganizationUserManagement: { isProtected: "never", interrupted: "sets it again" },
};

test("every definition has a row", () => {
  expect(Object.keys(rows)).toEqual(Object.keys(definitions));
  for (const [name, definition] of Object.entries(definitions)) expect(definition.name).toBe(name);
});

const all: readonly Definition[] = Object.values(definitions);

describe.each(all)("$name", (definition) => {
  const { api, name: className } = definition;
  const fields: Readonly<Record<string, Field>> = definition.fields;
  const outputs: Readonly<Record<string, Output>> = definition.outputs;
  const row = rows[className as keyof typeof rows];
  const sample = fullOf(definition, "organizationId" in fields ? { organizationId: someOrganization } : {});

  test("says which argument was meant", () => {
    const names = [...Object.keys(fields), ...(row?.adoption ? ["adopt"] : [])];
    for (const name of names) {
      const typed = snakeCase(name) === name ? name.toUpperCase() : snakeCase(name);
      const failures = checkArgs(definition, { ...without(sample, name), [typed]: "value" });
      const failure = failures.find(({ property }) => property === typed);
      expect(failure?.reason, typed).toMatch(
        new RegExp(`^is not an argument of ${className}, which takes .*; did you mean ${name}\\?$`),
      );
    }
  });

  test("refuses half surrogates and keys that a program loses, in every field", () => {
    const lost = JSON.parse('{ "__proto__": "value" }') as object;
    const texts: unknown[] = ["a\ud800", ["\ud800"], { key: "\udc00" }, { "\ud800": "value" }];
    for (const name of Object.keys(fields)) {
      expect(problemWithValues(definition, { [name]: lost })).toBe(
        `${name} must not have the key "__proto__", which a Pulumi program cannot hold`,
      );
      for (const value of texts) {
        expect(problemWithValues(definition, { [name]: value }), name).toMatch(
          new RegExp(`^${name}.* must be valid Unicode; it holds half of a surrogate pair$`),
        );
      }
      expect(problemWithValues(definition, { [name]: sample[name] })).toBeUndefined();
    }
  });

  test("says at preview what a create would adopt and change, by the resource's name", async () => {
    expect(isAdoptable(definition)).toBe(row?.adoption !== undefined);
    const { endpoints, full, edit, emulator, organization, writes } = await beginWith(definition);
    const said: string[] = [];
    const values = settingsOf(emulator);
    const provider = newProvider({
      config: values,
      stack: () => undefined,
      log: (line) => said.push(line),
      gate: noGate,
    });
    const preview = (inputs: object) =>
      provider.check(definition, { urn: `urn:pulumi:s::p::T::own::name`, inputs: { ...inputs, adopt: true } });
    if (row?.adoption === undefined) {
      expect(await preview(full)).toMatchObject([
        { property: "adopt", reason: expect.stringMatching(/^is not an arg/) },
      ]);
      return;
    }
    const theirs = await endpoints.create(organization || undefined, full);
    const live = (await edit(theirs.id, full)) ?? theirs;
    const { by, change } = row.adoption;
    const args = change === undefined ? full : changedIn(definition, full, change);
    const before = writes();
    expect(await preview(args)).toEqual([]);
    const created = "createTime" in outputs ? `, created ${live["createTime"]},` : "";
    expect(said).toEqual([
      `${className} own::name will adopt ${called(definition, theirs.id)}${created} by its ${by}, and change ` +
        `${change === undefined ? "nothing" : `its ${change}`}.`,
    ]);
    expect(writes()).toBe(before);
    // Which one it is cannot be asked while the key is not known.
    const [field = ""] = keyFieldsOf(definition)?.slice(-1) ?? [];
    expect(await requestsOf(emulator, () => preview({ ...args, [field]: unknown }))).toEqual([]);
    expect(said).toHaveLength(1);
  });

  test("says at preview whose key a create asks for, and asks nobody where the setting is off", async () => {
    const { endpoints, full, emulator, organization } = await beginWith(definition);
    const said: string[] = [];
    const preview = (more: Readonly<Record<string, string>>, inputs: object = full) => {
      const settings = settingsOf(emulator);
      const config = { get: (key: string) => more[key] ?? settings.get(key) };
      const log = (line: string) => void said.push(line);
      return newProvider({ config, stack: () => undefined, log, gate: noGate }).preview(definition, {
        urn: `urn:pulumi:s::p::T::own::name`,
        inputs: { ...inputs },
      });
    };
    await preview({});
    expect(said).toEqual([]);
    const key = keyFieldsOf(definition);
    const isFree = isSetting(api) || makerOf(definition) !== undefined || key === undefined;
    const theirs = isFree ? undefined : await endpoints.create(organization || undefined, full);
    await preview({});
    if (key === undefined || theirs === undefined) return expect(said).toEqual([]);
    expect(said).toEqual([
      expect.stringMatching(
        `^${className} own::name cannot be created as things are: ${called(definition, theirs.id)},? .*has its ${keyInWords(key)}, and `,
      ),
    ]);
    const asked = await requestsOf(emulator, () => preview({ "scalekit:previewConflicts": "false" }));
    expect(asked).toEqual([]);
    expect(await requestsOf(emulator, () => preview({}, { ...full, [key.at(-1) ?? ""]: unknown }))).toEqual([]);
    expect(said).toHaveLength(1);
  });

  const answered = Object.entries({ ...fields, ...outputs }).filter(
    ([name, one]) => name !== "organizationId" && !("providerOnly" in one) && !("createOnly" in one),
  );
  test.each(answered)("takes no answer in which %s is of another type", async (name, one) => {
    const { process, full, hand, emulator, organization, endpoints } = await beginWith(definition, {
      emptyFields: "clears",
    });
    const { id, outs } = await process().create(full, "urn::one");
    const change = () => process().update(id, outs, changedIn(definition, full, sendable(definition)[0] ?? ""));
    const own = id.split("/").at(-1) ?? "";
    const path = api.path.replace(/\{\w+\}/, organization) + (isSetting(api) ? "" : `/${own}`);
    const method = isReadable(definition) ? "GET" : "PATCH";
    const query = !isSetting(api) && api.query ? `?${new URLSearchParams(api.query)}` : "";
    const sent = method === "GET" ? undefined : { [api.one]: { [snakeCase(name)]: full[name] } };
    const { body } = await hand.call(method, `${path}${query}`, sent);
    const wire = (one.wire ?? snakeCase(name)).split(".");
    for (const wrong of wrongFor("rule" in one ? one.rule.type : one.type)) {
      const answer = structuredClone(body);
      const last = wire.slice(0, -1).reduce((inner, key) => {
        inner[key] ??= {};
        return inner[key];
      }, answer[api.one]);
      last[wire.at(-1) ?? ""] = wrong;
      emulator.fail({ method, effect: { kind: "garbage", status: 200, body: JSON.stringify(answer) } });
      const run = method === "GET" ? () => process().read(id, outs) : () => change();
      await expect(run(), JSON.stringify(wrong)).rejects.toThrow(`${wire.join(".")} has another type than documented`);
      emulator.heal();
    }
    if (isReadable(definition)) expect(await endpoints.get(id)).toMatchObject({ id });
  });

  test("is deleted only where the program allows it, if a delete takes what no create brings back", async () => {
    const isProtectable = row?.isProtected !== "never";
    expect(protectionField in fields).toBe(isProtectable);
    expect(definition.losing !== undefined).toBe(isProtectable);
    if (!isProtectable) return;
    const { process, full, all: list } = await beginWith(definition);
    const before = (await list()).length;
    const { id, outs } = await process().create(without(full, protectionField), "urn::one");
    const said = await process().update(id, outs, { ...full, [protectionField]: true });
    for (const state of row?.isProtected === "by default" ? [outs, said.outs] : [said.outs]) {
      await expect(process().remove(id, state)).rejects.toThrow(
        `${id} is protected from deletion, because a delete would also remove ${definition.losing}.`,
      );
      expect(await list()).toHaveLength(before + 1);
    }
    const allowed = await process().update(id, said.outs, full);
    await process().remove(id, allowed.outs);
    expect(await list()).toHaveLength(before);
  });

  test("hands over every key that can be changed in place, each by itself and all at once", async () => {
    const moving = handedOver(definition);
    expect(moving.map((field) => keyInWords([field]))).toEqual(row?.handsOver ?? []);
    const changeable = keysOf(definition).filter((key) => key.fields.every((field) => !isReplacing(definition, field)));
    expect(changeable.flatMap((key) => key.fields)).toEqual(moving);
    for (const swapped of [...moving.map((field) => [field]), moving].filter((some) => some.length > 0)) {
      const { process, full, endpoints } = await beginWith(definition);
      const other = moving.reduce((args, field) => changedIn(definition, args, field), full);
      const made = [await process().create(full, "urn::one"), await process().create(other, "urn::two")] as const;
      const wanted = [
        { ...full, ...Object.fromEntries(swapped.map((field) => [field, other[field]])) },
        { ...other, ...Object.fromEntries(swapped.map((field) => [field, full[field]])) },
      ];
      const run = process();
      for (const [n, { id, outs }] of made.entries()) await run.diff(id, outs, wanted[n] ?? {});
      for (const [n, { id, outs }] of made.entries()) await run.update(id, outs, wanted[n] ?? {});
      for (const [n, { id }] of made.entries()) {
        const live = await endpoints.get(id);
        for (const field of moving) expect(live?.[field]).toBe(wanted[n]?.[field]);
      }
    }
  });

  test("leaves an interrupted create to the next run", async () => {
    const { process, full, all: list, said } = await beginWith(definition, { emptyFields: "clears" });
    const first = await process().create(full, "urn::one");
    // What no endpoint tells cannot be counted.
    const count = async () => (isReadable(definition) ? (await list()).length : 1);
    const before = await count();
    // The run ended before its state was saved, and the program has changed since.
    const field = sendable(definition)[0];
    const args = field === undefined ? full : changedIn(definition, full, field);
    const { id, outs } = await process().create(args, "urn::one");
    expect(id).toBe(first.id);
    expect(outs).toMatchObject(args);
    expect(await count()).toBe(before);
    expect(await process().diff(id, outs as State, args)).toMatchObject({ isChanged: false });
    const adopted = expect.stringMatching(`^Adopted ${called(definition, id)}, which exists`);
    const expected = {
      "takes it over": [expect.stringContaining(`Took over ${called(definition, id)}, which this resource made`)],
      "sets it again": [],
      "adopts it again": [adopted, adopted],
    };
    expect(said).toEqual(expected[row.interrupted]);
  });
});

const settingsOf = ({ url, credentials }: { url: string; credentials: { clientId: string; clientSecret: string } }) => {
  const values: Readonly<Record<string, string>> = {
    "scalekit:environmentUrl": url,
    "scalekit:clientId": credentials.clientId,
    "scalekit:clientSecret": credentials.clientSecret,
  };
  return { get: (key: string) => values[key] };
};

/** Values of the wire that no value of a type comes from. */
function wrongFor(type: Field["rule"]["type"] | Output["type"]): unknown[] {
  switch (type) {
    case "text":
    case "choice":
      return [7, {}, ["text"], true];
    case "whole":
    case "number":
      return ["many", {}];
    case "flag":
      return ["yes", 1, {}];
    case "texts":
      return ["text", 7, [7], [{}]];
    case "pairs":
      return ["text", [7], { a: "1" }, [{ value: "1" }], [{ key: "a", value: 7 }]];
    case "map":
      return ["text", ["a"], { a: 7 }, { a: {} }];
    case "flags":
      return ["text", 7, [7], [{ enabled: true }], [{ name: "sso", enabled: "yes" }]];
  }
}
