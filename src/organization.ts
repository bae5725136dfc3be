import * as pulumi from "@pulumi/pulumi";
import { readDeletionProtection } from "./config.ts";
import { originOf, problemWithOptions } from "./origin.ts";
import { look, newGuarantee } from "./owed.ts";
import { demandNoPlainSecrets } from "./program-settings.ts";
import { organizationType, providerText } from "./resource.ts";
import { noteOnceSaved } from "./saved.ts";
import { lostKeyIn } from "./schema.ts";
import { onlyUserFrames } from "./user-frames.ts";

/** What a program declares of an organization. Left out = left alone; taken out of the program = cleared at Scalekit. */
export interface OrganizationArgs {
  /** The name people see. 1 to 200 characters. */
  displayName: pulumi.Input<string>;
  /** Your application's own identifier for this customer. 1 to 255 characters, unique in a Scalekit environment. */
  externalId?: pulumi.Input<string> | undefined;
  /** Up to 10 pairs; keys of 3 to 25 characters, values of 1 to 256. What is declared is all there is to be. */
  metadata?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /**
   * The name in redirect URIs, where it takes the place of `{{slug}}`. 1 to 253 characters, as in a host name: lower-case
   * letters, digits, hyphens and dots. Unique in a Scalekit environment.
   */
  slug?: pulumi.Input<string> | undefined;
  /** The address of the logo that people see: an `https://` URL of at most 1024 characters. */
  logoUrl?: pulumi.Input<string> | undefined;
  /**
   * Which features the organization has, such as `{ sso: true }`. One that is not named is left alone; one that was named
   * and no longer is, is turned off.
   */
  features?: pulumi.Input<OrganizationFeatures> | undefined;
  /**
   * Whose the metadata is. `"all"`: what is declared is all there is to be, and any other key is drift. `"declared"`:
   * only the declared keys are this program's; other keys are left alone and not shown.
   *
   * @default "all"
   */
  metadataOwnership?: pulumi.Input<"all" | "declared"> | undefined;
  /**
   * Whether deleting the organization is refused, at preview (by Pulumi's `protect`, unless that option is given) and by
   * the provider itself. Deleting an organization deletes its connections and directories with it.
   *
   * @default `scalekit:deletionProtection` of the stack's configuration, or SCALEKIT_DELETION_PROTECTION, or true
   */
  deletionProtection?: pulumi.Input<boolean> | undefined;
  /**
   * Whether an organization that exists with exactly this external ID is taken over, and brought to what is declared,
   * where otherwise the create would fail. Needs `externalId`. Has no effect on an organization that this stack has.
   *
   * @default false
   */
  adopt?: pulumi.Input<boolean> | undefined;
}

/** What an organization's administrators can be given to set up by themselves. */
export interface OrganizationFeatures {
  /** Single sign-on. */
  sso?: pulumi.Input<boolean> | undefined;
  /** Users and groups from a directory (SCIM). */
  dirSync?: pulumi.Input<boolean> | undefined;
  domainVerification?: pulumi.Input<boolean> | undefined;
  /** A session policy of the organization's own. */
  sessionPolicy?: pulumi.Input<boolean> | undefined;
}

/**
 * A customer's organization in a Scalekit environment.
 *
 * Every argument is changed in place. Limits are checked at preview, and lengths count Unicode code points.
 *
 * @example
 * ```ts
 * const megasoft = new Organization("megasoft", {
 *   displayName: "Megasoft Inc",
 *   externalId: "CUST-12345-MGSFT",
 *   metadata: { tier: "gold" },
 * });
 * export const organizationId = megasoft.id; // org_…
 * ```
 */
export class Organization extends pulumi.CustomResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = organizationType;

  /** The name people see. */
  declare readonly displayName: pulumi.Output<string>;
  /** Your application's identifier for this customer, if one is set, by this program or otherwise. */
  declare readonly externalId: pulumi.Output<string | undefined>;
  /** The metadata, if any is set, by this program or otherwise. */
  declare readonly metadata: pulumi.Output<Record<string, string> | undefined>;
  /** Where Scalekit keeps the organization, such as `US`. */
  declare readonly regionCode: pulumi.Output<string | undefined>;
  /** When Scalekit created the organization, as RFC 3339. */
  declare readonly createTime: pulumi.Output<string | undefined>;
  /** When the organization was last changed, as of the last `up` or `refresh`, as RFC 3339. */
  declare readonly updateTime: pulumi.Output<string | undefined>;
  /** The name in redirect URIs, if one is set, by this program or otherwise. */
  declare readonly slug: pulumi.Output<string | undefined>;
  /** The address of the logo, if one is set, by this program or otherwise. */
  declare readonly logoUrl: pulumi.Output<string | undefined>;
  /** Which features are on and off, such as `{ sso: true, dirSync: false }`, if Scalekit names any. */
  declare readonly features: pulumi.Output<Record<string, boolean> | undefined>;

  /**
   * Declares an organization: `pulumi up` creates it, and from then on keeps it as declared.
   *
   * @param name the resource's name in the stack, unique there; renaming it needs an `aliases` option
   * @param args what the organization is to be
   * @param opts Pulumi's own options, such as `protect` and `retainOnDelete`
   */
  constructor(name: string, args: OrganizationArgs, opts?: pulumi.CustomResourceOptions) {
    demandNoPlainSecrets();
    const restore = onlyUserFrames();
    try {
      const asked = opts?.id === undefined ? declared(name, args, opts) : found(args, opts);
      super(Organization.__pulumiType, name, asked.properties, asked.options);
      if (asked.origin !== undefined) noteOnceSaved(this, undefined, asked.origin);
      if (asked.guarantee !== undefined) look(this);
    } finally {
      restore();
    }
  }

  /**
   * Reads an organization that exists and is not managed by this stack. It is never changed nor deleted from here.
   *
   * @param id Scalekit's id, `org_…`. The run fails if there is no such organization.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Organization {
    return new Organization(name, {} as OrganizationArgs, { ...opts, id });
  }

  /** Whether `value` is an Organization, also one of another copy of this package. */
  static override isInstance(value: unknown): value is Organization {
    return (
      pulumi.CustomResource.isInstance(value) &&
      (value as { __pulumiType?: unknown }).__pulumiType === Organization.__pulumiType
    );
  }
}

/** What the engine is asked for, of an organization that this stack is to have. */
function declared(name: string, args: OrganizationArgs, opts: pulumi.CustomResourceOptions | undefined) {
  const problem = unspeakable(args) ?? problemWithOptions(opts);
  if (problem !== undefined) throw new pulumi.RunError(`Organization ${name}: ${problem}.`);
  const deletionProtection = args.deletionProtection ?? (readDefault() ? undefined : false);
  // An Output cannot be waited for here, so it guards by the provider only. What is retained is not deleted anyway.
  const protect = (deletionProtection ?? true) === true && opts?.protect === undefined && !opts?.retainOnDelete;
  // Each property that is named costs the SDK memory and time, set or not.
  const guard = deletionProtection === undefined ? {} : { deletionProtection };
  const origin = originOf(organizationType, name, opts?.parent);
  const guarantee = origin && newGuarantee();
  const properties = {
    ...undecided,
    ...args,
    ...guard,
    ...(guarantee && { owed: undefined }),
    __provider: providerText,
    __origin: guarantee ? { ...origin, guarantee } : origin,
  };
  const options = { ...opts, ...(protect && { protect }), ...replacing(args, opts) };
  return { properties, options, origin, guarantee };
}

/**
 * Where a replacement is forced, the engine asks no provider in which order. What only one can have has to be free first: see
 * lifecycle/replacement.ts, which deletes the old organization once the new one is there.
 */
const replacing = ({ externalId, slug }: OrganizationArgs, opts: pulumi.CustomResourceOptions | undefined) =>
  (externalId ?? slug) !== undefined && opts?.deleteBeforeReplace === undefined ? { deleteBeforeReplace: true } : {};

/** The same of one that is only read. */
const found = (args: OrganizationArgs, options: pulumi.CustomResourceOptions) => ({
  properties: { ...undecided, ...args, __provider: providerText },
  options,
  origin: undefined,
  guarantee: undefined,
});

function readDefault(): boolean {
  try {
    return readDeletionProtection(stackConfig);
  } catch (error) {
    throw new pulumi.RunError((error as Error).message);
  }
}

/** What never reaches the provider, whose checks tell all the rest: the SDK loses it, or fails on it without naming it. */
function unspeakable(args: OrganizationArgs | undefined): string | undefined {
  if (typeof args !== "object" || args === null) return "its arguments must be an object with at least a displayName";
  // What an output holds is not known here.
  const visible = (value: unknown) => (pulumi.Output.isInstance(value) || value instanceof Promise ? {} : value);
  const metadata = visible(args.metadata) as object | undefined;
  for (const [name, value] of Object.entries({ metadata, features: visible(args.features) })) {
    const key = lostKeyIn(value);
    if (key !== undefined) return `${name} must not have the key "${key}", which a Pulumi program cannot hold`;
  }
  const { displayName, externalId, slug, logoUrl } = args;
  const texts = { displayName, externalId, slug, logoUrl, ...pairsOf(metadata) };
  const broken = Object.entries(texts).find(([path, text]) => !isWellFormed(text) || !isWellFormed(path));
  return broken && `${broken[0].toWellFormed()} must be valid Unicode; it holds half of a surrogate pair`;
}

const pairsOf = (metadata: object | undefined): Record<string, unknown> =>
  Object.fromEntries(Object.entries(metadata ?? {}).map(([key, value]) => [`metadata.${key}`, value]));

const isWellFormed = (text: unknown): boolean => typeof text !== "string" || text.isWellFormed();

const stackConfig = { get: (key: string) => new pulumi.Config("scalekit").get(key.replace("scalekit:", "")) };

/** Properties that only Scalekit decides have to be named, for their outputs to exist before it has. */
const undecided = {
  displayName: undefined,
  externalId: undefined,
  metadata: undefined,
  regionCode: undefined,
  createTime: undefined,
  updateTime: undefined,
  slug: undefined,
  logoUrl: undefined,
  features: undefined,
};
