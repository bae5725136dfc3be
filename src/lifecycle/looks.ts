import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import type { SharedEndpoints } from "../api/shared-reads.ts";
import { type Definition, isReadable, ownerField, type Values } from "../definitions/definition.ts";
import { organization } from "../definitions/organization.ts";
import { ScalekitError } from "../errors.ts";
import type { Journal } from "./journal.ts";
import { isOlder, untilCurrent } from "./staleness.ts";
import { notesIn, type statesOf } from "./state.ts";

export interface LooksOptions {
  readonly client: Pick<Client, "of" | "sleep" | "serverNow">;
  readonly endpoints: SharedEndpoints;
  readonly journal: Pick<Journal, "madeAt">;
  readonly states: Pick<ReturnType<typeof statesOf>, "remembered">;
}

/** The ways to read a resource at Scalekit. */
export function looksOf(definition: Definition, { client, endpoints, journal, states }: LooksOptions) {
  const { name, noun, outputs } = definition;
  const current = untilCurrent(client);

  const refresh = (id: string, state: Values): Promise<Live | undefined> =>
    isReadable(definition) ? endpoints.refresh(id, state) : find(id, state);

  /** The object as it is, or as the state remembers it if no public endpoint shows it. */
  async function find(id: string, state: Values): Promise<Live | undefined> {
    if (isReadable(definition)) return endpoints.get(id);
    endpoints.requireId(id);
    const isThere = (await client.of(organization).get(id)) !== undefined;
    return isThere
      ? { [ownerField]: id, ...(notesIn(state).unsure ? {} : states.remembered(id, state)), id }
      : undefined;
  }

  /** The object in `first`, or a later read if `first` is older than `state`. */
  async function rereadIfStale(id: string, state: Values, first: Live | undefined): Promise<Live | undefined> {
    const updated = timeIn(state, "updateTime");
    // Without times from the API, it may have been written just now.
    const last = "updateTime" in outputs ? updated : client.serverNow();
    return current({
      first,
      ask: () => find(id, state),
      isCurrent: (live) => live !== undefined && !isOlder(timeIn(live, "updateTime"), updated),
      written: [last, timeIn(state, "createTime"), await journal.madeAt(id, name)],
    });
  }

  /** The setting before anything is set. Fields that the program does not declare stay. */
  async function settingOf(args: Values): Promise<Live> {
    const id = String(args[ownerField]);
    const live = await find(id, {});
    if (live === undefined) throw new ScalekitError(`Could not set the ${noun} ${id}: there is no such organization.`);
    return live;
  }

  return { find, refresh, rereadIfStale, settingOf };
}

export const timeIn = (values: Values, name: string): string | undefined => values[name] as string | undefined;
