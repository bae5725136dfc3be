import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError, ScalekitError } from "../errors.ts";
import { currentRun, told } from "./run.ts";
import { isSelected, readAll } from "./selection.ts";

/** An organization by Scalekit's id, or by your application's. Exactly one of the two. */
export type GetOrganizationArgs =
  | {
      /** Scalekit's id, `org_…`. */
      readonly id: string;
      readonly externalId?: undefined;
    }
  | {
      /** Your application's own identifier for this customer. */
      readonly externalId: string;
      readonly id?: undefined;
    };

/** The same, with values that may not be known yet. */
export type GetOrganizationOutputArgs =
  | {
      /** Scalekit's id, `org_…`. */
      readonly id: pulumi.Input<string>;
      readonly externalId?: undefined;
    }
  | {
      /** Your application's own identifier for this customer. */
      readonly externalId: pulumi.Input<string>;
      readonly id?: undefined;
    };

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

/** What Scalekit has of an organization now. What is absent is unset there. */
export interface GetOrganizationResult {
  /** Scalekit's id, `org_…`. */
  readonly id: string;
  /** The name people see. */
  readonly displayName: string;
  /** Your application's own identifier for this customer. */
  readonly externalId?: string | undefined;
  /** All of its metadata, whoever set it. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Where Scalekit keeps the organization, such as `US`. */
  readonly regionCode?: string | undefined;
  /** When Scalekit created it, as RFC 3339. */
  readonly createTime?: string | undefined;
  /** When it was last changed, as RFC 3339. */
  readonly updateTime?: string | undefined;
  /** The name in redirect URIs. */
  readonly slug?: string | undefined;
  /** The address of the logo. */
  readonly logoUrl?: string | undefined;
  /** Whether each feature is on, such as `{ sso: true }`. Absent when Scalekit names none. */
  readonly features?: Readonly<Record<string, boolean>> | undefined;
}

/**
 * Reads an organization that exists, whoever manages it, in a preview too. Fails if there is none.
 *
 * A run asks Scalekit once for it, however often the program does.
 *
 * @example
 * ```ts
 * const megasoft = await getOrganization({ externalId: "CUST-12345-MGSFT" });
 * megasoft.displayName; // "Megasoft Inc"
 * ```
 */
export const getOrganization = (args: GetOrganizationArgs): Promise<GetOrganizationResult> =>
  told(async () => {
    const [by, value] = onlyOne(args);
    const { answers, client, environmentUrl } = currentRun();
    const found = await answers.once(`${by}:${value}`, async () =>
      by === "id" ? (await client).get(value) : (await client).getByExternalId(value),
    );
    if (found === undefined) throw absent(by, value, environmentUrl);
    return found;
  });

/** {@link getOrganization} for values that may not be known yet. What is looked up by a secret is a secret. */
export const getOrganizationOutput = (args: GetOrganizationOutputArgs): pulumi.Output<GetOrganizationResult> =>
  pulumi.output(args).apply((known) => getOrganization(known as GetOrganizationArgs));

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
  told(async () => {
    const { answers, client } = currentRun();
    const all = await answers.once("all", async () => readAll(await client));
    return all.filter((organization) => isSelected(organization, args));
  });

/** {@link getOrganizations} for values that may not be known yet. What is selected by a secret is a secret. */
export const getOrganizationsOutput = (args: GetOrganizationsOutputArgs = {}): pulumi.Output<GetOrganizationResult[]> =>
  pulumi.output(args).apply(getOrganizations) as pulumi.Output<GetOrganizationResult[]>;

function onlyOne(args: GetOrganizationArgs): ["id" | "externalId", string] {
  const given = (["id", "externalId"] as const).filter((name) => args[name] !== undefined);
  const [by] = given;
  if (by === undefined || given.length > 1) {
    throw new ConfigurationError(
      `getOrganization takes an id or an externalId, and it was given ${given.length > 1 ? "both" : "neither"}.`,
    );
  }
  const value: unknown = args[by];
  if (typeof value !== "string" || value === "") {
    throw new ConfigurationError(`getOrganization needs ${by} to be a string of at least one character.`);
  }
  return [by, value];
}

/** An external ID may be a secret, so the message does not hold it. An id is Scalekit's own. */
const absent = (by: "id" | "externalId", value: string, environmentUrl: string): ScalekitError =>
  new ScalekitError(
    `There is no organization with ${by === "id" ? `the id ${value}` : "the external ID that getOrganization was given"} ` +
      `in the Scalekit environment at ${environmentUrl}. Check the ${by}, and that scalekit:environmentUrl names the ` +
      "environment that has the organization. If this program is to make it, declare it with `new Organization`.",
  );
