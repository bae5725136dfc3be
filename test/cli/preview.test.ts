import { chmod } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { command } from "../support/command.ts";
import { workplace } from "../support/workplace.ts";

interface Printed {
  readonly code?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** Both commands that ask Pulumi for a preview, where it is what is given. The stack is empty, and an update says that it ran. */
async function begin({ code = 0, stdout = "", stderr = "" }: Printed) {
  const { folder, env, write } = await workplace();
  const pulumi = `#!/usr/bin/env node
const [verb] = process.argv.slice(2);
if (verb === "stack") console.log('{"deployment":{}}');
if (verb === "up") console.log("updated");
if (verb === "preview") {
  process.stdout.write(${JSON.stringify(stdout)});
  process.stderr.write(${JSON.stringify(stderr)});
  process.exitCode = ${code};
}
`;
  await write("pulumi", pulumi);
  await chmod(join(folder, "pulumi"), 0o755);
  const place = { cwd: folder, env: { ...env, PATH: [folder, env["PATH"]].join(delimiter) } };
  return { up: () => command(["up"], place), guard: () => command(["guard", "--max-deletes", "9"], place) };
}

const warnings = [{ severity: "warning", message: "warning: old" }];
const diagnostics = [
  ...warnings,
  { severity: "error", message: "error: one is wrong\n" },
  { severity: "error", message: "error: two is wrong\n" },
];

const preview = (more: object = {}) => JSON.stringify({ steps: [], duration: 1, ...more });

const looking = "Looking at what the program declares …\n";
const refusal = (problem: string) => ({ code: 1, stdout: "", stderr: `pulumi-scalekit: ${problem}\n` });

/** Both commands end alike, before anything is done. */
async function expectRefusal(printed: Printed, problem: string): Promise<void> {
  const { up, guard } = await begin(printed);
  const ended = await up();
  expect({ ...ended, stderr: ended.stderr.replace(looking, "") }).toEqual(refusal(problem));
  expect(await guard()).toEqual(refusal(problem));
}

describe("a preview that fails", () => {
  test("is reported with its errors", () =>
    expectRefusal(
      { code: 1, stdout: preview({ diagnostics }), stderr: "noise" },
      "`pulumi preview --json` ended with 1: one is wrong\ntwo is wrong",
    ));

  test("before its first step is reported with its errors too", () =>
    expectRefusal(
      { code: 1, stdout: JSON.stringify({ diagnostics }) },
      "`pulumi preview --json` ended with 1: one is wrong\ntwo is wrong",
    ));

  test.each([
    ["nothing", ""],
    ["no error", preview()],
    ["no preview", "null"],
  ])("and prints %s is reported with what Pulumi says instead", (_, stdout) =>
    expectRefusal(
      { code: 6, stdout, stderr: "error: no stack named 'prod' found\n" },
      "`pulumi preview --json` ended with 6: no stack named 'prod' found",
    ),
  );

  test("because of protection is reported once, with what to do, and without Pulumi's advice, which leads nowhere", async () => {
    const urn = (name: string) => `urn:pulumi:prod::billing::scalekit:index:Organization::${name}`;
    const advice = "use the command:\n`pulumi state unprotect";
    const kept = ["one", "two", "three", "four"].map((name) => ({
      severity: "error",
      message: `error: resource "${urn(name)}" cannot be deleted\nbecause it is protected. To unprotect, ${advice} '${urn(name)}'`,
    }));
    const bucket = `resource "urn:pulumi:prod::billing::aws:s3/bucket:Bucket::b" cannot be deleted\nbecause it is protected.`;
    const replaced = {
      severity: "error",
      message: `error: unable to replace resource "${urn("five")}"\nas it is currently marked for protection. ${advice}`,
    };
    await expectRefusal(
      { code: 255, stdout: preview({ diagnostics: [...kept, { severity: "error", message: bucket }, replaced] }) },
      "`pulumi preview --json` ended with 255: one, two, three and 2 more are protected from deletion. " +
        "To delete one, set `deletionProtection: false` on its resource, run `pulumi up`, and then take it out of the program. " +
        "To delete all organizations of a stack, run `pulumi config set scalekit:deletionProtection false`, `pulumi up` and " +
        `\`pulumi destroy\`. To leave one at Scalekit and only forget it, use \`retainOnDelete\`.\n${bucket}`,
    );
  });

  test("without a word is reported as it ended", () =>
    expectRefusal({ code: 255 }, "`pulumi preview --json` ended with 255"));
});

describe("a preview that does not fail", () => {
  test.each([["{"], [""], ["{}"], ["null"], ["[]"], ["5"]])(
    "but prints what is none, which tells nothing of the update: %s",
    (stdout) =>
      expectRefusal(
        { stdout },
        "`pulumi preview --json` printed something that is not a preview. If PULUMI_ENABLE_STREAMING_JSON_PREVIEW is set, unset it.",
      ),
  );

  test.each([
    ["steps", { steps: {} }],
    ["steps[0].urn", { steps: [{ op: "same" }] }],
    ["diagnostics[0]", { diagnostics: ["error: s3cret"] }],
  ])("but is not wholly one is refused with the place: %s", (place, more) =>
    expectRefusal(
      { stdout: preview(more) },
      `\`pulumi preview --json\` printed something that is not a preview (${place} is not as Pulumi writes it). If PULUMI_ENABLE_STREAMING_JSON_PREVIEW is set, unset it.`,
    ),
  );

  test("but has errors is not trusted to be whole", () =>
    expectRefusal(
      { stdout: preview({ diagnostics }) },
      "The preview that Pulumi made failed, and may not name all that would change: one is wrong\ntwo is wrong",
    ));

  // Pulumi leaves out of it what is empty.
  test.each([
    ["warnings only", preview({ diagnostics: warnings })],
    ["no steps", preview({ steps: undefined })],
  ])("and has %s is taken as it is", async (_, stdout) => {
    const { up, guard } = await begin({ stdout, stderr: "warning: old\n" });
    expect(await up()).toEqual({ code: 0, stdout: "updated\n", stderr: looking });
    expect(await guard()).toMatchObject({ code: 0, stderr: "" });
  });
});
