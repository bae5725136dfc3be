import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import type { Values } from "../definitions/definition.ts";
import type { Kept } from "./holders.ts";

/** Which keys this run is about to give to the objects that it has reached, each in one of the `fields`. */
export function newExpectations(fields: readonly string[], client: Pick<Client, "sleep">) {
  const expected = new Map<string, Map<string, unknown>>();

  const isReached = ({ id }: Live): boolean => expected.has(id);

  /** Waits a moment for the engine to reach `holder`. Nobody else waits meanwhile. */
  async function reaching(holder: Live): Promise<void> {
    for (let waited = 0; !isReached(holder) && waited < patience; waited += interval) await client.sleep(interval);
  }

  return {
    isReached,
    reaching,
    /** The object `id` gets the keys of `args` in the fields `moving`. In the others it keeps its key. */
    expect(id: string, args: Values, moving: readonly string[]): void {
      expected.set(id, new Map(fields.map((field) => [field, moving.includes(field) ? args[field] : keepsKey])));
    },
    keeps(id: string, field: string): void {
      expected.set(id, (expected.get(id) ?? new Map<string, unknown>()).set(field, keepsKey));
    },
    /** Whether the holder is about to give its key up. */
    answerOf({ holder, field }: Kept): "moves" | "kept" | "unknown" {
      const keys = expected.get(holder.id);
      if (keys === undefined) return "unknown";
      const next = keys.get(field);
      return next === keepsKey || next === holder[field] ? "kept" : "moves";
    },
  };
}

const keepsKey = Symbol("keeps what it has");

/** Milliseconds. */
const patience = 3000;
const interval = 100;
