import * as pulumi from "@pulumi/pulumi";
import { selected } from "../../provider/selection.ts";
import type { GetOrganizationResult } from "../generated/organization.ts";
import { asRunError, currentRun } from "../lookups/run.ts";

/** Which organizations: those that meet all that is given, and every one where nothing is. */
export interface GetOrganizationsArgs {
  /** Only those whose external ID begins so, in the same case. */
  readonly externalIdPrefix?: string | undefined;
  /** Only those that have each of these pairs. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** The same, with values that may not be known yet. */
export interface GetOrganizationsOutputArgs {
  /** Only those whose external ID begins so, in the same case. */
  readonly externalIdPrefix?: pulumi.Input<string> | undefined;
  /** Only those that have each of these pairs. */
  readonly metadata?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
}

/**
 * Reads every organization of the environment that meets all of `args`, the oldest first; none is no error.
 *
 * The API cannot filter, so the first call of a run reads all of them, a hundred at a time, and later ones none.
 *
 * @example
 * ```ts
 * const gold = await getOrganizations({ externalIdPrefix: "CUST-", metadata: { tier: "gold" } });
 * ```
 */
export const getOrganizations = (args: GetOrganizationsArgs = {}): Promise<GetOrganizationResult[]> =>
  asRunError(async () => (await selected(currentRun, args)) as unknown as GetOrganizationResult[]);

/** {@link getOrganizations} for values that may not be known yet. What is selected by a secret is a secret. */
export const getOrganizationsOutput = (args: GetOrganizationsOutputArgs = {}): pulumi.Output<GetOrganizationResult[]> =>
  pulumi.output(args).apply(getOrganizations) as pulumi.Output<GetOrganizationResult[]>;
