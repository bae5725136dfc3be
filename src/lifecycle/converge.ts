import type { Client } from "../api/client.ts";
import { type Dialect, dialects } from "../api/wire.ts";
import { isApiError, ScalekitError } from "../errors.ts";
import { type Field, type Organization, type OrganizationPatch, sameMetadata } from "../schema.ts";

/** The organization is there, and it is not, and cannot be made, what the program declares. */
export class DivergenceError extends ScalekitError {
  /** The organization as it is now. */
  readonly observed: Organization;

  constructor(message: string, observed: Organization, cause?: unknown) {
    super(message, { cause });
    this.observed = observed;
  }
}

/** Brings an organization to a goal, and gives it as Scalekit then answered that it is. */
export type Converge = (goal: OrganizationPatch, observed: Organization) => Promise<Organization>;

/**
 * Each PATCH is answered with the whole organization, and success is what that answer shows, never a status alone.
 * Where a field is not what was asked for, the next dialect is tried: the API's documents leave open whether metadata is
 * merged or replaced, and how a field is cleared. The dialect that last cleared something is tried first from then on.
 */
export function converger(client: Pick<Client, "update">): Converge {
  let fluent: Dialect = "plain";

  return async function converge(goal, observed) {
    const { id } = observed;
    const said = new Set<Field>();
    const untried = new Set<Dialect>([fluent, ...dialects]);
    let refusal: unknown;
    for (let open = unmet(goal, observed); open.length > 0; open = unmet(goal, observed)) {
      const fresh = open.filter((field) => !said.has(field));
      const removes = open.some((field) => isRemoval(field, goal, observed));
      // What was never asked for is asked for plainly: the answer may show a field that someone else changed meanwhile.
      const [next] = untried;
      const dialect = fresh.length > 0 && !removes ? "plain" : next;
      if (dialect === undefined) throw diverged(open, goal, observed, refusal);
      if (dialect === next) untried.delete(dialect);
      for (const field of open) said.add(field);

      let answer: Organization | undefined;
      try {
        answer = await client.update(id, pick(goal, open), dialect, goners(goal, observed));
      } catch (error) {
        if (!removes || !isRefusal(error)) throw error;
        refusal ??= error;
        continue;
      }
      if (answer === undefined) throw vanished(id);
      if (removes && unmet(pick(goal, open), answer).length === 0) fluent = dialect;
      observed = answer;
    }
    return observed;
  };
}

/** The fields of `goal` that `observed` does not have as asked. */
function unmet(goal: OrganizationPatch, observed: Organization): Field[] {
  return (Object.keys(goal) as Field[]).filter((field) =>
    field === "metadata"
      ? !sameMetadata(goal.metadata ?? {}, observed.metadata)
      : (goal[field] ?? undefined) !== observed[field],
  );
}

const isRemoval = (field: Field, goal: OrganizationPatch, observed: Organization): boolean =>
  goal[field] === null || (field === "metadata" && (goners(goal, observed).length > 0 || isEmpty(goal.metadata)));

const isEmpty = (pairs: object | undefined): boolean => pairs !== undefined && Object.keys(pairs).length === 0;

/** The metadata keys that are there and have to go. */
function goners(goal: OrganizationPatch, observed: Organization): string[] {
  const { metadata } = goal;
  return metadata ? Object.keys(observed.metadata).filter((key) => !Object.hasOwn(metadata, key)) : [];
}

const pick = (goal: OrganizationPatch, wanted: readonly Field[]): OrganizationPatch =>
  Object.fromEntries(wanted.map((field) => [field, goal[field]]));

/** A server that does not speak a dialect refuses it as invalid; every other failure would meet the next dialect too. */
const isRefusal = (error: unknown): boolean => isApiError(error) && [400, 409, 422, 501].includes(error.status);

function diverged(open: readonly Field[], goal: OrganizationPatch, observed: Organization, cause: unknown): Error {
  if (cause !== undefined) return cause as Error;
  const cleared = open.filter((field) => isRemoval(field, goal, observed));
  return new DivergenceError(
    `Organization ${observed.id} is not what the program declares: Scalekit answered with success and ` +
      `${cleared.length > 0 ? `did not clear ${names(cleared)}` : `has another value for ${names(open)}`}. ` +
      (cleared.length > 0
        ? "Declare the value that it has, or clear it in Scalekit's dashboard and run `pulumi refresh`."
        : "Declare the value as Scalekit keeps it, which `pulumi refresh` shows."),
    observed,
  );
}

const names = (list: readonly Field[]): string => list.join(" and ");

export const vanished = (id: string): ScalekitError =>
  new ScalekitError(
    `Organization ${id} no longer exists at Scalekit. Run \`pulumi refresh\` to see it go, then \`pulumi up\` to create it again.`,
  );
