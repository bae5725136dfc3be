import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import type { Endpoints } from "../api/endpoints.ts";
import {
  aKeyInWords,
  type Definition,
  isSetting,
  keyFieldsOf,
  keyInWords,
  makerOf,
  scopeOf,
  type Values,
} from "../definitions/definition.ts";
import { unknown, unmetPaths } from "../definitions/want.ts";
import { createErrors } from "./create-errors.ts";
import { wantsOf } from "./declaration.ts";
import type { Handover } from "./handover.ts";
import { identityOf } from "./identity.ts";
import type { Journal } from "./journal.ts";
import { takenKeysOf } from "./taken-keys.ts";
import type { Telling } from "./telling.ts";

export interface PreviewOptions extends Telling {
  readonly client: Pick<Client, "authenticate">;
  readonly endpoints: Pick<Endpoints, "findByKey" | "page">;
  readonly handover: Pick<Handover, "isReached">;
  readonly journal: Pick<Journal, "isPending" | "knows">;
}

/** What a preview says about a create, beyond what the engine shows. `called` is the resource's name in its messages. */
export function previewOf(definition: Definition, options: PreviewOptions) {
  const { client, endpoints, handover, journal, say, importing } = options;
  const key = keyFieldsOf(definition) ?? [];
  const identity = identityOf(definition);
  const maker = makerOf(definition);
  const errors = createErrors(definition, identity, importing);
  const taken = takenKeysOf(definition, { client, endpoints });
  const advice =
    `and ${aKeyInWords(key)} is unique in ${scopeOf(key)}. To take over what exists, set \`adopt: true\`. If it is this stack's ` +
    "and the program has renamed it, use the `aliases` option.";
  let hasAdvised = false;

  const hasKey = (args: Values): boolean =>
    key.length > 0 && key.every((name) => args[name] !== undefined && args[name] !== unknown);
  const since = (holder: Live): string =>
    identity.tellsTime ? `, created ${identity.createdAt(holder) || "earlier"},` : "";

  /** Says what a create of `args` would adopt and change. Throws if it cannot adopt that object. */
  async function previewAdoption(args: Values, called: string): Promise<void> {
    if (!identity.isAdopting(args) || !hasKey(args)) return;
    const holder = await endpoints.findByKey(args);
    if (holder === undefined && maker !== undefined) throw errors.notThere(maker);
    if (holder === undefined) return;
    if (identity.isReserved(holder)) throw errors.taken(holder);
    const changes = unmetPaths(definition, wantsOf(definition, args, [], holder), holder);
    say(
      `${called} will adopt ${identity.called(holder)}${since(holder)} by its ${keyInWords(key)}, and ` +
        `${changes.length === 0 ? "change nothing" : `change its ${changes.join(" and ")}`}.`,
    );
  }

  /**
   * Says if another object has the key of `args`. It does not fail the preview, because this run may be about to change or delete
   * that object: the engine does not say what comes later.
   */
  async function previewConflict(args: Values, called: string, urn: string | undefined): Promise<void> {
    if (isSetting(definition.api) || identity.isAdopting(args) || !hasKey(args)) return;
    const holder = await taken.holderOf(args);
    // What the program has is no stranger's, whoever gets its key.
    if (holder === undefined || handover.isReached(holder)) return;
    // The create takes over what an interrupted run made for this resource.
    if ((await journal.isPending(urn ?? "")) || journal.knows(holder.id)) return;
    if (identity.isReserved(holder)) throw errors.taken(holder);
    const what = `${called} cannot be created as things are: ${identity.called(holder)}${since(holder)} has its ${keyInWords(key)}`;
    say(hasAdvised ? `${what} too.` : `${what}, ${advice}`);
    hasAdvised = true;
  }

  return { previewAdoption, previewConflict };
}
