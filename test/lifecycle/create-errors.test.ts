import { describe, expect, test } from "vitest";
import type { Live } from "../../src/api/codec.ts";
import { type Definition, isSetting } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { createErrors } from "../../src/lifecycle/create-errors.ts";
import { identityOf } from "../../src/lifecycle/identity.ts";

const importing = ({ name }: Pick<Definition, "name">, id: string) => `import ${name} ${id}`;
const cause = new Error("Could not create it: Scalekit answered 409.");
const holder: Live = { id: "org_1/one", createTime: "2026-01-01T00:00:00Z" };
const other: Live = { id: "org_2/two" };
const made = Object.values<Definition>(definitions).filter(({ api }) => !isSetting(api));

/** Each error with what it may meet, in an order of its own. */
function allErrors(definition: Definition): Record<string, Error> {
  const errors = createErrors(definition, identityOf(definition), importing);
  return {
    taken: errors.taken(holder, cause),
    "taken, at an unknown time": errors.taken(other),
    "another key is taken": errors.otherTaken({ holder, field: "displayName" }, cause),
    "nothing to adopt": errors.notThere("Scalekit makes one"),
    "in doubt": errors.inDoubt(holder, cause),
    "look again": errors.lookAgain(cause),
    "holder unknown": errors.holderUnknown(cause),
    "another key, after an interruption": errors.otherKey(holder),
    "a field that cannot change": errors.unchangeable(holder, ["externalId", "slug"]),
    "forgotten, with a key": errors.forgotten(holder, true),
    "forgotten, without": errors.forgotten(holder, false),
    "unresolved, nothing known": errors.unresolved("What happened.", undefined),
    "unresolved, none found": errors.unresolved("What happened.", []),
    "unresolved, two found": errors.unresolved("What happened.", [holder, other], { cause }),
  };
}

/** A reader sees every sentence at once: change them there, and read them aloud. */
test("what a create may end with is said in these sentences", async () => {
  const text = made.flatMap((definition) => [
    `# ${definition.name}\n`,
    ...Object.entries(allErrors(definition)).map(([name, { message }]) => `${name}:\n  ${message}\n`),
  ]);
  await expect(text.join("\n")).toMatchFileSnapshot("../fixtures/create-errors.txt");
});

describe.each(made)("$name", (definition) => {
  test("keeps the answer that led to an error as its cause", () => {
    const errors = allErrors(definition);
    const withCause = [
      "taken",
      "another key is taken",
      "in doubt",
      "look again",
      "holder unknown",
      "unresolved, two found",
    ];
    for (const name of withCause) expect(errors[name]?.cause, name).toMatchObject({ message: cause.message });
  });

  test("says of Scalekit's own that no program can take it over", () => {
    const own: Definition = { ...definition, reserved: () => true };
    const { message } = createErrors(own, identityOf(own), importing).taken(holder, cause);
    expect(message).toMatch(
      /belongs to .*one\b.*, one of Scalekit's own, which no program can take over\. Nothing was created\./,
    );
    expect(message).not.toContain("adopt");
  });
});
