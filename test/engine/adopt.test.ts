import { describe, expect } from "vitest";
import { command } from "../support/command.ts";
import { estate } from "../support/estate.ts";
import { requestsOf, seed } from "../support/seed.ts";
import { type Means, story } from "../support/story.ts";

/** How many organizations are adopted; the benchmark takes more. */
const adopted = Number(process.env["ADOPT_SIZE"] ?? 60);

/** A program that is what was exported, run as TypeScript with its types stripped. */
const loader = 'require("./organizations.ts");';

async function begin({ emulate, stackOn }: Means, bodies: readonly object[], env: Record<string, string> = {}) {
  const emulator = await emulate();
  const ids = await seed(emulator, bodies);
  const stack = await stackOn(emulator, { source: loader, env });
  const scalekit = (...args: string[]) => command(args, { cwd: stack.folder, env: stack.env });
  return { emulator, ids, stack, scalekit };
}

const adopt = ["import", "--file", "import.json", "--yes", "--generate-code=false"];

/** Seconds that each step of a story took. */
function stopwatch() {
  const seconds: Record<string, number> = {};
  async function timed<T>(what: string, act: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await act();
    seconds[what] = Math.round((performance.now() - start) / 100) / 10;
    return result;
  }
  return { timed, seconds };
}

describe.concurrent("an estate that exists", () => {
  story.for([
    { size: adopted, protection: "true" },
    { size: 5, protection: "false" },
  ])(
    "comes in whole by export and import, and up then changes and sends nothing ($size, protection: $protection)",
    async ({ size, protection }, { means }) => {
      const { emulator, ids, stack, scalekit } = await begin(means, estate(size), {
        SCALEKIT_DELETION_PROTECTION: protection,
      });
      const { timed, seconds } = stopwatch();
      const before = emulator.organizations();
      const reading = await requestsOf(emulator, async () => {
        const written = await timed("export", () => scalekit("export"));
        expect(written, written.stderr).toMatchObject({ code: 0, stderr: "" });
        expect(written.stdout).toContain(`Wrote ${size} organizations of ${emulator.url}`);
      });
      expect(reading).toHaveLength(Math.ceil(size / 100));

      const importing = await requestsOf(emulator, async () => {
        const imported = await timed("import", () => stack.pulumi(...adopt));
        expect(imported, imported.text).toMatchObject({ code: 0 });
      });
      const checking = await requestsOf(emulator, async () => {
        const up = await timed("up", () => stack.up("--expect-no-changes"));
        expect(up, up.text).toMatchObject({ code: 0, changes: { same: size } });
      });
      expect([...importing, ...checking].filter((request) => !request.startsWith("GET"))).toEqual([]);
      expect(emulator.organizations()).toEqual(before);

      const managed = await stack.organizations();
      expect(managed.map(({ id }) => id).sort()).toEqual([...ids].sort());
      const comparing = await requestsOf(emulator, async () => {
        expect(await timed("drift", () => scalekit("drift"))).toMatchObject({ code: 0 });
      });
      expect(comparing).toHaveLength(Math.ceil(size / 100));
      expect(await timed("refresh", () => stack.refresh("--expect-no-changes"))).toMatchObject({ code: 0 });
      if (process.env["ADOPT_SIZE"] && size === adopted) {
        const requests = {
          export: reading.length,
          import: importing.length,
          up: checking.length,
          drift: comparing.length,
        };
        console.log(`${size} organizations: ${JSON.stringify({ seconds, requests })}`);
      }
    },
  );
});
