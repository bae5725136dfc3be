import { describe, expect, test } from "vitest";
import { type Definition, keysOf, makerOf, ownerField } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { unknown } from "../../src/definitions/want.ts";
import { checkArgs, checkRemovals } from "../../src/lifecycle/check.ts";
import { newDeclared } from "../../src/provider/declared.ts";
import { beginWith, named } from "../support/lifecycle.ts";
import { edgesOf, sampleOf, someOrganization, without } from "../support/samples.ts";

const kinds: readonly Definition[] = Object.values(definitions);

/** Every test here is about each kind of resource, by its definition alone. */
describe.each(kinds)("the limits of $name", (definition) => {
  const { fields } = definition;
  const owner = ownerField in fields ? { [ownerField]: someOrganization } : {};
  const full = sampleOf(definition, named(definition, owner));
  const about = (args: object) => checkArgs(definition, args as never).map(({ property }) => property);

  test.each(Object.entries(fields))("%s may be what is at its limits and nothing past them", (name, field) => {
    const { good, bad } = edgesOf(field);
    expect(good.length, "no value at the limit is known: teach samples.ts its shape").toBeGreaterThan(0);
    for (const value of good) expect(field.schema().safeParse(value).success, String(value)).toBe(true);
    for (const value of bad) {
      const failures = about({ ...full, [name]: value });
      expect(failures.length, JSON.stringify(value)).toBeGreaterThan(0);
      for (const property of failures) expect(property.startsWith(name)).toBe(true);
    }
  });

  test("what is required is asked for, what is not may be left out, and nothing else is taken", () => {
    for (const [name, { required }] of Object.entries(fields)) {
      expect(about(without(full, name)), name).toEqual(required ? [name] : []);
    }
    expect(checkArgs(definition, { ...full, nonsense: 1 })).toMatchObject([
      { property: "nonsense", reason: expect.stringContaining(Object.keys(fields).join(", ")) },
    ]);
  });

  test("what a preview does not know breaks no limit, by itself or inside a list", () => {
    for (const [name, { rule }] of Object.entries(fields)) {
      expect(about({ ...full, [name]: unknown }), name).toEqual([]);
      if (rule.type === "texts") expect(about({ ...full, [name]: [unknown, unknown] }), name).toEqual([]);
      if (rule.type === "flags")
        expect(about({ ...full, [name]: { [Object.keys(rule.of)[0] ?? ""]: unknown } }), name).toEqual([]);
      if (rule.type === "pairs" || rule.type === "map")
        expect(about({ ...full, [name]: { key: unknown } }), name).toEqual([]);
    }
  });

  test("a message names the field and never its value", () => {
    for (const [name, { rule }] of Object.entries(fields)) {
      if (rule.type !== "text") continue;
      const secret = `SECRET ${"x".repeat(rule.max)}`;
      const [failure] = checkArgs(definition, { ...full, [name]: secret });
      expect(failure?.property).toBe(name);
      expect(JSON.stringify(failure)).not.toContain("SECRET");
    }
  });

  test("two resources that ask for what only one can have are refused, unless that is not known", () => {
    const last = keysOf(definition).map(({ fields: key }) => key.at(-1) ?? "");
    const declared = newDeclared(definition);
    expect(declared.add(full, "urn:pulumi:stack::project::type::a", false)).toEqual([]);
    expect(declared.add(full, "urn:pulumi:stack::project::type::a", false)).toEqual([]);
    const refused = declared.add(full, "urn:pulumi:stack::project::type::b", false);
    expect(refused.map(({ property }) => property)).toEqual(last);
    for (const { reason } of refused) expect(reason).toContain("is the same as that of a");
    const hidden = { ...full, ...Object.fromEntries(last.map((name) => [name, unknown])) };
    expect(declared.add(hidden, "urn:pulumi:stack::project::type::c", false)).toEqual([]);
    expect(declared.add(hidden, "urn:pulumi:stack::project::type::d", false)).toEqual([]);
  });

  test("the API takes what is at the limits", async () => {
    const { process, least, hand, emulator, organization } = await beginWith(definition);
    for (const [name, field] of Object.entries(fields)) {
      for (const value of edgesOf(field).good) {
        const args = { ...least, [name]: value };
        // The shortest time that the API takes is the application's own.
        const isLeast = "min" in field.rule && field.rule.type === "whole" && value === field.rule.min;
        if (name === ownerField || field.providerOnly || isLeast || checkArgs(definition, args).length > 0) continue;
        for (const one of [value].flat() as string[]) {
          if (field.references === "Permission") await hand.call("POST", "/permissions", { name: one });
          if (field.references === "Role") await hand.call("POST", "/roles", { name: one, display_name: "Base" });
        }
        if (name === "connectionId" && makerOf(definition)) emulator.connect(organization, { id: String(value) });
        const lifecycle = process();
        const { id, outs } = await lifecycle.create(args);
        expect(await lifecycle.diff(id, outs, args), name).toMatchObject({ isChanged: false });
        await lifecycle.remove(id, outs);
      }
    }
  });
});

describe("a field that Scalekit does not clear", () => {
  const before = { name: "viewer", displayName: "Viewer", description: "Looks" };
  const { description: _, ...without } = before;

  test("is refused at preview when it is taken out", () => {
    expect(checkRemovals(definitions.Role, before, without)).toEqual([
      { property: "description", reason: expect.stringContaining("Scalekit does not clear it") },
    ]);
  });

  test("may go where the role is replaced, was not there, or gets another value", () => {
    expect(checkRemovals(definitions.Role, before, { ...without, name: "reader" })).toEqual([]);
    expect(checkRemovals(definitions.Role, {}, without)).toEqual([]);
    expect(checkRemovals(definitions.Role, before, { ...before, description: "Sees" })).toEqual([]);
  });
});
