import { expect, inject } from "vitest";
import { expectSuccess } from "../support/stack.ts";
import { story } from "../support/story.ts";

const source = `
const { realpathSync } = require("node:fs");
const versionFor = (file) => require(require.resolve("@pulumi/pulumi/package.json", { paths: [file] })).version;
exports.program = versionFor(__filename);
exports.package = versionFor(realpathSync(require.resolve("pulumi-scalekit")));
`;

story(
  "a story's program and this package share the SDK that the run is for, on the CLI that it is for",
  async ({ means }) => {
    const stack = await means.stackOn(await means.emulate(), { source });
    expect((await stack.pulumi("version")).text.trim()).toBe(`v${inject("engine").version}`);
    await expectSuccess(stack.up());
    const outputs = JSON.parse((await stack.pulumi("stack", "output", "--json")).text);
    expect(outputs).toEqual({ program: inject("sdk"), package: inject("sdk") });
  },
);
