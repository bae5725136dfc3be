import * as pulumi from "@pulumi/pulumi";
import { noteProtection } from "../provider-defaults.ts";

/** The settings of one provider. What is left out is taken from the environment variables of the same meaning. */
export interface ProviderArgs {
  /** The Scalekit environment, as https://YOUR-ENVIRONMENT.scalekit.com; or SCALEKIT_ENVIRONMENT_URL. */
  environmentUrl?: pulumi.Input<string> | undefined;
  /** The API client's id; or SCALEKIT_CLIENT_ID. */
  clientId?: pulumi.Input<string> | undefined;
  /** The API client's secret; or SCALEKIT_CLIENT_SECRET. Pulumi keeps it encrypted. */
  clientSecret?: pulumi.Input<string> | undefined;
  /** How many requests a minute may leave; or SCALEKIT_MAX_REQUESTS_PER_MINUTE. */
  maxRequestsPerMinute?: pulumi.Input<number> | undefined;
  /** How many requests may be under way at once; or SCALEKIT_MAX_CONCURRENT_REQUESTS. */
  maxConcurrentRequests?: pulumi.Input<number> | undefined;
  /** After how many seconds an operation is given up, its retries included; or SCALEKIT_OPERATION_TIMEOUT. */
  operationTimeout?: pulumi.Input<number> | undefined;
  /**
   * Test servers that may be called over http://, such as `emulator:8080`, with commas between them; or SCALEKIT_INSECURE_HOSTS. To
   * all other hosts but this machine, credentials are sent by https:// alone.
   */
  insecureHosts?: pulumi.Input<string> | undefined;
  /**
   * Whether organizations are protected from deletion where a program does not say; or SCALEKIT_DELETION_PROTECTION.
   *
   * @default true
   */
  deletionProtection?: pulumi.Input<boolean> | undefined;
  /**
   * Whether a preview says which external IDs and names of new resources are taken; or SCALEKIT_PREVIEW_CONFLICTS. It costs at most
   * 50 requests for each kind of resource.
   *
   * @default true
   */
  previewConflicts?: pulumi.Input<boolean> | undefined;
  /** The host that the environment had before it moved; or SCALEKIT_FORMER_HOST. */
  formerHost?: pulumi.Input<string> | undefined;
}

/**
 * One Scalekit environment. A program that works on several has one of these for each.
 *
 * @example
 * ```ts
 * const staging = new Provider("staging", { environmentUrl: "https://acme-staging.scalekit.com", clientId, clientSecret });
 * new Organization("megasoft", { displayName: "Megasoft Inc" }, { provider: staging });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  /** The type in URNs and state. */
  static readonly __pulumiType = "scalekit";

  constructor(name: string, args: ProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    const { clientSecret, ...settings } = args;
    // A provider's settings are texts.
    const texts = Object.entries(settings).map(([setting, value]) => [setting, asText(value)]);
    const secret = clientSecret === undefined ? {} : { clientSecret: pulumi.secret(clientSecret) };
    super(Provider.__pulumiType, name, { ...Object.fromEntries(texts), ...secret }, opts);
    noteProtection(this, args.deletionProtection);
  }
}

const asText = (setting: pulumi.Input<string | number | boolean | undefined>) =>
  pulumi
    .output(setting)
    .apply((known) => (known === undefined || typeof known === "string" ? known : JSON.stringify(known)));
