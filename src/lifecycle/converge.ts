import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import type { Endpoints } from "../api/endpoints.ts";
import { type Definition, type Dialect, isReadable, isSetting, subjectOf } from "../definitions/definition.ts";
import { isRemoval, unmetFields, unmetPaths, type Wants } from "../definitions/want.ts";
import { isApiError, mayHaveActed, ScalekitError } from "../errors.ts";
import { upper } from "./create-errors.ts";
import { untilCurrent } from "./staleness.ts";

/** The remote object exists, but no request brings it to what the program declares. */
export class DivergenceError extends ScalekitError {}

/**
 * Brings a remote object to what is wanted, and returns Scalekit's last answer about it.
 * `see` gets each answer on the way, so that a later failure does not lose what was done.
 * `isFresh` says that `known` is an answer that just came from Scalekit, and not a state.
 */
export type Converge = (wants: Wants, known: Live, see: (answer: Live) => void, isFresh?: boolean) => Promise<Live>;

/** How to ask for a field: in a dialect, or by removing the entries of a list one by one. */
type Way = Dialect | "entries";

/**
 * Scalekit answers each update with the whole object. Success is what that answer shows, never a status alone.
 *
 * The API's documents do not say whether metadata is merged or replaced, nor how a field is cleared. So a removal is tried in
 * one dialect after the other. Once the first dialect has failed, each field is tried by itself, because a dialect may suit one
 * field and be refused for another. The dialect that cleared a field is tried first for that field from then on.
 */
export function convergerOf(
  definition: Definition,
  endpoints: Pick<Endpoints, "get" | "update" | "updateField" | "removeEntry">,
  client: Pick<Client, "sleep" | "serverNow">,
): Converge {
  const { fields, api } = definition;
  const { dialects = ["plain"] } = (isSetting(api) ? undefined : api.update) ?? {};
  const current = untilCurrent(client);
  const working = new Map<string, Way>();

  return async function converge(wants, known, see, isFresh = false) {
    const tried = new Map<string, Set<Way>>();
    let observed = known;
    let refusal: unknown;
    let disappearances = 0;

    const removes = (name: string): boolean =>
      isRemoval(wants[name] ?? {}, observed[name]) || entriesToRemove(name).length > 0;

    /** The entries of a list that are not wanted, if an endpoint removes entries. */
    function entriesToRemove(name: string): string[] {
      if (isSetting(api) || api.removeEntry?.field !== name) return [];
      const wanted = (wants[name]?.set ?? []) as readonly string[];
      return ((observed[name] ?? []) as readonly string[]).filter((entry) => !wanted.includes(entry));
    }

    /** The next way to ask for a field; `undefined` when every way has been tried. */
    function nextWay(name: string): Way | undefined {
      const past = tried.get(name);
      if (!removes(name)) return past ? undefined : "plain";
      const ways: Way[] = [
        working.get(name) ?? "plain",
        ...dialects,
        ...(entriesToRemove(name).length > 0 ? (["entries"] as const) : []),
      ];
      return ways.find((way) => !past?.has(way));
    }

    /** Whether the flags come from an answer of this run. An answer without flags may have left them out. */
    const isShown = (name: string): boolean => isFresh || (observed !== known && observed[name] !== undefined);

    async function ask(names: readonly string[], way: Way): Promise<Live | undefined> {
      const [first = ""] = names;
      if (way === "entries") {
        for (const entry of entriesToRemove(first)) await endpoints.removeEntry(known.id, entry);
        return endpoints.get(known.id);
      }
      const asked = Object.fromEntries(names.map((name) => [name, wants[name] ?? {}]));
      if (!fields[first]?.endpoint) return endpoints.update(observed, asked, way);
      // The request sends all known flags, as they are now and not as a state has them.
      const now = isShown(first) || fields[first]?.rule.type !== "flags" ? observed : await endpoints.get(known.id);
      return now && endpoints.updateField(now, first, wants[first] ?? {});
    }

    for (let open = unmet(); open.length > 0; open = unmet()) {
      const first = open.find((name) => nextWay(name) !== undefined);
      if (first === undefined) {
        if (observed === known && mayHaveActed(refusal)) throw refusal;
        // If nothing was accepted, the server's own words say why.
        const words = observed === known ? (refusal as Error | undefined)?.message : undefined;
        throw new DivergenceError(divergence(open, observed, words), { cause: refusal });
      }
      const way = nextWay(first) as Way;
      const together = fields[first]?.endpoint || way === "entries" ? [first] : companions(first, open, way);
      const removed = together.filter(removes);

      let answer: Live | undefined;
      try {
        answer = await ask(together, way);
      } catch (error) {
        if (removed.length === 0 || !isRefusal(error)) throw error;
        refusal ??= error;
        // If several fields are refused together, each is tried by itself: only one of them may be the reason.
        if (together.length > 1) continue;
      }
      if (answer === undefined && refusal === undefined) {
        // A new object may not be found yet. Then the request did nothing.
        if (
          ++disappearances > maxDisappearances ||
          (await rereadIfStale(wants, answer, observed, together)) === undefined
        ) {
          throw goneError(definition, known.id);
        }
        continue;
      }
      for (const name of together) tried.set(name, (tried.get(name) ?? new Set()).add(way));
      if (answer === undefined) continue;
      answer = (await rereadIfStale(wants, answer, observed, together)) ?? answer;
      const left = unmetFields(definition, wants, answer);
      for (const name of removed) if (!left.includes(name) && way !== "entries") working.set(name, way);
      observed = answer;
      see(observed);
    }
    return observed;

    function unmet(): string[] {
      return byRequest(unmetFields(definition, wants, observed));
    }

    /** The fields to ask for together with `first`: all untried ones, and after a refusal only those that remove nothing. */
    function companions(first: string, open: readonly string[], way: Way): string[] {
      const fresh = open.filter((name) => !tried.has(name) && nextWay(name) === way && !fields[name]?.endpoint);
      if (refusal === undefined) return fresh.includes(first) ? fresh : [first];
      return removes(first) ? [first] : fresh.filter((name) => !removes(name));
    }

    function divergence(open: readonly string[], now: Live, refused: string | undefined): string {
      const uncleared = open.filter(removes);
      const answered = refused === undefined ? " answered with success and" : "";
      const start = `${upper(subjectOf(definition, now.id))} is not what the program declares: Scalekit${answered}`;
      const isStuck = uncleared.some((name) => fields[name]?.unclearable);
      const otherWay = isStuck
        ? "replace it with `pulumi up --replace`"
        : "clear it in Scalekit's dashboard and run `pulumi refresh`";
      const paths = unmetPaths(definition, wants, now);
      return uncleared.length > 0
        ? `${start} did not clear ${uncleared.join(" and ")}. ${refused === undefined ? "" : `${refused} `}` +
            `Declare the value that it has, or ${otherWay}.`
        : `${start} has another value for ${paths.join(" and ")}. ` +
            "Declare the value as Scalekit keeps it, which `pulumi refresh` shows.";
    }
  };

  /** Fields with an endpoint of their own come last, so that an environment that refuses a feature gets all other fields. */
  function byRequest(names: readonly string[]): string[] {
    const isLast = (name: string) => fields[name]?.endpoint !== undefined;
    return [...names.filter((name) => !isLast(name)), ...names.filter(isLast)];
  }

  /** The object after a write: `answer`, or a later read if the answer lags behind the write. */
  async function rereadIfStale(wants: Wants, answer: Live | undefined, before: Live, wanted: readonly string[]) {
    if (!isReadable(definition)) return answer;
    const isUntouched = (now: Live) => {
      const left = unmetFields(definition, wants, now);
      return now["updateTime"] === before["updateTime"] && wanted.every((name) => left.includes(name));
    };
    const times = [before["createTime"], before["updateTime"]] as (string | undefined)[];
    return current({
      first: answer,
      ask: () => endpoints.get(before.id),
      isCurrent: (now) => now !== undefined && !isUntouched(now),
      written: answer === undefined ? times : [client.serverNow()],
    });
  }
}

/** How often an object that existed a moment ago may be missing from an answer. */
const maxDisappearances = 3;

/** A server that does not know a dialect refuses it as invalid. Any other failure would also fail the next dialect. */
const isRefusal = (error: unknown): boolean => isApiError(error) && [400, 409, 422, 501].includes(error.status);

export const goneError = (definition: Definition, id: string): ScalekitError =>
  new ScalekitError(
    `${upper(subjectOf(definition, id))} no longer exists at Scalekit. Run \`pulumi refresh\` to remove it from the state, then \`pulumi up\` to create it again.`,
  );
