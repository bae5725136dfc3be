import { describe, expect, test } from "vitest";
import { talkativeCommand } from "../support/command.ts";
import { estate } from "../support/estate.ts";
import { onTerminal } from "../support/terminal.ts";
import { workplace } from "../support/workplace.ts";

/** An environment whose second page of organizations takes its time. */
async function slowPlace(size = 110) {
  const place = await workplace(estate(size));
  const slow = () => place.emulator.fail({ method: "GET", skip: 1, effect: slowness });
  return { ...place, slow };
}

describe("how far a command is", () => {
  test("stands on lines of their own, with the total, where stderr is no terminal", async () => {
    const { folder, env, slow } = await slowPlace();
    slow();
    const { stderr, stdout } = await talkativeCommand(["export"], { cwd: folder, env });
    expect(stderr).toMatch(/^(Read 1\d\d of 110 organizations so far\.\n)+$/);
    expect(stdout).toContain("Wrote 110 organizations");
  });

  test("is a bar on a terminal, which is gone at the end", async () => {
    const { folder, env, slow } = await slowPlace();
    slow();
    const { code, text } = await onTerminal(["export", "--no-color"], { cwd: folder, env });
    expect(code).toBe(0);
    expect(text).not.toContain("so far.");
    const [before = "", after] = text.split(`${gone}Wrote 110 organizations`);
    expect(after).toContain("Next, in the Pulumi project");
    for (const bar of barsIn(before)) {
      expect(bar).toMatch(/^organizations {2}█+░+ {2}1\d\d of 110$/);
      expect(bar.length).toBeLessThan(80);
    }
    slow();
    const coloured = await onTerminal(["export", "--force"], { cwd: folder, env });
    expect(coloured.text).toContain("\u001b[32m█");
  });

  test("fits a narrow terminal, and goes before an error", async () => {
    const { folder, env, emulator, slow } = await slowPlace(210);
    slow();
    emulator.fail({ method: "GET", skip: 1, effect: { kind: "status", status: 403, message: "no" } });
    const { code, text } = await onTerminal(["export", "--no-color"], { cwd: folder, env, columns: 40 });
    expect(code).toBe(1);
    const [before = "", after] = text.split(`${gone}pulumi-scalekit: Could not list`);
    expect(after).toContain("403");
    for (const bar of barsIn(before)) expect(bar.length).toBeLessThan(40);
  });

  test("is on lines on a terminal that cannot move its cursor", async () => {
    const { folder, env, slow } = await slowPlace();
    slow();
    const { text } = await onTerminal(["export"], { cwd: folder, env: { ...env }, term: "dumb" });
    expect(text).not.toContain("\u001b");
    expect(text).toContain("of 110 organizations so far.");
  });

  test("counts the lists that are read besides organizations", async () => {
    const { folder, env, emulator, ids } = await workplace(estate(12));
    emulator.fail({ method: "GET", path: `/api/v1/organizations/${ids[11]}/domains`, effect: slowness });
    const { stderr } = await talkativeCommand(["export", "--include", "domains"], { cwd: folder, env });
    expect(stderr).toMatch(/^Read \d+ of 12 lists of other objects so far\.\n$/);
  });
});

const slowness = { kind: "delay", milliseconds: 2_500 } as const;

/** What takes a bar away. */
const gone = "\r\u001b[K";

function barsIn(text: string): string[] {
  const bars = text.split("\u001b[K").map((bar) => bar.replace("\r", ""));
  expect(bars.pop()).toBe("");
  expect(bars.length).toBeGreaterThan(0);
  return bars;
}
