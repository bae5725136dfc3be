import type * as pulumi from "@pulumi/pulumi";
import { nativeTypeOf, typeOf } from "../../definitions/tokens.ts";
import { nativePropertiesOf } from "../native-properties.ts";
import type { OrganizationSetArgs } from "../set/args.ts";
import { BaseSet } from "../set/base-set.ts";

export type { OrganizationSetArgs, SetTenant } from "../set/args.ts";

/**
 * Many organizations in one resource, for tens of thousands of customers.
 *
 * The engine's time and memory grow with the number of resources, so a set costs it as little as one organization does. Each tenant
 * is recognized by its external ID. A preview shows the lines that change, and counts what will be created, updated and deleted.
 *
 * @example
 * ```ts
 * const customers = new OrganizationSet("customers", { file: "tenants.csv" });
 * export const megasoftId = customers.idOf("CUST-12345-MGSFT"); // org_…
 * ```
 */
export class OrganizationSet extends BaseSet {
  /** The type in URNs and state. */
  static readonly __pulumiType = nativeTypeOf("OrganizationSet");

  /**
   * Declares the organizations of all tenants.
   *
   * @param name the resource's name in the stack
   * @param args the tenants, and what all of them share
   * @param opts Pulumi's own options; they hold for the whole set
   */
  constructor(name: string, args: OrganizationSetArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(OrganizationSet.__pulumiType, name, args, opts, {
      other: typeOf("OrganizationSet"),
      propertiesOf: nativePropertiesOf,
    });
  }
}
