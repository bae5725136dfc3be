import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import type { Endpoints } from "../api/endpoints.ts";
import { type Definition, type Dialect, isReadable, isSetting, subjectOf } from "../definitions/definition.ts";
import { isRemoval, unmetFields, unmetPaths, type Wants } from "../definitions/want.ts";
import { isApiError, mayHaveActed, ScalekitError } from "../errors.ts";
import { upper } from "./create-errors.ts";
import { untilCurrent } from "./staleness.ts";

/** The remote object is there, and it is not, and no request makes it, what the program declares. */
export class DivergenceError extends ScalekitError {}

/**
 * Brings a remote object to what is wanted, and gives it as Scalekit then answered that it is.
 * `see` gets each answer on the way, so that a failure later on does not forget what has been done.
 * `isFresh` says that `known` is what Scalekit has just answered, and not what a state remembers.
 */
export type Converge = (wants: Wants, known: Live, see: (answer: Live) => void, isFresh?: boolean) => Promise<Live>;

/** A way to ask for a field: in a dialect, or by taking the entries of a list out one by one. */
type Way = Dialect | "entries";

/**
 * Each update is answered with the whole object, and success is what that answer shows, never a status alone.
 *
 * The API's documents leave open whether metadata is merged or replaced, and how a field is cleared. So what has to go
 * is asked to go in one dialect after the other, each field by itself once the first way has failed: what suits one
 * field may be refused for another. The dialect that cleared a field is the first for that field from then on.
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
    let vanishings = 0;

    const removes = (name: string): boolean =>
      isRemoval(wants[name] ?? {}, observed[name]) || entriesToRemove(name).length > 0;

    /** The entries of a list that are there and not wanted, where an endpoint takes them out. */
    function entriesToRemove(name: string): string[] {
      if (isSetting(api) || api.removeEntry?.field !== name) return [];
      const wanted = (wants[name]?.set ?? []) as readonly string[];
      return ((observed[name] ?? []) as readonly string[]).filter((entry) => !wanted.includes(entry));
    }

    /** How to ask for a field next; `undefined` when every way has been tried. */
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

    /** Whether the flags are as Scalekit has just answered. An answer without any may have left its settings out. */
    const isShown = (name: string): boolean => isFresh || (observed !== known && observed[name] !== undefined);

    async function ask(names: readonly string[], way: Way): Promise<Live | undefined> {
      const [first = ""] = names;
      if (way === "entries") {
        for (const entry of entriesToRemove(first)) await endpoints.removeEntry(known.id, entry);
        return endpoints.get(known.id);
      }
      const asked = Object.fromEntries(names.map((name) => [name, wants[name] ?? {}]));
      if (!fields[first]?.endpoint) return endpoints.update(observed, asked, way);
      // All flags are sent that are known, as they are now and not as a state remembers them.
      const now = isShown(first) || fields[first]?.rule.type !== "flags" ? observed : await endpoints.get(known.id);
      return now && endpoints.updateField(now, first, wants[first] ?? {});
    }

    for (let open = unmet(); open.length > 0; open = unmet()) {
      const first = open.find((name) => nextWay(name) !== undefined);
      if (first === undefined) {
        if (observed === known && mayHaveActed(refusal)) throw refusal;
        // Where nothing was accepted, the server's own words say why.
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
        // Refused together, fields are asked for again one by one: only one of them may be to blame.
        if (together.length > 1) continue;
      }
      if (answer === undefined && refusal === undefined) {
        // What was made a moment ago may not be found yet, and then nothing was done.
        if (++vanishings > mostVanishings || (await asWritten(wants, answer, observed, together)) === undefined) {
          throw vanished(definition, known.id);
        }
        continue;
      }
      for (const name of together) tried.set(name, (tried.get(name) ?? new Set()).add(way));
      if (answer === undefined) continue;
      answer = (await asWritten(wants, answer, observed, together)) ?? answer;
      const left = unmetFields(definition, wants, answer);
      for (const name of removed) if (!left.includes(name) && way !== "entries") working.set(name, way);
      observed = answer;
      see(observed);
    }
    return observed;

    function unmet(): string[] {
      return byRequest(unmetFields(definition, wants, observed));
    }

    /** What to ask for with `first`: all that has not been asked for yet, and after a refusal what removes nothing. */
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
      const paths = open.flatMap((name) => unmetPaths(fields[name], name, wants[name] ?? {}, now[name]));
      return uncleared.length > 0
        ? `${start} did not clear ${uncleared.join(" and ")}. ${refused === undefined ? "" : `${refused} `}` +
            `Declare the value that it has, or ${otherWay}.`
        : `${start} has another value for ${paths.join(" and ")}. ` +
            "Declare the value as Scalekit keeps it, which `pulumi refresh` shows.";
    }
  };

  /** Fields that have an endpoint of their own come last, for an environment that refuses a feature to have all the rest. */
  function byRequest(names: readonly string[]): string[] {
    const isLast = (name: string) => fields[name]?.endpoint !== undefined;
    return [...names.filter((name) => !isLast(name)), ...names.filter(isLast)];
  }

  /** What a write has come to, by `answer` or by a later look, where that is behind the write or what it was written to. */
  async function asWritten(wants: Wants, answer: Live | undefined, before: Live, wanted: readonly string[]) {
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

/** How often what was there a moment ago may be gone. */
const mostVanishings = 3;

/** A server that does not speak a dialect refuses it as invalid; every other failure would meet the next dialect too. */
const isRefusal = (error: unknown): boolean => isApiError(error) && [400, 409, 422, 501].includes(error.status);

export const vanished = (definition: Definition, id: string): ScalekitError =>
  new ScalekitError(
    `${upper(subjectOf(definition, id))} no longer exists at Scalekit. Run \`pulumi refresh\` to see it go, then \`pulumi up\` to create it again.`,
  );
