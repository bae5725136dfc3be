import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { onTerminal } from "../support/terminal.ts";
import { workplace } from "../support/workplace.ts";

test("doctor's verdicts have the colours of traffic lights on a terminal, and none in a file", async () => {
  const { run, folder, env } = await workplace();
  env["SCALEKIT_CLIENT_SECRET"] = "wrong";
  expect((await run("doctor")).stdout).toMatch(/^ok {4}node/);
  const { text } = await onTerminal(["doctor"], { cwd: folder, env });
  expect(text).toContain("\u001b[32mok  \u001b[39m  node");
  expect(text).toContain("\u001b[31mfail\u001b[39m  credentials");
  const json = await onTerminal(["doctor", "--json"], { cwd: folder, env });
  expect(json.text).not.toContain("\u001b");
});

test("a table's headings are bold on a terminal, and its columns stay aligned", async () => {
  const { folder, env, write, run } = await workplace([{ display_name: "One" }, { display_name: "Second" }]);
  await write("state.json", JSON.stringify({ version: 3, deployment: { resources: [] } }));
  const plain = await run("drift", "--state", "state.json");
  const { text } = await onTerminal(["drift", "--state", "state.json"], { cwd: folder, env });
  expect(text).toContain("\u001b[1mID");
  expect(stripVTControlCharacters(text).replaceAll("\r", "")).toBe(plain.stdout);
  const { text: without } = await onTerminal(["drift", "--state", "state.json", "--no-color"], { cwd: folder, env });
  expect(without.replaceAll("\r", "")).toBe(plain.stdout);
});
