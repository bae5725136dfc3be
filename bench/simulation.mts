import { at, type Curve } from "./curve.mts";

/** What an environment of many stacks costs, on paper. */

export interface World {
  readonly organizations: number;
  /** In each stack. */
  readonly perStack: number;
  /** What Scalekit allows the environment; all runners together. */
  readonly requestsPerMinute: number;
  /** How many machines run Pulumi at the same time. */
  readonly runners: number;
}

/** What a stack's operations take the engine, measured where the API answers at once. */
export interface Costs {
  readonly up: Curve;
  readonly update: Curve;
  readonly refresh: Curve;
}

/** How many requests a provider needs; tokens count, since who knows what a rate limit counts. */
export interface Manners {
  create(organizations: number): number;
  update(organizations: number): number;
  /** For a refresh of some organizations, in an environment of so many. */
  read(organizations: number, environment: number): number;
}

export const ours: Manners = {
  create: (organizations) => organizations + 1,
  update: (organizations) => organizations + 1,
  read: (organizations, environment) => Math.min(organizations, pages(environment)) + 1,
};

/** A token for each request. */
export const naive: Manners = {
  create: (organizations) => 2 * organizations,
  update: (organizations) => 2 * organizations,
  read: (organizations) => 2 * organizations,
};

/** The list has a hundred on a page, and a page at least. */
export const pages = (organizations: number): number => Math.max(1, Math.ceil(organizations / 100));

export interface Outcome {
  readonly requests: number;
  /** Until all runners are done. */
  readonly hours: number;
  /** What took the longest. */
  readonly bound: "requests" | "engine";
}

/** Everything made, from nothing. */
export const load = (world: World, costs: Costs, manners: Manners): Outcome =>
  outcome(
    world,
    sumOverStacks(world, (size) => manners.create(size)),
    sumOverStacks(world, (size) => at(costs.up, size)),
  );

/** One organization in a hundred changed, in whichever stack; so each stack has a run. */
export const change = (world: World, costs: Costs, manners: Manners): Outcome =>
  outcome(
    world,
    sumOverStacks(world, (size) => manners.update(Math.ceil(size / 100))),
    sumOverStacks(world, (size) => at(costs.update, size)),
  );

/** A refresh of each stack. */
export const refresh = (world: World, costs: Costs, manners: Manners): Outcome =>
  outcome(
    world,
    sumOverStacks(world, (size) => manners.read(size, world.organizations)),
    sumOverStacks(world, (size) => at(costs.refresh, size)),
  );

/** One list of the whole environment, compared with the states of all stacks: `pulumi-scalekit drift`. */
export const compare = (world: World): Outcome => outcome({ ...world, runners: 1 }, pages(world.organizations) + 1, 0);

/** The requests of all runners share one limit; what the engine does is divided among them. */
function outcome({ requestsPerMinute, runners }: World, requests: number, engineSeconds: number): Outcome {
  const [byRequests, byEngine] = [requests / requestsPerMinute / 60, engineSeconds / runners / 3600];
  return byRequests >= byEngine
    ? { requests, hours: byRequests, bound: "requests" }
    : { requests, hours: byEngine, bound: "engine" };
}

/** The last stack may be smaller. */
function sumOverStacks({ organizations, perStack }: World, of: (size: number) => number): number {
  const rest = organizations % perStack;
  return Math.floor(organizations / perStack) * of(perStack) + (rest > 0 ? of(rest) : 0);
}
