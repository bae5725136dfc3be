import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { type Definition, isReadable, type Values } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import type { SeedOrganization } from "../../src/emulator/index.ts";
import { notesIn } from "../../src/lifecycle/state.ts";
import { frozenTexts } from "../support/golden.ts";
import { declare, expectOf, expectToMove } from "../support/moving.ts";
import { connect } from "../support/plain-client.ts";
import { expectSuccess, type Resource } from "../support/stack.ts";
import { type Stack, story } from "../support/story.ts";

/** A resource in a form that a version of the dynamic provider has left in states, in an organization of its own. */
interface Recorded {
  readonly kind: string;
  readonly name: string;
  readonly owner: string;
  readonly args: Values;
  readonly state: Values;
}

let nextNumber = 100;

/** Every form of every kind. What was once one resource's is made another's in each. */
const recorded: readonly Recorded[] = Object.values<Definition>(definitions).flatMap((definition) =>
  frozenTexts(definition.name, "state.json").flatMap((text, form) =>
    Object.entries(JSON.parse(text) as Record<string, Pick<Recorded, "args" | "state">>)
      // What is only read is not managed; the doubt about what cannot be read is settled by a change.
      .filter(([way, { state }]) => way !== "what is only read" && (isReadable(definition) || !notesIn(state).unsure))
      .map(([way, entry]) => ownOf(definition.name, `${definition.name}-${form}-${way.replaceAll(" ", "-")}`, entry)),
  ),
);

function ownOf(kind: string, name: string, entry: Pick<Recorded, "args" | "state">): Recorded {
  const owner = `org_${nextNumber++}`;
  const own = JSON.stringify(entry)
    .replaceAll("org_100000004100000005", owner)
    .replaceAll(/conn_\d+/g, `conn_${owner}`)
    .replaceAll("aaaaa.aa", `${owner.replace("_", "-")}.aa`)
    .replaceAll("own_name", `own_${owner}`)
    .replaceAll("TAKEN", `TAKEN-${owner}`);
  return { ...JSON.parse(own), kind, name, owner };
}

const source = `
const { native = false, declared = [] } = require("./program.json");
const scalekit = require(native ? "pulumi-scalekit/native" : "pulumi-scalekit");
for (const { kind, name, args } of declared) new scalekit[kind](name, args);
`;

story(
  "states that earlier versions left move to the native plugin and back, in every form of every kind",
  { timeout: 900_000 },
  async ({ means }) => {
    const seed = recorded.map(({ owner: id }): SeedOrganization => {
      return { id, display_name: `Owner ${id}`, connections: [{ id: `conn_${id}` }] };
    });
    const emulator = await means.emulate({ seed });
    const { call } = await connect(emulator.url);
    for (const name of ["a", "b"]) await call("POST", "/permissions", { name });
    await call("POST", "/roles", { name: "aaaaaaaa", display_name: "Base" });
    const stack = await means.stackOn(emulator, { source });
    const program = { declared: recorded.map(({ kind, name, args }) => ({ kind, name, args })) };
    await declare(stack, program);
    await expectSuccess(stack.up());
    await leave(stack);

    await expectToMove(emulator, stack, () => declare(stack, { ...program, native: true }));
    expectOf("native", await stack.resources());
    const refresh = await expectSuccess(stack.refresh());
    expect(refresh.steps).toEqual({ same: recorded.length });
    await expectSuccess(stack.up("--expect-no-changes"));

    // Once more from the same states: back without an update in between, and gone.
    await leave(stack);
    await expectToMove(emulator, stack, () => declare(stack, program));
    expectOf("dynamic", await stack.resources());
    await expectSuccess(stack.refresh());
    await expectSuccess(stack.up("--expect-no-changes"));
    await expectSuccess(stack.destroy());
    expect(
      emulator
        .organizations()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(seed.map(({ id }) => id).sort());
  },
);

/** Puts the recorded states in place of what a run left, with the ids and times that Scalekit decides. */
async function leave(stack: Stack): Promise<void> {
  const exported = JSON.parse((await expectSuccess(stack.pulumi("stack", "export", "--show-secrets"))).text);
  for (const resource of exported.deployment.resources as (Resource & { outputs: Record<string, unknown> })[]) {
    const entry = recorded.find(({ name }) => resource.urn.endsWith(`::${name}`));
    if (entry === undefined) continue;
    const { outputs: decided } = definitions[entry.kind as keyof typeof definitions] as Definition;
    const kept = Object.entries(resource.outputs).filter(([name]) => name in decided || name === "__provider");
    resource.outputs = { ...entry.state, ...Object.fromEntries(kept) };
  }
  const file = join(stack.folder, "recorded.json");
  await writeFile(file, JSON.stringify(exported));
  await expectSuccess(stack.pulumi("stack", "import", "--file", file));
}
