// Written by `npm run sdk` from the definition of OrganizationApiClient. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import { definitions } from "../../definitions/index.ts";
import { lookUpsOf } from "../lookups/look-ups.ts";
import { isResourceOf, ScalekitResource } from "../resource-class.ts";

/**
 * What a program declares of an API client of an organization. Left out = left alone; taken out of the program =
 * cleared at Scalekit.
 */
export interface OrganizationApiClientArgs {
  /**
   * Scalekit's id of the organization that the client acts for, `org_…`. 1 to 32 characters: the id of an organization,
   * which looks like org_59615193906282635. A change replaces the resource.
   */
  organizationId: pulumi.Input<string>;
  /** The name people see. 1 to 128 characters. */
  name: pulumi.Input<string>;
  /** What it is for, for people. At most 512 characters. */
  description?: pulumi.Input<string> | undefined;
  /** The scopes that its tokens have. Each 1 to 256 characters. */
  scopes?: pulumi.Input<readonly pulumi.Input<string>[]> | undefined;
  /** Whom its tokens are for. Each 1 to 1024 characters. */
  audience?: pulumi.Input<readonly pulumi.Input<string>[]> | undefined;
  /** Claims that its tokens have besides. Keys of 1 to 128 characters, values of at most 1024 characters. */
  customClaims?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>> | undefined;
  /**
   * Seconds that its tokens last. Whole number, 1 to 2147483647.
   *
   * @default 3600, which Scalekit sets
   */
  expiry?: pulumi.Input<number> | undefined;
  /**
   * Any text, such as a month. With another one there is a new client, with a new id and a new secret, before the old
   * one goes. 1 to 256 characters. A change replaces the resource.
   */
  rotation?: pulumi.Input<string> | undefined;
  /**
   * Whether the provider refuses to delete it, also where a change would replace it. In TypeScript the class sets
   * Pulumi's `protect` too, unless that option is given, so that a preview refuses it already.
   *
   * @default false
   */
  deletionProtection?: pulumi.Input<boolean> | undefined;
}

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
export class OrganizationApiClient extends ScalekitResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/scalekit:OrganizationApiClient";

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

/** Which one: by the `id` that Pulumi has for it, or by `organizationId` and `clientId`. Exactly one of the two. */
export type GetOrganizationApiClientArgs =
  | {
      /** What Pulumi calls it by, `org_…/CLIENT_ID`. */
      readonly id: string;
      readonly organizationId?: undefined;
      readonly clientId?: undefined;
    }
  | {
      /** Scalekit's id of the organization that the client acts for, `org_…`. */
      readonly organizationId: string;
      /** The id that it asks for tokens with. */
      readonly clientId: string;
      readonly id?: undefined;
    };

/** The same, with values that may not be known yet. */
export type GetOrganizationApiClientOutputArgs =
  | {
      /** What Pulumi calls it by, `org_…/CLIENT_ID`. */
      readonly id: pulumi.Input<string>;
      readonly organizationId?: undefined;
      readonly clientId?: undefined;
    }
  | {
      /** Scalekit's id of the organization that the client acts for, `org_…`. */
      readonly organizationId: pulumi.Input<string>;
      /** The id that it asks for tokens with. */
      readonly clientId: pulumi.Input<string>;
      readonly id?: undefined;
    };

/**
 * What Scalekit has of an API client of an organization now. Its `clientSecret` is not among it: Scalekit tells that
 * once, at the create.
 */
export interface GetOrganizationApiClientResult {
  /** What Pulumi calls it by, `org_…/CLIENT_ID`. */
  readonly id: string;
  /** Scalekit's id of the organization that the client acts for, `org_…`. */
  readonly organizationId: string;
  /** The name people see. */
  readonly name: string;
  /** What it is for, for people. */
  readonly description?: string | undefined;
  /** The scopes that its tokens have. */
  readonly scopes?: readonly string[] | undefined;
  /** Whom its tokens are for. */
  readonly audience?: readonly string[] | undefined;
  /** Claims that its tokens have besides. */
  readonly customClaims?: Readonly<Record<string, string>> | undefined;
  /** Seconds that its tokens last. */
  readonly expiry?: number | undefined;
  /** The id that it asks for tokens with. */
  readonly clientId: string;
  /** When Scalekit created it, as RFC 3339. */
  readonly createTime?: string | undefined;
  /** When it was last changed, as of the last `up` or `refresh`. */
  readonly updateTime?: string | undefined;
}

const lookUps = lookUpsOf<GetOrganizationApiClientResult>(definitions.OrganizationApiClient);

/**
 * Reads an API client of an organization that exists, whoever manages it, in a preview too. Fails if there is none.
 *
 * A run asks Scalekit once for it, however often the program does.
 */
export const getOrganizationApiClient = (args: GetOrganizationApiClientArgs): Promise<GetOrganizationApiClientResult> =>
  lookUps.get(args);

/** {@link getOrganizationApiClient} for values that may not be known yet. What is looked up by a secret is a secret. */
export const getOrganizationApiClientOutput = (
  args: GetOrganizationApiClientOutputArgs,
): pulumi.Output<GetOrganizationApiClientResult> => lookUps.getOutput(args);

/** Whose. */
export interface GetOrganizationApiClientsArgs {
  /** Scalekit's id of the organization that the client acts for, `org_…`. */
  readonly organizationId: string;
}

/** The same, with a value that may not be known yet. */
export interface GetOrganizationApiClientsOutputArgs {
  /** Scalekit's id of the organization that the client acts for, `org_…`. */
  readonly organizationId: pulumi.Input<string>;
}

/** Reads every API client of an organization, in a preview too; none is no error. */
export const getOrganizationApiClients = (
  args: GetOrganizationApiClientsArgs,
): Promise<GetOrganizationApiClientResult[]> => lookUps.list(args);

/** {@link getOrganizationApiClients} for a value that may not be known yet. */
export const getOrganizationApiClientsOutput = (
  args: GetOrganizationApiClientsOutputArgs,
): pulumi.Output<GetOrganizationApiClientResult[]> => lookUps.listOutput(args);
