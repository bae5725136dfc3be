import type { Definition } from "./definition.ts";
import { choice, type Field, flag, longText, required } from "./field.ts";
import { organization } from "./organization.ts";

/** A resource that holds many objects of a definition, of which each is managed as a resource of its own would be. */
export interface SetDefinition extends Pick<Definition, "name" | "noun" | "plural" | "needs" | "outputs"> {
  readonly fields: Readonly<Record<string, Field>>;
  readonly members: Definition;
}

/** What a resource of this package can be. */
export type ResourceType = Definition | SetDefinition;

export const isSet = (type: ResourceType): type is SetDefinition => "members" in type;

/**
 * Many organizations in one resource, for tens of thousands of customers.
 *
 * The engine's time and memory grow with the number of resources, so a set costs it as little as one organization does. Each tenant
 * is recognized by its external ID. A preview shows the lines that change, and counts what will be created, updated and deleted.
 *
 * @example
 * ```ts
 * const customers = new OrganizationSet("customers", { file: "tenants.csv" });
 * export const organizationIds = customers.idList; // CUST-1,org_…
 * ```
 */
export const organizationSet: SetDefinition = {
  name: "OrganizationSet",
  noun: "set of organizations",
  plural: "organization-sets",
  needs: organization.needs,
  members: organization,
  fields: {
    /**
     * One line for each tenant, sorted by external ID: the external ID, the display name, and its other arguments as
     * `metadata.tier=gold`.
     */
    tenants: required(longText()),
    /**
     * Whether an organization that exists with the external ID of a tenant is taken over.
     *
     * @default false
     */
    adopt: flag({ fallback: false, providerOnly: true }),
    /**
     * Whose the metadata of the organizations is, `"all"` or only the `"declared"` keys. A tenant's own argument wins.
     *
     * @default "all"
     */
    metadataOwnership: choice({ of: ["all", "declared"], fallback: "all", providerOnly: true }),
    /**
     * Whether the provider refuses to delete the organizations. A tenant's own argument wins.
     *
     * @default `scalekit:deletionProtection` of the stack's configuration, or SCALEKIT_DELETION_PROTECTION, or true
     */
    deletionProtection: flag({ fallback: true, providerOnly: true }),
  },
  outputs: {
    /** One line for each organization, sorted by external ID: its external ID and its id. */
    idList: { type: "text" },
    /** How many organizations the set holds. */
    count: { type: "number" },
  },
};
