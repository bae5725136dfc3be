import type { Definition } from "../../src/definitions/definition.ts";
import type { ResourceArgs, ResourceState } from "../../src/lifecycle/resource-goal.ts";
import type { ResourceLifecycle } from "../../src/lifecycle/resource-lifecycle.ts";

/** What a program declares, by resource name. */
export type Declared = ReadonlyMap<string, { readonly kind: Definition; readonly args: ResourceArgs }>;
/** What the engine has saved, by resource name; `goes` is the old one of a replacement, which is still to be deleted. */
export type SavedResources = Map<
  string,
  { readonly kind: Definition; readonly id: string; readonly outs: ResourceState; readonly goes?: true }
>;

export interface Failure {
  readonly name: string;
  readonly message: string;
}

/** What the engine does with resources of every kind, replacements included: small-engine.ts is that for organizations. */
export function resourceEngine(lifecycleOf: (kind: Definition) => ResourceLifecycle, saved: SavedResources) {
  /** @param dies gives the names of resources whose outcome a killed engine does not save */
  async function up(program: Declared, dies: (name: string) => boolean = () => false) {
    const failures: Failure[] = [];
    const ops: string[] = [];

    async function run(
      name: string,
      kind: Definition,
      op: string,
      work: () => Promise<{ id: string; outs: ResourceState }>,
    ) {
      ops.push(`${op} ${name}`);
      try {
        const result = await work();
        if (!dies(name)) saved.set(name, { kind, ...result });
      } catch (error) {
        const { message, id, properties } = error as Error & { id?: string; properties?: ResourceState };
        failures.push({ name, message });
        if (id !== undefined && properties !== undefined && !dies(name))
          saved.set(name, { kind, id, outs: properties });
      }
    }

    async function remove(name: string): Promise<void> {
      const known = saved.get(name);
      if (known === undefined) return;
      ops.push(`delete ${name}`);
      try {
        await lifecycleOf(known.kind).remove(known.id, known.outs);
        saved.delete(name);
      } catch (error) {
        failures.push({ name, message: (error as Error).message });
      }
    }

    await Promise.all(
      [...program].map(async ([name, { kind, args }]) => {
        const lifecycle = lifecycleOf(kind);
        const create = (op = "create") => run(name, kind, op, () => lifecycle.create(args, name));
        const known = saved.get(name);
        if (known === undefined) return create();
        const { id, outs } = known;
        const { changes, replaces, deleteBeforeReplace } = await lifecycle.diff(id, outs, args);
        if (!changes) return;
        if (replaces.length === 0) {
          return run(name, kind, "update", async () => ({ id, ...(await lifecycle.update(id, outs, args)) }));
        }
        if (deleteBeforeReplace) {
          const before = failures.length;
          await remove(name);
          if (failures.length === before) await create("replace");
          return;
        }
        await create("replace");
        if (saved.get(name)?.id !== id) saved.set(`${name} of before ${id}`, { ...known, goes: true });
      }),
    );
    if (failures.length === 0) {
      const gone = [...saved].filter(([name, { goes }]) => goes || !program.has(name));
      for (const [name] of gone) await remove(name);
    }
    return { failures, ops };
  }

  async function refresh(): Promise<void> {
    for (const [name, { kind, id, outs, goes }] of [...saved]) {
      if (goes) continue;
      const found = await lifecycleOf(kind)
        .read(id, outs)
        .catch(() => undefined);
      if (found === undefined) continue;
      if (found.props === undefined) saved.delete(name);
      else saved.set(name, { kind, id, outs: found.props });
    }
  }

  return { up, refresh };
}
