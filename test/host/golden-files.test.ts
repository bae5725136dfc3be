import { createRequire } from "node:module";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Live } from "../../src/api/codec.ts";
import { adoptionsOf, importFile } from "../../src/cli/adoption.ts";
import { type Definition, isReadable, type Values } from "../../src/definitions/definition.ts";
import { definitionOf, definitions } from "../../src/definitions/index.ts";
import { providerTextOf, typeOf } from "../../src/definitions/tokens.ts";
import { expectFrozen, frozenTexts, newest } from "../support/golden.ts";
import { beginStill, resourceUrn } from "../support/state-forms.ts";
import { holdStill } from "../support/still.ts";

vi.mock("node:crypto", async (original) => {
  const { stillCrypto } = await import("../support/still.ts");
  return stillCrypto(original);
});

beforeEach(holdStill);
afterEach(() => {
  vi.useRealTimers();
});

const all = Object.values<Definition>(definitions);

interface ImportFile {
  readonly resources: readonly { readonly id: string; readonly inputs: Values; readonly outputs: Values }[];
}

describe.each(all.filter(isReadable))("an import file of the class $name", (definition) => {
  const { name } = definition;

  test("is as it was frozen", async () => {
    const { live } = await exported(newest<ImportFile>(name, "import.json"));
    const { adoptions } = adoptionsOf([{ definition, live }], new Map(), true);
    expectFrozen(name, "import.json", importFile(adoptions));
  });

  test.each(frozenTexts(name, "import.json"))("is read as it was frozen", async (text) => {
    const file = JSON.parse(text) as ImportFile;
    const { world } = await exported(file);
    for (const { id, inputs, outputs } of file.resources) {
      const [args, state] = [withoutProvider(inputs), withoutProvider(outputs)];
      const writes = world.writes();
      expect(await world.run().diff(id, state, args)).toMatchObject({ isChanged: false });
      expect((await world.run().read(id, state)).props).toEqual(state);
      expect(world.writes()).toBe(writes);
    }
  });

  async function exported(frozen: ImportFile | undefined) {
    const world = await beginStill(definition);
    const inputs = frozen?.resources[0]?.inputs;
    const args = inputs === undefined ? world.full : withoutProvider(inputs);
    const { id } = await world.run().create(args, resourceUrn);
    return { world, live: (await world.endpoints.get(id)) as Live };
  }
});

function withoutProvider({ __provider, ...others }: Values): Values {
  expect(__provider).toEqual(expect.any(String));
  return others;
}

describe.each(all)("the texts that stand for the class $name", (definition) => {
  const { name } = definition;

  test("are as they were frozen", () => {
    const texts = { type: typeOf(name), provider: providerTextOf(name) };
    expectFrozen(name, "tokens.json", `${JSON.stringify(texts, null, 2)}\n`);
  });

  test.each(frozenTexts(name, "tokens.json"))("that were frozen lead to it", (text) => {
    const { type, provider } = JSON.parse(text) as { type: string; provider: string };
    expect(definitionOf(type)).toBe(definition);
    // As the engine's provider host does it, from a program's folder.
    const exports: { handler?: () => object } = {};
    new Function("exports", "require", provider)(exports, createRequire(import.meta.url));
    expect(Object.keys(exports.handler?.() ?? {}).sort()).toEqual(verbs);
  });
});

const verbs = ["check", "configure", "create", "delete", "diff", "read", "update"];
