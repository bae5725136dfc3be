import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { command } from "../support/command.ts";
import { estate } from "../support/estate.ts";
import { byHand, requestsOf, seed } from "../support/seed.ts";
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

  story.for([
    { module: "pulumi-scalekit", flags: [], protection: "true" },
    { module: "pulumi-scalekit/native", flags: ["--native"], protection: "true" },
    { module: "pulumi-scalekit", flags: [], protection: "false" },
  ])(
    "comes in as a fleet by export --fleet and up, which writes nothing at Scalekit ($module, protection: $protection)",
    async ({ module, flags, protection }, { means }) => {
      const emulator = await means.emulate();
      const bodies = estate(30) as { external_id?: string }[];
      const ids = await seed(emulator, bodies);
      const features = [
        { name: "sso", enabled: true },
        { name: "dir_sync", enabled: false },
      ];
      await byHand(emulator, "PATCH", `/${ids[2]}/settings`, { features });
      const stack = await means.stackOn(emulator, {
        source: loader,
        module,
        env: { SCALEKIT_DELETION_PROTECTION: protection },
      });
      const scalekit = (...args: string[]) => command(args, { cwd: stack.folder, env: stack.env });
      const tenants = ids.filter((_, at) => bodies[at]?.external_id !== undefined);
      const before = emulator.organizations();
      const requests = await requestsOf(emulator, async () => {
        const written = await scalekit("export", "--fleet", ...flags);
        expect(written, written.stderr).toMatchObject({ code: 0, stderr: "" });
        const up = await stack.up();
        expect(up, up.text).toMatchObject({ code: 0, changes: { create: tenants.length } });
        const preview = await stack.preview("--diff", "--expect-no-changes");
        expect(preview, preview.text).toMatchObject({ code: 0 });
        const again = await stack.up("--expect-no-changes");
        expect(again, again.text).toMatchObject({ code: 0, changes: { same: tenants.length } });
        expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
      });
      expect(requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
      expect(emulator.organizations()).toEqual(before);
      expect((await stack.organizations()).map(({ id }) => id).sort()).toEqual([...tenants].sort());

      // A new tenant is a new line, and adopt is of no use any more.
      const program = join(stack.folder, "organizations.ts");
      await writeFile(program, (await readFile(program, "utf8")).replace(", adopt: true", ""));
      const without = await stack.preview("--diff", "--expect-no-changes");
      expect(without, without.text).toMatchObject({ code: 0 });
      const list = join(stack.folder, "tenants.csv");
      await writeFile(
        list,
        `${await readFile(list, "utf8")}NEW-1,New Inc${",".repeat(columnsOf(await readFile(list, "utf8")) - 2)}\n`,
      );
      const grown = await stack.up();
      expect(grown, grown.text).toMatchObject({ code: 0, changes: { create: 1, same: tenants.length } });
    },
  );
});

const columnsOf = (list: string): number => list.split("\n")[0]?.split(",").length ?? 0;
