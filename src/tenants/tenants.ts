import { organization } from "../definitions/organization.ts";
import { unknown } from "../definitions/want.ts";
import { ConfigurationError } from "../errors.ts";
import { type CheckFailure, checkArgs } from "../lifecycle/check.ts";
import { withoutUndefined } from "../lifecycle/state.ts";
import { readTenantsFile } from "./file.ts";
import type { Problem, Reading, Row } from "./reading.ts";

/** A list of tenants, as a fleet or a set is given it. */
export interface TenantList {
  /** What the list belongs to, as it follows "The": "fleet customers". */
  readonly of: string;
  readonly file?: unknown;
  readonly tenants?: unknown;
  /** What holds for every tenant. */
  readonly shared: Readonly<Record<string, unknown>>;
  /** The use of an external ID, as it follows "a plain string:". */
  readonly because: string;
  /** How a program holds values that come later. */
  readonly pending?: Pending;
  /** How large a file may be. */
  readonly megabytes: number;
  /** Arguments of a tenant that organizations have not. */
  readonly more?: readonly string[];
  /** Further problems, once the rows are read. */
  problemsOf?(rows: readonly Row[]): readonly string[];
}

/** Values that are not known yet when the list is read. */
export interface Pending {
  is(value: unknown): boolean;
  /** The value of `join`, once both are known. */
  together(one: unknown, other: unknown, join: (one: unknown, other: unknown) => unknown): unknown;
}

/**
 * The tenants of a list, each with what all of them share. Throws one error that lists everything that is wrong with any of them, so
 * that either all are declared or none is.
 */
export function tenantsIn(list: TenantList): Record<string, unknown>[] {
  const { of, file, shared, pending = nothingPending, more = [], problemsOf: ofList = () => [] } = list;
  const { rows, problems } = read(list);
  const place = placesIn(typeof file === "string" ? file : undefined);
  const ofShared = checkArgs(organization, {
    externalId: unknown,
    displayName: unknown,
    ...(visible(shared, pending) as object),
  }).map(withHint);
  const sound = ofShared.length === 0 ? shared : {};
  const ofTenants = [
    ...problems,
    ...rows.flatMap((row) => problemsOf(row, sound, list, pending, more)),
    ...duplicates(rows, place),
  ]
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
    .map(({ line, reason }) => `${place(line)}: ${reason}`);
  // A file with problems may have more tenants than were read.
  const all = [...ofShared, ...ofTenants, ...(problems.length > 0 ? [] : ofList(rows))];
  if (all.length > 0) throw invalidList(of, all);
  return rows.map(({ args }) => withShared(args as Record<string, unknown>, shared, pending));
}

const nothingPending: Pending = { is: () => false, together: (one, other, join) => join(one, other) };

function read({ of, file, tenants, megabytes, more = [] }: TenantList): Reading {
  const unread = (reason: string): Reading => ({ rows: [], problems: [{ reason }] });
  if ((file === undefined) === (tenants === undefined)) return unread("give either file or tenants, not both");
  if (typeof file === "string") return readTenantsFile(file, { megabytes, owner: of.split(" ")[0] ?? "", more });
  if (file !== undefined) return unread("file must be the path of a file");
  // Not even null counts as an empty list, which would delete every tenant.
  if (!Array.isArray(tenants)) return unread("tenants must be a list");
  return { rows: tenants.map((row, index) => ({ line: index, args: row as unknown })), problems: [] };
}

const placesIn = (file: string | undefined) => (line?: number) =>
  line === undefined ? (file ?? "the list") : file === undefined ? `tenants[${line}]` : `${file}:${line}`;

/** Each limit that a tenant breaks, as far as its values are known when the program runs. The preview checks the rest. */
function problemsOf(
  { line, args }: Row,
  shared: Readonly<Record<string, unknown>>,
  { because }: TenantList,
  pending: Pending,
  more: readonly string[],
): Problem[] {
  if (!isObject(args)) return [{ line, reason: "must be an object with externalId, displayName and perhaps metadata" }];
  const { externalId } = args;
  if (pending.is(externalId)) return [{ line, reason: `externalId must be a plain string: ${because}` }];
  const missing = externalId === undefined ? [`externalId is missing: ${because}`] : [];
  const own = Object.fromEntries(
    Object.entries(withShared(args, shared, pending)).filter(([name]) => !more.includes(name)),
  );
  const failures = checkArgs(organization, visible(own, pending) as Record<string, unknown>);
  return [...missing, ...failures.map(withHint)].map((reason) => ({ line, reason }));
}

/** A number or a boolean comes from a file where somebody left the quotes out. */
const withHint = ({ property, reason }: CheckFailure): string =>
  `${property} ${reason}${/a string, not a (number|boolean)$/.test(reason) ? ": put it in quotes" : ""}`;

/** No two organizations of an environment can have one external ID. */
function duplicates(rows: readonly Row[], place: (line: number) => string): Problem[] {
  const first = new Map<string, number>();
  return rows.flatMap(({ line, args }) => {
    const externalId = isObject(args) ? args["externalId"] : undefined;
    if (typeof externalId !== "string") return [];
    const before = first.get(externalId);
    if (before === undefined) first.set(externalId, line);
    return before === undefined ? [] : [{ line, reason: `externalId is the same as that of ${place(before)}` }];
  });
}

/**
 * If both have a value, the tenant's own wins, in metadata and features key by key. `undefined` counts as no value: the
 * SDK leaves it out of what it registers.
 */
function withShared(
  own: Readonly<Record<string, unknown>>,
  shared: Readonly<Record<string, unknown>>,
  pending: Pending,
): Record<string, unknown> {
  const both = (name: string): unknown => {
    if (shared[name] === undefined) return own[name];
    if (own[name] === undefined) return shared[name];
    return pending.together(shared[name], own[name], merged);
  };
  return { ...shared, ...withoutUndefined(own), metadata: both("metadata"), features: both("features") };
}

/** The checks report a value that is no object. */
const merged = (shared: unknown, own: unknown): unknown =>
  isObject(own) ? { ...(shared as object), ...withoutUndefined(own) } : own;

/** `value` for a check: what an output or a promise holds is not known yet. */
function visible(value: unknown, pending: Pending): unknown {
  if (pending.is(value)) return unknown;
  return isObject(value)
    ? Object.fromEntries(Object.entries(withoutUndefined(value)).map(([key, inner]) => [key, visible(inner, pending)]))
    : value;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function invalidList(of: string, problems: readonly string[]): ConfigurationError {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  const error = new ConfigurationError(
    `The ${of} has ${count}, and none of its organizations is declared:\n  ${problems.join("\n  ")}`,
  );
  // Pulumi's mark of an error that is shown without a stack trace, as its RunError is.
  return Object.assign(error, { __pulumiRunError: true });
}
