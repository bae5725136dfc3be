import type { EnforcementLevel, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

/** How each rule is enforced, by its name in code, and with what. */
export interface RuleOptions {
  /** Every organization has an external ID. */
  readonly externalIdRequired?: Enforced;
  /** External IDs have no invisible characters and follow the company's format. */
  readonly externalIdPattern?: Enforced<ExternalIdPatternOptions>;
  /** No two organizations of a stack have the same external ID. */
  readonly externalIdsUnique?: Enforced;
  /** No two resources of a stack have the same unique key, such as the name of a role. */
  readonly keysUnique?: Enforced;
  /** Organizations have the metadata that the company asks for. */
  readonly metadataKeysRequired?: Enforced<MetadataKeysRequiredOptions>;
  /** Organizations have no metadata key that is forbidden or reserved for other stacks. */
  readonly metadataKeysForbidden?: Enforced<MetadataKeysForbiddenOptions>;
  /** Display names are tidy and follow the company's conventions. */
  readonly displayNameConventions?: Enforced<DisplayNameOptions>;
  /** No argument looks like a password, a key or a token. */
  readonly noSecrets?: Enforced<SensitiveOptions>;
  /** No argument looks like personal data. */
  readonly noPersonalData?: Enforced<SensitiveOptions>;
  /** All arguments keep to the limits of Scalekit's API. */
  readonly apiLimits?: Enforced;
  /** Production organizations are protected from deletion. */
  readonly productionProtected?: Enforced<ProductionOptions>;
  /** Only approved stacks take over organizations that exist already. */
  readonly adoptWhereApproved?: Enforced<AdoptionOptions>;
}

/** A level by itself, or with options. */
export type Enforced<Options = unknown> =
  | EnforcementLevel
  | (Options & {
      /** @default the rule's own, or that of `all` */
      readonly enforcementLevel?: EnforcementLevel;
    });

export interface ExternalIdPatternOptions {
  /** What an external ID has to match: a regular expression. */
  readonly pattern?: string | undefined;
}

export interface MetadataKeysRequiredOptions {
  /** The keys, each with the rule for its value. */
  readonly keys?: Readonly<Record<string, MetadataDemand>> | undefined;
}

/** What a required key's value has to be. */
export interface MetadataDemand {
  /** What the value has to match: a regular expression. */
  readonly pattern?: string | undefined;
  /** The values that it may have. */
  readonly allowed?: readonly string[] | undefined;
  /** What remediation sets where the key is missing. */
  readonly default?: string | undefined;
}

export interface MetadataKeysForbiddenOptions {
  /** The keys, in which `*` stands for any text. */
  readonly keys?: readonly string[] | undefined;
  /** The stacks that may still have them, as stack or project/stack. */
  readonly stacks?: readonly string[] | undefined;
}

export interface DisplayNameOptions {
  /** What a display name has to match: a regular expression. */
  readonly pattern?: string | undefined;
  /** Words that it must not contain, in any case. */
  readonly forbiddenWords?: readonly string[] | undefined;
}

export interface SensitiveOptions {
  /** What is not looked for, by the names in the documentation. */
  readonly except?: readonly string[] | undefined;
  /** Metadata keys to skip; `*` stands for any text. */
  readonly ignoreKeys?: readonly string[] | undefined;
}

export interface ProductionOptions {
  /** The stacks that are production, as stack or project/stack. */
  readonly stacks?: readonly string[] | undefined;
  /** Metadata that marks an organization as production in any stack; one match is enough. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Names of resources that may stay unprotected. */
  readonly except?: readonly string[] | undefined;
}

export interface AdoptionOptions {
  /** The stacks that may adopt, as stack or project/stack. */
  readonly stacks?: readonly string[] | undefined;
}

/** A rule about each organization: a policy for any pack, with what it can be configured by. */
export interface OrganizationRule extends ResourceValidationPolicy {
  readonly enforcementLevel: "mandatory" | "advisory";
  readonly options: OptionsSchema;
}

/** A rule about all organizations of a stack together. */
export interface StackRule extends StackValidationPolicy {
  readonly enforcementLevel: "mandatory" | "advisory";
  readonly options: OptionsSchema;
}

/** What checks a rule's options. */
export interface OptionsSchema {
  /** Its options, by name. */
  readonly shape: object;
  safeParse(given: unknown): { readonly success: boolean };
}
