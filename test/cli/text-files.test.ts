import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSeed } from "../../src/emulator/index.ts";
import { organizationType, repository } from "../support/stack.ts";
import { workplace } from "../support/workplace.ts";

const urn = `urn:pulumi:prod::app::${organizationType}::megasoft`;
const name = "Müller 株式会社";

/** Bytes that mean a text to whoever decodes it, and nothing to whoever takes it for UTF-8. */
const encodings: [string, (text: string) => Buffer][] = [
  ["UTF-16, as PowerShell's > writes it", (text) => Buffer.from(`\uFEFF${text.replaceAll("\n", "\r\n")}`, "utf16le")],
  ["UTF-16 without a mark", (text) => Buffer.from(text, "utf16le")],
  ["UTF-16, the high byte first", (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16()],
  ["UTF-8 with a byte order mark", (text) => Buffer.from(`\uFEFF${text}`)],
];

const stateOf = (id: string) =>
  JSON.stringify({
    deployment: { resources: [{ urn, type: organizationType, id, inputs: { displayName: name } }] },
  });
const preview = JSON.stringify({ steps: [{ op: "delete", urn, oldState: { type: organizationType, id: name } }] });

/** A workplace in which files are bytes. */
async function begin(bodies: object[] = []) {
  const place = await workplace(bodies);
  return { ...place, put: (file: string, bytes: Buffer) => writeFile(join(place.folder, file), bytes) };
}

describe.each(encodings)("what is in %s", (_, encoded) => {
  test("is a state to drift, by file and by stdin", async () => {
    const { run, runWith, put, ids } = await begin([{ display_name: name }]);
    const bytes = encoded(stateOf(ids[0] as string));
    await put("state.json", bytes);
    expect(await run("drift", "--state", "state.json")).toMatchObject({ code: 0, stderr: "" });
    expect(await runWith(bytes, "drift", "--state", "-")).toMatchObject({ code: 0, stderr: "" });
  });

  test("is a preview to guard, by file and by stdin", async () => {
    const { run, runWith, put } = await begin();
    await put("preview.json", encoded(preview));
    const expected = { code: 2, stderr: "", stdout: expect.stringContaining(name) };
    expect(await run("guard", "--preview", "preview.json")).toMatchObject(expected);
    expect(await runWith(encoded(preview), "guard", "--preview", "-")).toMatchObject(expected);
  });

  test("is a list of ids to export, by file and by stdin", async () => {
    const { run, runWith, put, ids } = await begin([
      { display_name: name, external_id: name },
      { display_name: "Other" },
    ]);
    await put("ids.txt", encoded(`${ids[0]}\n`));
    const chosen = { code: 0, stdout: expect.stringContaining("1 organization") };
    expect(await run("export", "--ids-from", "ids.txt", "--out", "a")).toMatchObject(chosen);
    expect(await runWith(encoded(`${ids[0]}\n`), "export", "--ids-from", "-", "--out", "b")).toMatchObject(chosen);
  });

  test("is a seed to the emulator", async () => {
    const { folder, put } = await begin();
    await put("seed.json", encoded(JSON.stringify([{ display_name: name }])));
    expect(readSeed(join(folder, "seed.json"))).toEqual([{ display_name: name }]);
  });
});

test.each([
  ["drift", "--state", "the state"],
  ["guard", "--preview", "the preview"],
  ["export", "--ids-from", "x.txt"],
])("%s %s that is no text is refused as such", async (command, option, what) => {
  const { run, put, runWith } = await begin();
  const latin1 = Buffer.from("Müller", "latin1");
  await put("x.txt", latin1);
  const reason = "it is neither UTF-8 nor UTF-16; save it as UTF-8\n";
  const ended = await run(command, option, "x.txt");
  expect(ended).toEqual({ code: 1, stdout: "", stderr: `pulumi-scalekit: Could not read ${what}: x.txt: ${reason}` });
  const piped = await runWith(latin1, command, option, "-");
  expect(piped).toMatchObject({ code: 1, stderr: expect.stringContaining(`: stdin: ${reason}`) });
});

/** Runs the built command with its output where it cannot go, and gives what it says on stderr. */
async function runInto(output: "/dev/full" | "closed", args: string[], place: { cwd: string; env: NodeJS.ProcessEnv }) {
  const redirected = output === "closed" ? "| true" : `> ${output}`;
  const main = join(repository, "dist", "cli", "main.js");
  // With pipefail, so that the exit code is the command's.
  const script = `set -o pipefail; "$0" "$@" ${redirected}`;
  const child: ChildProcess = spawn("bash", ["-c", script, process.execPath, main, ...args], {
    ...place,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise((done) => child.on("close", done));
  return { code, stderr };
}

test.skipIf(process.platform !== "linux")(
  "a full disk behind stdout is reported in a line, with exit code 1",
  async () => {
    const { put, folder, env, ids } = await begin([{ display_name: name }]);
    await put("preview.json", Buffer.from('{"steps":[],"duration":1}'));
    await put("state.json", Buffer.from(stateOf(ids[0] as string)));
    for (const args of [
      ["guard", "--preview", "preview.json"],
      ["drift", "--state", "state.json", "--json"],
      ["export", "--external-id-prefix", "none"],
      ["export"],
    ]) {
      const ended = await runInto("/dev/full", args, { cwd: folder, env });
      expect(ended.stderr.replaceAll(/^Read .*\n/gm, ""), args.join(" ")).toMatch(
        /^pulumi-scalekit: Could not write the output: ENOSPC: no space left on device, write\n$/,
      );
      expect(ended.code).toBe(1);
    }
  },
);

test.skipIf(process.platform !== "linux")("a full disk behind stderr takes nothing from what is printed", async () => {
  const { write, folder, env } = await begin();
  await write("preview.json", preview);
  const main = join(repository, "dist", "cli", "main.js");
  for (const [args, expected] of [
    [["guard", "--preview", "preview.json"], 2],
    [["guard", "--preview", "none.json"], 1],
  ] as const) {
    const child = spawn("bash", ["-c", '"$0" "$@" 2> /dev/full', process.execPath, main, ...args], {
      cwd: folder,
      env,
    });
    expect(await new Promise((done) => child.on("close", done))).toBe(expected);
  }
});

test("a reader that has seen enough is no failure, and the guard's verdict stands", async () => {
  const { write, folder, env } = await begin();
  const many = Array.from({ length: 20_000 }, (_, n) => ({
    op: "delete",
    urn: `${urn}${n}`,
    oldState: { type: organizationType },
  }));
  await write("preview.json", JSON.stringify({ steps: many }));
  expect(await runInto("closed", ["guard", "--preview", "preview.json"], { cwd: folder, env })).toEqual({
    code: 2,
    stderr: "",
  });
});
