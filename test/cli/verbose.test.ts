import { expect, test } from "vitest";
import { workplace } from "../support/workplace.ts";

const body = { display_name: "Megasoft Secret", external_id: "CUST-SECRET-1" };
const traces = (stderr: string): string[] =>
  stderr.split("\n").filter((line) => / after \d+ ms, attempt \d/.test(line));

test.each([
  ["export", []],
  ["import", ["CUST-SECRET-1"]],
  ["drift", ["--state", "state.json"]],
  ["doctor", []],
])("%s --verbose says on stderr what each request came to, and no value", async (name, args) => {
  const { run, write, emulator } = await workplace([body]);
  await write("state.json", JSON.stringify({ deployment: {} }));
  const before = emulator.requests.length;
  const { stderr, stdout } = await run(name, ...args, "--verbose");
  const asked = emulator.requests.slice(before);
  expect(asked.length).toBeGreaterThan(1);
  expect(traces(stderr)).toHaveLength(asked.length);
  expect(traces(stderr)[0]).toMatch(/^POST \/oauth\/token, to get an access token: answered 200 after/);
  expect(stderr).not.toMatch(/secret/i);
  expect(traces(stdout)).toEqual([]);
});

test("SCALEKIT_DEBUG does the same, and without either there is no such line", async () => {
  const { run, env } = await workplace([body]);
  expect(traces((await run("export")).stderr)).toEqual([]);
  env["SCALEKIT_DEBUG"] = "1";
  expect(traces((await run("export", "--force")).stderr)).toHaveLength(2);
});

test("a command that waits for Scalekit says so", async () => {
  const { run, emulator } = await workplace([body]);
  emulator.fail({ method: "GET", effect: { kind: "status", status: 429, retryAfter: 3 } });
  const { code, stderr } = await run("export");
  expect(code).toBe(0);
  expect(stderr).toContain("Scalekit asks to wait 3 s (429); 1 request is in line.\n");
});
