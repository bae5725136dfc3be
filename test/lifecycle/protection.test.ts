import { describe, expect, test } from "vitest";
import type { Definition } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { howToDelete, isProtected, newProtection, teardown } from "../../src/lifecycle/protection.ts";

const all: readonly Definition[] = Object.values(definitions);
const protectable = all.filter(({ losing }) => losing !== undefined);

test("organizations alone are protected without a word", () => {
  expect(all.filter((definition) => isProtected(definition, {})).map(({ name }) => name)).toEqual(["Organization"]);
});

describe.each(protectable)("$name", (definition) => {
  const isDefault = definition.name === "Organization";

  test("is protected by its own word, which wins over the default", () => {
    expect(isProtected(definition, { deletionProtection: true })).toBe(true);
    expect(isProtected(definition, { deletionProtection: false })).toBe(false);
    expect(isProtected(definition, { deletionProtection: null })).toBe(isDefault);
  });

  test("is not protected where a delete loses nothing", () => {
    const { losing: _, ...harmless } = definition;
    expect(isProtected(harmless, { deletionProtection: true })).toBe(false);
  });

  test("says how to delete one, how to delete all where that is the default, and how to forget it", () => {
    expect(howToDelete(definition)).toBe(
      "To delete it, set `deletionProtection: false` on its resource, run `pulumi up`, and then take it out of the program. " +
        `${isDefault ? `To delete all organizations of a stack, run ${teardown}. ` : ""}` +
        "To leave it at Scalekit and only forget it, use `retainOnDelete`.",
    );
    expect(howToDelete(definition, "one")).toMatch(/^To delete one, .*To leave one at Scalekit/);
  });

  test("says it whole in the first refusal of a run, and briefly in the others", () => {
    const { requireNone } = newProtection(definition);
    const state = { deletionProtection: true };
    expect(() => requireNone("org_1", { deletionProtection: false })).not.toThrow();
    for (const attempt of [1, 2]) {
      expect(() => requireNone("org_1/one", state), `${attempt}`).toThrow(howToDelete(definition));
    }
    expect(() => requireNone("org_2/two", state)).toThrow(
      /org_2\/two is protected from deletion too, as the error of org_1\/one says\.$/,
    );
  });
});
