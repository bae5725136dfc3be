// Written by `npm run sdk` from the definition of OrganizationConnection. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import type {
  GetOrganizationConnectionArgs,
  GetOrganizationConnectionOutputArgs,
  GetOrganizationConnectionResult,
  GetOrganizationConnectionsArgs,
  GetOrganizationConnectionsOutputArgs,
  OrganizationConnectionArgs,
} from "../../generated/organization-connection.ts";
import { nativeLookUpsOf } from "../../lookups/native-look-ups.ts";
import { NativeResource } from "../../native-resource.ts";
import { isResourceOf } from "../../resource-class.ts";

export type {
  GetOrganizationConnectionArgs,
  GetOrganizationConnectionOutputArgs,
  GetOrganizationConnectionResult,
  GetOrganizationConnectionsArgs,
  GetOrganizationConnectionsOutputArgs,
  OrganizationConnectionArgs,
} from "../../generated/organization-connection.ts";

/**
 * A single sign-on connection that an organization has, and whether its users can sign in by it. Public endpoints make
 * no connection: it is set up in Scalekit's dashboard, or by the organization's own admin in the admin portal.
 * Declaring it adopts it, which shows at preview. Taken out of the program it stays as it is, enabled or not.
 *
 * @example
 * ```ts
 * new OrganizationConnection("megasoft-okta", {
 *   organizationId: megasoft.id,
 *   connectionId: "conn_68315758685323697",
 *   enabled: true,
 * });
 * ```
 */
export class OrganizationConnection extends NativeResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "scalekit:index:OrganizationConnection";

  /** Scalekit's id of the organization that has the connection, `org_…`. */
  declare readonly organizationId: pulumi.Output<string>;
  /** Scalekit's id of the connection, `conn_…`. The dashboard shows it, and so does `getOrganizationConnections`. */
  declare readonly connectionId: pulumi.Output<string>;
  /** Whether users can sign in by it. */
  declare readonly enabled: pulumi.Output<boolean>;
  /** The identity provider, such as `OKTA`, `MICROSOFT_AD` or `CUSTOM`. */
  declare readonly provider: pulumi.Output<string | undefined>;
  /** The protocol, such as `SAML` or `OIDC`. */
  declare readonly type: pulumi.Output<string | undefined>;
  /** `DRAFT`, `IN_PROGRESS` or `COMPLETED`: how far its set-up is, as of the last `up` or `refresh`. */
  declare readonly status: pulumi.Output<string | undefined>;

  /**
   * Declares a connection of an organization: `pulumi up` adopts it, and from then on keeps it as declared.
   *
   * @param name the resource's name in the stack, unique there; renaming it needs an `aliases` option
   * @param args what is declared of it
   * @param opts Pulumi's own options, such as `protect` and `retainOnDelete`
   */
  constructor(name: string, args: OrganizationConnectionArgs, opts?: pulumi.CustomResourceOptions) {
    super(OrganizationConnection.__pulumiType, name, args, opts);
  }

  /**
   * Reads one that exists and is not managed by this stack. It is never changed nor deleted from here.
   *
   * @param id what Pulumi calls it by, `org_…/CONNECTION_ID`. The run fails if there is none.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): OrganizationConnection {
    return new OrganizationConnection(name, {} as OrganizationConnectionArgs, { ...opts, id });
  }

  /** Whether `value` is of this class, also of another copy of this package. */
  static override isInstance(value: unknown): value is OrganizationConnection {
    return isResourceOf(OrganizationConnection.__pulumiType, value);
  }
}

const lookUps = nativeLookUpsOf<GetOrganizationConnectionResult>("OrganizationConnection");

/**
 * Reads a connection of an organization that exists, whoever manages it, in a preview too. Fails if there is none.
 *
 * A run asks Scalekit once for it, however often the program does.
 */
export const getOrganizationConnection = (
  args: GetOrganizationConnectionArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetOrganizationConnectionResult> => lookUps.get(args, opts);

/**
 * {@link getOrganizationConnection} for values that may not be known yet. What is looked up by a secret is a secret.
 */
export const getOrganizationConnectionOutput = (
  args: GetOrganizationConnectionOutputArgs,
  opts?: pulumi.InvokeOptions,
): pulumi.Output<GetOrganizationConnectionResult> => lookUps.getOutput(args, opts);

/** Reads every connection of an organization, in a preview too; none is no error. */
export const getOrganizationConnections = (
  args: GetOrganizationConnectionsArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetOrganizationConnectionResult[]> => lookUps.list(args, opts);

/** {@link getOrganizationConnections} for a value that may not be known yet. */
export const getOrganizationConnectionsOutput = (
  args: GetOrganizationConnectionsOutputArgs,
  opts?: pulumi.InvokeOptions,
): pulumi.Output<GetOrganizationConnectionResult[]> => lookUps.listOutput(args, opts);
