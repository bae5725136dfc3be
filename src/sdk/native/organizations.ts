import type * as pulumi from "@pulumi/pulumi";
import type { GetOrganizationResult } from "../generated/organization.ts";
import { nativeLookUpsOf } from "../lookups/native-look-ups.ts";
import type { GetOrganizationsArgs, GetOrganizationsOutputArgs } from "../selection/organizations.ts";

export type { GetOrganizationsArgs, GetOrganizationsOutputArgs } from "../selection/organizations.ts";

const lookUps = nativeLookUpsOf<GetOrganizationResult>("Organization");

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
export const getOrganizations = (
  args: GetOrganizationsArgs = {},
  opts?: pulumi.InvokeOptions,
): Promise<GetOrganizationResult[]> => lookUps.list(args, opts);

/** {@link getOrganizations} for values that may not be known yet. What is selected by a secret is a secret. */
export const getOrganizationsOutput = (
  args: GetOrganizationsOutputArgs = {},
  opts?: pulumi.InvokeOptions,
): pulumi.Output<GetOrganizationResult[]> => lookUps.listOutput(args, opts);
