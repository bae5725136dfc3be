import type { Definition, Values } from "../../src/definitions/definition.ts";
import type { Lifecycle } from "../../src/lifecycle/lifecycle.ts";
import type { State } from "../../src/lifecycle/state.ts";

/** What a program declares, by resource name. */
export type Program = ReadonlyMap<string, { readonly definition: Definition; readonly args: Values }>;

/** What the engine has saved, by resource name. */
export type Saved = Map<string, SavedResource>;

export interface SavedResource {
  readonly definition: Definition;
  readonly id: string;
  readonly outs: State;
  /** The old one of a replacement, which is still to be deleted. */
  readonly goes?: true;
}

export interface Failure {
  readonly name: string;
  readonly message: string;
  /** What it leaves in the state. */
  readonly id?: string | undefined;
}

/**
 * What the engine does with a provider, at the size of a test: up and refresh, with every operation at once, replacements,
 * deletes last and only when all else went well, and what an error brings along kept.
 *
 * The stories prove the real engine; this one is for thousands of runs.
 */
export function smallEngine(lifecycleOf: (definition: Definition) => Lifecycle, saved: Saved) {
  /**
   * @param parts what is declared, each part once the one before is there, since it depends on that
   * @param dies gives the names of resources whose outcome a killed engine does not save
   */
  async function up(parts: readonly (() => Program)[], dies: (name: string) => boolean = () => false) {
    const failures: Failure[] = [];
    const ops: string[] = [];

    async function run(name: string, definition: Definition, op: string, work: () => Promise<Outcome>): Promise<void> {
      ops.push(`${op} ${name}`);
      try {
        const result = await work();
        if (!dies(name)) saved.set(name, { definition, ...result });
      } catch (error) {
        const { message, id, properties } = error as Error & { id?: string; properties?: State };
        failures.push({ name, message, id });
        if (id !== undefined && properties !== undefined && !dies(name))
          saved.set(name, { definition, id, outs: properties });
      }
    }

    async function remove(name: string): Promise<void> {
      const known = saved.get(name);
      if (known === undefined) return;
      ops.push(`delete ${name}`);
      try {
        await lifecycleOf(known.definition).remove(known.id, known.outs);
        saved.delete(name);
      } catch (error) {
        failures.push({ name, message: (error as Error).message });
      }
    }

    async function reach(name: string, { definition, args }: { definition: Definition; args: Values }): Promise<void> {
      const lifecycle = lifecycleOf(definition);
      const create = (op = "create") => run(name, definition, op, () => lifecycle.create(args, name));
      const known = saved.get(name);
      if (known === undefined) return create();
      const { id, outs } = known;
      const { isChanged, replaces, deleteBeforeReplace } = await lifecycle.diff(id, outs, args);
      if (!isChanged) return;
      if (replaces.length === 0) {
        const update = async () => ({ id, ...(await lifecycle.update(id, outs, args, { urn: name })) });
        return run(name, definition, "update", update);
      }
      if (deleteBeforeReplace) {
        const before = failures.length;
        await remove(name);
        if (failures.length === before) await create("replace");
        return;
      }
      await create("replace");
      if (saved.get(name)?.id !== id) saved.set(`${name} of before ${id}`, { ...known, goes: true });
    }

    const declared = new Set<string>();
    for (const part of parts) {
      const program = part();
      for (const name of program.keys()) declared.add(name);
      await Promise.all([...program].map(([name, resource]) => reach(name, resource)));
      if (failures.length > 0) return { failures, ops };
    }
    const gone = [...saved].filter(([name, { goes }]) => goes || !declared.has(name));
    for (const [name] of gone) await remove(name);
    return { failures, ops };
  }

  async function refresh(): Promise<{ failures: Failure[] }> {
    const failures: Failure[] = [];
    await Promise.all(
      [...saved].map(async ([name, { definition, id, outs, goes }]) => {
        if (goes) return;
        try {
          const { props } = await lifecycleOf(definition).read(id, outs);
          if (props === undefined) saved.delete(name);
          else saved.set(name, { definition, id, outs: props });
        } catch (error) {
          failures.push({ name, message: (error as Error).message });
        }
      }),
    );
    return { failures };
  }

  return { up, refresh };
}

interface Outcome {
  readonly id: string;
  readonly outs: State;
}
