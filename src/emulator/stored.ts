/** What every stored object has. */
export interface Stored {
  id: string;
  create_time: string;
  update_time: string;
}

/** A new object; what is not said of it is made up. */
export type New<T extends Stored> = Omit<T, keyof Stored> & Partial<Stored>;

/** An organization as it is stored. */
export interface StoredOrganization extends Stored {
  display_name: string;
  external_id: string | null;
  metadata: Record<string, string>;
  features: Record<string, boolean>;
  slug: string | null;
  logo_url: string | null;
  region_code: string;
}

/** What a new organization may bring along; the rest is made up. */
export type NewOrganization = Omit<StoredOrganization, "region_code" | keyof Stored> & Partial<StoredOrganization>;

/** What there is beside organizations, by kind. */
export interface Kinds {
  permissions: StoredPermission;
  roles: StoredRole;
  default_roles: StoredDefaultRoles;
  domains: StoredDomain;
  clients: StoredClient;
  connections: StoredConnection;
  session_policies: StoredSessionPolicy;
  user_management_settings: StoredUserManagement;
}

/** A permission as it is stored, by its name. */
export interface StoredPermission extends Stored {
  name: string;
  description: string;
  is_scalekit_permission: boolean;
}

/** A role as it is stored, by its name: of the environment (`null`), or of an organization. */
export interface StoredRole extends Stored {
  organization_id: string | null;
  name: string;
  display_name: string;
  description: string;
  extends: string | null;
  permissions: string[];
  /** How many users have it. */
  users: number;
}

/** Which roles new users get: in the environment, or in an organization. */
export interface StoredDefaultRoles extends Stored {
  creator?: string;
  member: string;
}

/** A domain of an organization as it is stored. */
export interface StoredDomain extends Stored {
  organization_id: string;
  domain: string;
  domain_type: string;
  verification_status: string;
  verification_method: string;
  /** What waits for a TXT record. */
  txt_record_key?: string;
  txt_record_secret?: string;
}

/** An API client of an organization as it is stored. */
export interface StoredClient extends Stored {
  organization_id: string;
  name: string;
  description: string;
  scopes: string[];
  audience: string[];
  custom_claims: { key?: string | null; value?: string | null }[];
  /** Seconds that its tokens last. */
  expiry: number | string;
  /** Oldest first. */
  secrets: StoredSecret[];
}

/** A secret as it is stored: by its hash alone. */
export interface StoredSecret extends Stored {
  secret_suffix: string;
  hash: string;
}

/** A connection of an organization as it is stored. */
export interface StoredConnection extends Stored {
  organization_id: string;
  provider: string;
  type: string;
  status: string;
  enabled: boolean;
}

/** An organization's custom session policy as it is stored, in minutes. There is none where the application's holds. */
export interface StoredSessionPolicy extends Stored {
  organization_id: string;
  absolute?: number;
  idle?: number;
  idleEnabled?: boolean;
}

/** An organization's user management as it is stored. */
export interface StoredUserManagement extends Stored {
  organization_id: string;
  /** Null is no feature, and 0 no limit. */
  max_allowed_users: number | null;
}
