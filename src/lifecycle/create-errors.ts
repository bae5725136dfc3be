import type { Live } from "../api/codec.ts";
import {
  aKeyInWords,
  type Definition,
  keyFieldsOf,
  keyInWords,
  scopeOf,
  subjectOf,
} from "../definitions/definition.ts";
import { ScalekitError } from "../errors.ts";
import type { Kept } from "./holders.ts";
import type { Identity } from "./identity.ts";
import type { Importing } from "./telling.ts";

/** Errors of a create that come from this package and not from the API, in the words of a definition. */
export function createErrors(definition: Definition, identity: Identity, importing: Importing) {
  const { noun, outputs } = definition;
  const fields = keyFieldsOf(definition) ?? [];
  const key = keyInWords(fields);
  const where = scopeOf(fields);
  const aKey = aKeyInWords(fields);
  const { called, createdAt, tellsTime } = identity;

  function taken(holder: Live, cause?: unknown): ScalekitError {
    if (identity.isReserved(holder)) {
      return new ScalekitError(
        `Could not create the ${noun}: its ${key} belongs to ${called(holder)}, one of Scalekit's own, which no program ` +
          `can take over. Nothing was created. Refer to it by its ${key}, without a resource, or give this one another ${key}.`,
        { cause },
      );
    }
    const created = tellsTime ? `, created ${createdAt(holder) || "earlier"}` : "";
    return new ScalekitError(
      `Could not create the ${noun}: its ${key} belongs to ${called(holder)}${created}, ` +
        `and ${aKey} is unique in ${where}. Nothing was created. To manage that ${noun} with this resource, ` +
        "set `adopt: true` on it and run `pulumi up`; if another resource of this stack has it, move it with the `aliases` option; " +
        "if it is this resource's own, which you want to replace, set the option `deleteBeforeReplace: true` on it.",
      { cause },
    );
  }

  /** Another object has one of the further keys, and keeps it. */
  const otherTaken = ({ holder, field }: Kept, cause: unknown) =>
    new ScalekitError(
      `${(cause as Error).message} Its ${keyInWords([field])} belongs to ${called(holder)}, and ${aKeyInWords([field])} is unique ` +
        `in ${scopeOf([field])}. Nothing was created. Give one of the two another ${keyInWords([field])}.`,
      { cause },
    );

  /** @param maker who alone makes one, as `madeBy` of a definition has it */
  const notThere = (maker: string) =>
    new ScalekitError(
      `Could not adopt the ${noun}: there is none with the ${key} that is declared, and only ${maker}. Nothing was changed. ` +
        `Check the ${key}${scopeOf(fields) === "an organization" ? ", and whether the organization is the one that has it" : ""}.`,
    );

  /** The create may have succeeded, but the object with the key differs from the request. */
  const inDoubt = (holder: Live, cause: unknown) =>
    new ScalekitError(
      `${(cause as Error).message} ${upper(subjectOf(definition, holder.id))} has its ${key} now, and does not match the request in every field: it may be ` +
        "what this run made, changed since, or somebody else's. To give it to this resource, set `adopt: true` on it and run `pulumi up`.",
      { cause },
    );

  const lookAgain = (cause: unknown) =>
    new ScalekitError(
      `${(cause as Error).message} Run \`pulumi up\` again: it looks for the ${noun} by its ${key} and takes it over if this run made it.`,
      { cause },
    );

  /** The create was refused, perhaps for its key, and the look-up of the key's holder failed. */
  const holderUnknown = (cause: unknown) =>
    new ScalekitError(
      `${(cause as Error).message} Nothing was created. Its ${key} may be taken: the look-up of its holder failed too. Run \`pulumi up\` again.`,
      { cause },
    );

  const otherKey = (made: Live) =>
    new ScalekitError(
      `Could not create the ${noun}: an interrupted run made ${called(made)} for this resource with another ${key}, and did not ` +
        `save it. Nothing was created or changed. To keep it, set the ${key} back to what it was, run \`pulumi up\`, and then ` +
        "change it. To have a new one instead, delete that one first.",
    );

  const unchangeable = (made: Live, fields: readonly string[]): ScalekitError =>
    new ScalekitError(
      `Could not create the ${noun}: an interrupted run made ${made.id} for this resource with another ${keyInWords(fields)}, ` +
        "which Scalekit cannot change. Nothing was created or changed. Set it back and run `pulumi up`, or delete that one first.",
    );
  /** An earlier error saved the object in the state, and the state no longer has it. */
  function forgotten(made: Live, hasKey: boolean): ScalekitError {
    const way = hasKey
      ? `set \`adopt: true\` on it, with the ${key} that it had, and run \`pulumi up\``
      : nextStep(made).how;
    return new ScalekitError(
      `Could not create the ${noun}: this resource has made ${called(made)} already, in a run that failed after that, and the state ` +
        `no longer has it. Nothing was created. To give it to this resource, ${way}; otherwise delete that one first.`,
    );
  }

  function unresolved(what: string, found: readonly Live[] | undefined, options?: { cause: unknown }): ScalekitError {
    const way = nextStep(found?.[0]);
    const next =
      found === undefined
        ? "Look for it in Scalekit's dashboard before the next `pulumi up`."
        : found.length === 0
          ? `No such ${noun} exists so far. The next \`pulumi up\` looks again before it creates one.`
          : `It may be ${found.map(called).join(" or ")}, and ${way.why}. If it is, ${way.how}; if it is not, ${way.otherwise}.`;
    return new ScalekitError(`${what} It is not created a second time. ${next}`, options);
  }

  /** Why nothing proves that this stack created `found`, and how to take it over if it did. */
  function nextStep(found: Live | undefined) {
    if (Object.values(outputs).some(({ createOnly }) => createOnly)) {
      return {
        why: "that cannot be proved",
        how: "delete it, since its secret is lost",
        otherwise: "change its description until this one is made",
      };
    }
    return {
      why: `without ${aKey} that cannot be proved`,
      how: `run \`${importing(definition, found?.id ?? "")}\``,
      otherwise: `delete it or give this one ${aKey}`,
    };
  }

  return {
    taken,
    otherTaken,
    notThere,
    inDoubt,
    lookAgain,
    holderUnknown,
    otherKey,
    forgotten,
    unchangeable,
    unresolved,
  };
}

export const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
