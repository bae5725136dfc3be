import type { Lifecycle } from "../../src/lifecycle/lifecycle.ts";
import type { State } from "../../src/lifecycle/state.ts";
import type { OrganizationArgs } from "../../src/schema.ts";

/** What a program declares, by resource name. */
export type Program = ReadonlyMap<string, OrganizationArgs>;
/** What the engine has saved, by resource name. */
export type Saved = Map<string, { readonly id: string; readonly outs: State }>;

/**
 * What the engine does with a provider, at the size of a test: up and refresh, with every operation at once, deletes last
 * and only when all else went well, and what an error brings along kept.
 *
 * The stories prove the real engine; this one is for thousands of runs.
 */
export function smallEngine(lifecycle: Lifecycle, saved: Saved) {
  /** @param dies gives the names of resources whose outcome a killed engine does not save */
  async function up(program: Program, dies: (name: string) => boolean = () => false) {
    const failures: Error[] = [];
    const ops: string[] = [];

    async function run(name: string, op: string, work: () => Promise<{ id: string; outs: State }>): Promise<void> {
      ops.push(op);
      try {
        const result = await work();
        if (!dies(name)) saved.set(name, result);
      } catch (error) {
        failures.push(error as Error);
        const { id, properties } = error as { id?: string; properties?: State };
        if (id !== undefined && properties !== undefined && !dies(name)) saved.set(name, { id, outs: properties });
        if (id !== undefined) unfinished.add(name);
      }
    }

    const unfinished = new Set<string>();
    await Promise.all(
      [...program].map(async ([name, args]) => {
        const known = saved.get(name);
        if (known === undefined) return run(name, "create", () => lifecycle.create(args, name));
        const { id, outs } = known;
        if (!(await lifecycle.diff(id, outs, args)) && !unfinished.has(name)) return;
        return run(name, "update", async () => ({ id, ...(await lifecycle.update(id, outs, args)) }));
      }),
    );
    if (failures.length === 0) {
      for (const [name, { id, outs }] of [...saved].filter(([name]) => !program.has(name))) {
        ops.push("delete");
        await lifecycle.remove(id, outs).then(
          () => saved.delete(name),
          (error: Error) => failures.push(error),
        );
      }
    }
    return { failures, ops };
  }

  async function refresh() {
    const failures: Error[] = [];
    await Promise.all(
      [...saved].map(async ([name, { id, outs }]) => {
        try {
          const found = await lifecycle.read(id, outs);
          if (found.id === undefined) saved.delete(name);
          else saved.set(name, { id, outs: found.props });
        } catch (error) {
          failures.push(error as Error);
        }
      }),
    );
    return { failures };
  }

  return { up, refresh };
}
