import type { Client } from "../api/client.ts";
import { type Dialect, dialects } from "../api/wire.ts";
import { isApiError, ScalekitError } from "../errors.ts";
import type { Field, Organization, OrganizationPatch } from "../schema.ts";
import { untilCurrent } from "./staleness.ts";
import { isOn } from "./state.ts";

/** The organization is there, and it is not, and cannot be made, what the program declares. */
export class DivergenceError extends ScalekitError {}

/** What is to be. A field that is absent stays as it is; a `null` text is none. */
export interface Goal extends Omit<OrganizationPatch, "metadata"> {
  /** The pairs to have, and the keys not to have: those named, or every other one. */
  readonly metadata?: {
    readonly pairs: Readonly<Record<string, string>>;
    readonly without: readonly string[] | "others";
  };
  /** Those to turn on and off. Others stay as they are. */
  readonly features?: Readonly<Record<string, boolean>>;
}

/**
 * Brings an organization to a goal, and gives it as Scalekit then answered that it is.
 * `see` is told each answer on the way, so that a failure later on does not forget what has been done.
 * `isFresh` says that `known` is what Scalekit has just answered, and not what a state remembers.
 */
export type Converge = (
  goal: Goal,
  known: Organization,
  see: (answer: Organization) => void,
  isFresh?: boolean,
) => Promise<Organization>;

/**
 * Each PATCH is answered with the whole organization, and success is what that answer shows, never a status alone.
 *
 * The API's documents leave open whether metadata is merged or replaced, and how a field is cleared. So what has to go
 * is asked to go in one dialect after the other, each field by itself once the first way has failed: what suits one
 * field may be refused for another. The dialect that cleared a field is the first for that field from then on.
 */
export function converger(client: Pick<Client, "get" | "update" | "updateFeatures" | "sleep" | "serverNow">): Converge {
  const current = untilCurrent(client);
  const fluent = new Map<Field, Dialect>();

  return async function converge(goal, known, see, isFresh = false) {
    const tried = new Map<Field, Set<Dialect>>();
    let observed = known;
    let refusal: unknown;
    let vanishings = 0;

    /** Whether the features are as Scalekit has just answered. An answer without any may have left its settings out. */
    const isTold = (now: Organization): boolean => now !== known && now.features !== undefined;

    /** How to ask for a field next; `undefined` when every way has been tried. */
    function nextDialect(field: Field): Dialect | undefined {
      const past = tried.get(field);
      if (!isRemoval(field, goal, observed)) return past ? undefined : "plain";
      return [fluent.get(field) ?? "plain", ...dialects].find((dialect) => !past?.has(dialect));
    }

    for (let open = unmet(goal, observed); open.length > 0; open = unmet(goal, observed)) {
      const first = open.find((field) => nextDialect(field) !== undefined);
      if (first === undefined) {
        // Where nothing was accepted, the server's own words say more than what is left undone.
        if (observed === known && refusal !== undefined) throw refusal;
        throw new DivergenceError(divergence(open, goal, observed), { cause: refusal });
      }
      const dialect = nextDialect(first) as Dialect;
      const fresh = open.filter((field) => !tried.has(field) && nextDialect(field) === dialect && field !== "features");
      const together = refusal === undefined && fresh.includes(first) ? fresh : [first];
      const removed = together.filter((field) => isRemoval(field, goal, observed));

      let answer: Organization | undefined;
      try {
        answer =
          first === "features"
            ? await setFeatures(goal, isFresh || isTold(observed) ? observed : await client.get(known.id))
            : await client.update(known.id, patchFor(goal, together, observed), dialect, goners(goal, observed));
      } catch (error) {
        if (removed.length === 0 || !isRefusal(error)) throw error;
        refusal ??= error;
        // Refused together, fields are asked for again one by one: only one of them may be to blame.
        if (together.length > 1) continue;
      }
      if (answer === undefined && refusal === undefined) {
        // What was made a moment ago may not be found yet, and then nothing was done.
        if (++vanishings > mostVanishings || (await asWritten(goal, answer, observed, together)) === undefined) {
          throw vanished(known.id);
        }
        continue;
      }
      for (const field of together) tried.set(field, (tried.get(field) ?? new Set()).add(dialect));
      if (answer === undefined) continue;
      answer = (await asWritten(goal, answer, observed, together)) ?? answer;
      const left = unmet(goal, answer);
      for (const field of removed) if (!left.includes(field)) fluent.set(field, dialect);
      observed = answer;
      see(observed);
    }
    return observed;
  };

  /** What a write has come to, by `answer` or by a later look, where that is behind the write or what it was written to. */
  async function asWritten(
    goal: Goal,
    answer: Organization | undefined,
    before: Organization,
    wanted: readonly Field[],
  ) {
    const isUntouched = (now: Organization) =>
      now.updateTime === before.updateTime && wanted.every((field) => unmet(goal, now).includes(field));
    return current({
      first: answer,
      ask: () => client.get(before.id),
      isCurrent: (now) => now !== undefined && !isUntouched(now),
      written: answer === undefined ? [before.createTime, before.updateTime] : [client.serverNow()],
    });
  }

  /**
   * Whether features that a request does not name stay as they are is not documented. So all are named that are known, and
   * they are as they are now, not as a state remembers them.
   */
  async function setFeatures({ features }: Goal, now: Organization | undefined): Promise<Organization | undefined> {
    return now && client.updateFeatures(now.id, { ...now.features, ...features });
  }
}

/** How often what was there a moment ago may be gone. */
const mostVanishings = 3;

/** The fields of `goal` that `observed` does not have as asked. */
const unmet = (goal: Goal, observed: Organization): Field[] =>
  (Object.keys(goal) as Field[]).filter((field) => {
    if (field === "metadata") return goners(goal, observed).length > 0 || missing(goal, observed).length > 0;
    if (field === "features") return Object.keys(switched(goal, observed)).length > 0;
    return (goal[field] ?? undefined) !== observed[field];
  });

/** The features that are not as they are to be, each with what it is to be. */
const switched = ({ features = {} }: Goal, observed: Organization): Record<string, boolean> =>
  Object.fromEntries(Object.entries(features).filter(([name, on]) => isOn(observed, name) !== on));

const isRemoval = (field: Field, goal: Goal, observed: Organization): boolean =>
  field === "metadata" ? goners(goal, observed).length > 0 : goal[field] === null;

/** The metadata keys that are there and have to go. */
function goners({ metadata }: Goal, observed: Organization): string[] {
  if (metadata === undefined) return [];
  return Object.keys(observed.metadata).filter((key) =>
    metadata.without === "others" ? !Object.hasOwn(metadata.pairs, key) : metadata.without.includes(key),
  );
}

/** The metadata keys that are not there, or not with the value that they are to have. */
const missing = ({ metadata }: Goal, observed: Organization): string[] =>
  Object.keys(metadata?.pairs ?? {}).filter(
    (key) => !Object.hasOwn(observed.metadata, key) || observed.metadata[key] !== metadata?.pairs[key],
  );

/** What to send. Metadata is always sent whole, with what is somebody else's as it was last seen: a PATCH may replace it. */
function patchFor(goal: Goal, wanted: readonly Field[], observed: Organization): OrganizationPatch {
  const { metadata, features: _, ...rest } = goal;
  const gone = goners(goal, observed);
  const kept = Object.fromEntries(Object.entries(observed.metadata).filter(([key]) => !gone.includes(key)));
  const patch: OrganizationPatch = { ...rest, ...(metadata && { metadata: { ...kept, ...metadata.pairs } }) };
  return Object.fromEntries(wanted.map((field) => [field, patch[field as keyof OrganizationPatch]]));
}

/** A server that does not speak a dialect refuses it as invalid; every other failure would meet the next dialect too. */
const isRefusal = (error: unknown): boolean => isApiError(error) && [400, 409, 422, 501].includes(error.status);

function divergence(open: readonly Field[], goal: Goal, observed: Organization): string {
  const uncleared = open.filter((field) => isRemoval(field, goal, observed));
  const start = `Organization ${observed.id} is not what the program declares: Scalekit answered with success and`;
  return uncleared.length > 0
    ? `${start} did not clear ${uncleared.join(" and ")}. ` +
        "Declare the value that it has, or clear it in Scalekit's dashboard and run `pulumi refresh`."
    : `${start} has another value for ${open.flatMap((field) => pathsOf(field, goal, observed)).join(" and ")}. ` +
        "Declare the value as Scalekit keeps it, which `pulumi refresh` shows.";
}

/** Not every environment has every feature, so those that it refuses without a word are named. */
const pathsOf = (field: Field, goal: Goal, observed: Organization): string[] =>
  field === "features" ? Object.keys(switched(goal, observed)).map((name) => `features.${name}`) : [field];

export const vanished = (id: string): ScalekitError =>
  new ScalekitError(
    `Organization ${id} no longer exists at Scalekit. Run \`pulumi refresh\` to see it go, then \`pulumi up\` to create it again.`,
  );
