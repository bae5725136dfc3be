import * as pulumi from "@pulumi/pulumi";
import { organization } from "../../definitions/organization.ts";
import { unknown } from "../../definitions/want.ts";
import { ConfigurationError } from "../../errors.ts";
import { type CheckFailure, checkArgs } from "../../lifecycle/check.ts";
import type { OrganizationFleetArgs, SharedArgs, Tenant } from "./args.ts";
import { readTenantsFile } from "./file.ts";
import type { Problem, Reading, Row } from "./reading.ts";

/**
 * The tenants of a fleet, each with what all of them share. Throws one error that lists everything that is wrong with any
 * of them, so that either all are declared or none is.
 */
export function tenantsOf(fleet: string, args: OrganizationFleetArgs): Tenant[] {
  if (!isObject(args)) throw invalid(fleet, ["its arguments must be an object with file or tenants"]);
  const { file, tenants, aliases = {}, ...shared } = args;
  const { rows, problems } = read(file, tenants);
  const place = placesIn(file);
  const ofShared = checkArgs(organization, {
    externalId: unknown,
    displayName: unknown,
    ...(visible(shared) as SharedArgs),
  }).map(withHint);
  const sound = ofShared.length === 0 ? shared : {};
  const ofTenants = [...problems, ...rows.flatMap((row) => problemsOf(row, sound)), ...duplicates(rows, place)]
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
    .map(({ line, reason }) => `${place(line)}: ${reason}`);
  // A file with problems may have more tenants than were read.
  const stray = problems.length > 0 ? [] : strays(aliases, rows);
  const ofAliases = stray.map((externalId) => `aliases[${JSON.stringify(externalId)}] belongs to no tenant`);

  const all = [...ofShared, ...ofTenants, ...ofAliases];
  if (all.length > 0) throw invalid(fleet, all);
  return rows.map(({ args }) => withShared(args as Tenant, shared));
}

function read(file: unknown, tenants: unknown): Reading {
  const unread = (reason: string): Reading => ({ rows: [], problems: [{ reason }] });
  if ((file === undefined) === (tenants === undefined)) return unread("give either file or tenants, not both");
  if (typeof file === "string") return readTenantsFile(file);
  if (file !== undefined) return unread("file must be the path of a file");
  // Not even null counts as an empty list, which would delete every tenant.
  if (!Array.isArray(tenants)) return unread("tenants must be a list");
  return { rows: tenants.map((row, index) => ({ line: index, args: row as unknown })), problems: [] };
}

const placesIn = (file: string | undefined) => (line?: number) =>
  line === undefined ? (file ?? "the list") : file === undefined ? `tenants[${line}]` : `${file}:${line}`;

/** Each limit that a tenant breaks, as far as its values are known when the program runs. The preview checks the rest. */
function problemsOf({ line, args }: Row, shared: SharedArgs): Problem[] {
  if (!isObject(args)) return [{ line, reason: "must be an object with externalId, displayName and perhaps metadata" }];
  const { externalId } = args;
  if (isPending(externalId)) {
    return [{ line, reason: "externalId must be a plain string: the resource is named after it" }];
  }
  const missing = externalId === undefined ? ["externalId is missing: the resource is named after it"] : [];
  const failures = checkArgs(organization, visible(withShared(args, shared)) as Record<string, unknown>);
  return [...missing, ...failures.map(withHint)].map((reason) => ({ line, reason }));
}

/** A number or a boolean comes from a file where somebody left the quotes out. */
const withHint = ({ property, reason }: CheckFailure): string =>
  `${property} ${reason}${/a string, not a (number|boolean)$/.test(reason) ? ": put it in quotes" : ""}`;

/** Neither can two organizations of an environment have one external ID, nor two resources one name. */
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

/** A mistyped alias would leave the organization that it means without its resource. */
function strays(aliases: object, rows: readonly Row[]): string[] {
  const known = new Set(rows.map(({ args }) => isObject(args) && args["externalId"]));
  return Object.keys(aliases).filter((externalId) => !known.has(externalId));
}

/** Where both say something the tenant's own word stands, in metadata and features key by key. */
function withShared<T extends object>(own: T, shared: SharedArgs): T {
  const metadata = together(shared.metadata, (own as Partial<Tenant>).metadata);
  const features = together(shared.features, (own as Partial<Tenant>).features);
  return { ...shared, ...withoutUndefined(own), metadata, features } as T;
}

/** Without what is `undefined`, which the SDK leaves out of what it registers. */
const withoutUndefined = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));

function together<T>(
  shared: pulumi.Input<T> | undefined,
  own: pulumi.Input<T> | undefined,
): pulumi.Input<T> | undefined {
  if (shared === undefined) return own;
  if (own === undefined) return shared;
  if (isPending(shared) || isPending(own)) {
    return pulumi.all([shared, own]).apply(([a, b]) => merged(a, b)) as pulumi.Output<T>;
  }
  return merged(shared, own) as T;
}

/** What is no object is left for the checks to tell. */
const merged = (shared: unknown, own: unknown): unknown =>
  isObject(own) ? { ...(shared as object), ...withoutUndefined(own) } : own;

/** `value` for a check: what an output or a promise holds is not known yet. */
function visible(value: unknown): unknown {
  if (isPending(value)) return unknown;
  return isObject(value)
    ? Object.fromEntries(Object.entries(withoutUndefined(value)).map(([key, inner]) => [key, visible(inner)]))
    : value;
}

const isPending = (value: unknown): boolean => pulumi.Output.isInstance(value) || value instanceof Promise;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function invalid(fleet: string, problems: readonly string[]): ConfigurationError {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  const error = new ConfigurationError(
    `The fleet ${fleet} has ${count}, and none of its organizations is declared:\n  ${problems.join("\n  ")}`,
  );
  // Pulumi's mark of an error that is shown without a stack trace, as its RunError is.
  return Object.assign(error, { __pulumiRunError: true });
}
