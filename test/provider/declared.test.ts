import { expect, test } from "vitest";
import { type Definition, keysOf, scopeOf } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { newDeclared } from "../../src/provider/declared.ts";

const keyed = (Object.values(definitions) as Definition[]).flatMap((definition) =>
  keysOf(definition).map(({ fields }) => ({ definition, kind: definition.name, key: fields.join(" and "), fields })),
);

test.each(keyed)(
  "a second $kind with the same $key is refused with the whole name of the first, colons and all",
  (one) => {
    const { definition, fields } = one;
    const args = Object.fromEntries(fields.map((field) => [field, "same"]));
    const declared = newDeclared(definition);
    const urnOf = (name: string) => `urn:pulumi:production::customers::my:component$T::${name}`;
    expect(declared.add(args, urnOf("eu::megasoft"), false)).toEqual([]);
    expect(declared.add(args, urnOf("us::megasoft"), false)).toEqual([
      {
        property: fields.at(-1),
        reason: `is the same as that of eu::megasoft, and must be unique in ${scopeOf(fields)}`,
      },
    ]);
  },
);
