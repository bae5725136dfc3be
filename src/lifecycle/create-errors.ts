import { ScalekitError } from "../errors.ts";
import type { Kind } from "./kind.ts";

/** What a create can fail with besides what the API says, in the words of a kind. */
export function createErrors<Args, Live extends { readonly id: string }>(kind: Kind<Args, Live>) {
  const { noun, unique } = kind;
  const { key = "", where = "" } = unique ?? {};
  const article = /^[aeiou]/.test(key) ? "an" : "a";

  function taken(holder: Live, cause?: unknown): ScalekitError {
    if (kind.isReserved?.(holder)) {
      return new ScalekitError(
        `Could not create the ${noun}: its ${key} belongs to ${kind.called(holder)}, one of Scalekit's own, which no program ` +
          `can take over. Nothing was created. Refer to it by its ${key}, without a resource, or give this one another ${key}.`,
        { cause },
      );
    }
    const created = kind.tellsTime ? `, created ${kind.createdAt(holder) || "earlier"}` : "";
    return new ScalekitError(
      `Could not create the ${noun}: its ${key} belongs to ${kind.called(holder)}${created}, ` +
        `and ${article} ${key} is unique in ${where}. Nothing was created. To manage that ${noun} with this resource, ` +
        "set `adopt: true` on it and run `pulumi up`; if another resource of this stack has it, move it with the `aliases` option; " +
        "if it is this resource's own, which is to be replaced, set the option `deleteBeforeReplace: true` on it.",
      { cause },
    );
  }

  /** A create may have been done, and what has the key is not quite what was asked for. */
  const inDoubt = (holder: Live, cause: unknown) =>
    new ScalekitError(
      `${(cause as Error).message} ${kind.called(holder)} has its ${key} now, and is not what was asked for in every field: it may be ` +
        "what this run made, changed since, or somebody else's. If it is to be this resource's, set `adopt: true` on it and run `pulumi up`.",
      { cause },
    );

  const lookAgain = (cause: unknown) =>
    new ScalekitError(
      `${(cause as Error).message} Run \`pulumi up\` again: it looks for the ${noun} by its ${key} and takes it over if this run made it.`,
      { cause },
    );

  /** The create was refused, perhaps for its key, and who has that could not be looked up. */
  const holderUnknown = (cause: unknown) =>
    new ScalekitError(
      `${(cause as Error).message} Nothing was created. Its ${key} may be taken: the look-up of who has it failed too. Run \`pulumi up\` again.`,
      { cause },
    );

  const otherKey = (made: Live) =>
    new ScalekitError(
      `Could not create the ${noun}: an interrupted run made ${kind.called(made)} for this resource with another ${key}, and did not ` +
        `save it. Nothing was created or changed. To keep it, set the ${key} back to what it was, run \`pulumi up\`, and then ` +
        "change it. To have a new one instead, delete that one first.",
    );

  /** What the state had by an error, and has no more. */
  function forgotten(made: Live, isNamed: boolean): ScalekitError {
    const way = isNamed
      ? `set \`adopt: true\` on it, with the ${key} that it had, and run \`pulumi up\``
      : kind.importing?.(made)?.how;
    return new ScalekitError(
      `Could not create the ${noun}: this resource has made ${kind.called(made)} already, in a run that failed after that, and the state ` +
        `does not have it any more. Nothing was created. If this resource is to have it, ${way}; if not, delete that one first.`,
    );
  }

  function unresolved(what: string, found: readonly Live[] | undefined, options?: { cause: unknown }): ScalekitError {
    const way = kind.importing?.(found?.[0]);
    const next =
      found === undefined
        ? "Look for it in Scalekit's dashboard before the next `pulumi up`."
        : found.length === 0
          ? `No such ${noun} is there so far. The next \`pulumi up\` looks again before it creates one.`
          : `It may be ${found.map(kind.called).join(" or ")}, and ${way?.why ?? "that cannot be proved"}. ` +
            `If it is, ${way?.how ?? "delete it"}; if it is not, ${way?.otherwise ?? `delete it or give this one ${article} ${key}`}.`;
    return new ScalekitError(`${what} It is not created a second time. ${next}`, options);
  }

  return { taken, inDoubt, lookAgain, holderUnknown, otherKey, forgotten, unresolved };
}
