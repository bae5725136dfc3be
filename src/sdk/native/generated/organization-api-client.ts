// Written by `npm run sdk` from the definition of OrganizationApiClient. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import type {
  GetOrganizationApiClientArgs,
  GetOrganizationApiClientOutputArgs,
  GetOrganizationApiClientResult,
  GetOrganizationApiClientsArgs,
  GetOrganizationApiClientsOutputArgs,
  OrganizationApiClientArgs,
} from "../../generated/organization-api-client.ts";
import { nativeLookUpsOf } from "../../lookups/native-look-ups.ts";
import { NativeResource } from "../../native-resource.ts";
import { isResourceOf } from "../../resource-class.ts";

export type {
  GetOrganizationApiClientArgs,
  GetOrganizationApiClientOutputArgs,
  GetOrganizationApiClientResult,
  GetOrganizationApiClientsArgs,
  GetOrganizationApiClientsOutputArgs,
  OrganizationApiClientArgs,
} from "../../generated/organization-api-client.ts";

/**
 * What a customer's own programs get tokens with. Its secret is an output that Pulumi keeps as a secret; another
 * `rotation` gives a new client with a new one.
 *
 * @example
 * ```ts
 * const robot = new OrganizationApiClient("robot", { organizationId: megasoft.id, name: "Robot", rotation: "2026-11" });
 * export const secret = robot.clientSecret;
 * ```
 */
export class OrganizationApiClient extends NativeResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "scalekit:index:OrganizationApiClient";

  /** Scalekit's id of the organization that the client acts for, `org_…`. */
  declare readonly organizationId: pulumi.Output<string>;
  /** The name people see. */
  declare readonly name: pulumi.Output<string>;
  /** What it is for, for people. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** The scopes that its tokens have. */
  declare readonly scopes: pulumi.Output<readonly string[] | undefined>;
  /** Whom its tokens are for. */
  declare readonly audience: pulumi.Output<readonly string[] | undefined>;
  /** Claims that its tokens have besides. */
  declare readonly customClaims: pulumi.Output<Readonly<Record<string, string>> | undefined>;
  /** Seconds that its tokens last. */
  declare readonly expiry: pulumi.Output<number | undefined>;
  /**
   * Any text, such as a month. With another one there is a new client, with a new id and a new secret, before the old
   * one goes.
   */
  declare readonly rotation: pulumi.Output<string | undefined>;
  /** The id that it asks for tokens with. */
  declare readonly clientId: pulumi.Output<string>;
  /** The secret that it asks for tokens with. Scalekit tells it once; Pulumi keeps it as a secret. */
  declare readonly clientSecret: pulumi.Output<string>;
  /** When Scalekit created it, as RFC 3339. */
  declare readonly createTime: pulumi.Output<string | undefined>;
  /** When it was last changed, as of the last `up` or `refresh`. */
  declare readonly updateTime: pulumi.Output<string | undefined>;

  /**
   * Declares an API client of an organization: `pulumi up` creates it, and from then on keeps it as declared.
   *
   * @param name the resource's name in the stack, unique there; renaming it needs an `aliases` option
   * @param args what is declared of it
   * @param opts Pulumi's own options, such as `protect` and `retainOnDelete`
   */
  constructor(name: string, args: OrganizationApiClientArgs, opts?: pulumi.CustomResourceOptions) {
    super(OrganizationApiClient.__pulumiType, name, args, opts);
  }

  /**
   * Reads one that exists and is not managed by this stack. It is never changed nor deleted from here.
   *
   * @param id what Pulumi calls it by, `org_…/CLIENT_ID`. The run fails if there is none.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): OrganizationApiClient {
    return new OrganizationApiClient(name, {} as OrganizationApiClientArgs, { ...opts, id });
  }

  /** Whether `value` is of this class, also of another copy of this package. */
  static override isInstance(value: unknown): value is OrganizationApiClient {
    return isResourceOf(OrganizationApiClient.__pulumiType, value);
  }
}

const lookUps = nativeLookUpsOf<GetOrganizationApiClientResult>("OrganizationApiClient");

/**
 * Reads an API client of an organization that exists, whoever manages it, in a preview too. Fails if there is none.
 *
 * A run asks Scalekit once for it, however often the program does.
 */
export const getOrganizationApiClient = (
  args: GetOrganizationApiClientArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetOrganizationApiClientResult> => lookUps.get(args, opts);

/** {@link getOrganizationApiClient} for values that may not be known yet. What is looked up by a secret is a secret. */
export const getOrganizationApiClientOutput = (
  args: GetOrganizationApiClientOutputArgs,
  opts?: pulumi.InvokeOptions,
): pulumi.Output<GetOrganizationApiClientResult> => lookUps.getOutput(args, opts);

/** Reads every API client of an organization, in a preview too; none is no error. */
export const getOrganizationApiClients = (
  args: GetOrganizationApiClientsArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetOrganizationApiClientResult[]> => lookUps.list(args, opts);

/** {@link getOrganizationApiClients} for a value that may not be known yet. */
export const getOrganizationApiClientsOutput = (
  args: GetOrganizationApiClientsOutputArgs,
  opts?: pulumi.InvokeOptions,
): pulumi.Output<GetOrganizationApiClientResult[]> => lookUps.listOutput(args, opts);
