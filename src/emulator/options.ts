// What a test gives the emulator and gets from it: without the libraries behind, for a compiler to need none of them.

/** One request that was answered, or cut off. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  /** 0 when the connection was cut. */
  readonly status: number;
}

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** An organization to begin with, by the names that the API answers with: what a list answered is a seed. */
export interface SeedOrganization {
  readonly id?: string;
  readonly display_name: string;
  readonly external_id?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly settings?: { readonly features: readonly { readonly name: string; readonly enabled: boolean }[] };
  readonly slug?: string;
  readonly logo_url?: string;
  readonly region_code?: string;
  readonly create_time?: string;
  readonly update_time?: string;
  /** Its connections, which no public endpoint makes. */
  readonly connections?: readonly SeedConnection[];
}

/** A connection of an organization, by the names that the API answers with. */
export interface SeedConnection {
  readonly id?: string;
  /** @default "OKTA" */
  readonly provider?: string;
  /** @default "SAML" */
  readonly type?: string;
  /** `DRAFT`, `IN_PROGRESS` or `COMPLETED`. @default "COMPLETED" */
  readonly status?: string;
  /** @default false */
  readonly enabled?: boolean;
}

/**
 * A fault, as data: which requests it is for, how many of them, and what happens to those. Set by a test with
 * `emulator.fail(fault)`, or over HTTP with `POST /_emulator/faults`, where any process can do it.
 */
export interface FaultOptions {
  /** Only requests of this method. @default any */
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | undefined;
  /** Only requests whose path begins with this. @default the organization endpoints; name `/oauth/token` to fail that */
  readonly path?: string | undefined;
  /** Let this many matching requests through first. @default 0 */
  readonly skip?: number | undefined;
  /** For this many requests, then it is over. @default 1 */
  readonly count?: number | undefined;
  /** What happens. */
  readonly effect: EffectOptions;
}

/** What happens to a request. `when` is whether the work is done by then. */
export type EffectOptions =
  /** An error in place of the answer: the API's before the work is done, or a proxy's after it. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly message?: string | undefined;
      readonly code?: string | undefined;
      /** Seconds, an HTTP date, or whatever a server might say. */
      readonly retryAfter?: number | string | undefined;
      /** @default "before" */
      readonly when?: "before" | "after" | undefined;
    }
  /** The answer comes this many milliseconds late, and the work is done at the end of the wait, or at its beginning. */
  | {
      readonly kind: "delay";
      readonly milliseconds: number;
      /** @default "before" */
      readonly when?: "before" | "after" | undefined;
    }
  /** The connection ends before the work is done, or after it, with no answer either way. */
  | { readonly kind: "cut"; readonly when: "before" | "after" }
  /** The request is sent elsewhere; nothing is done. */
  | {
      readonly kind: "redirect";
      /** 301, 302, 303, 307 or 308. @default 302 */
      readonly status?: number | undefined;
      readonly location: string;
    }
  /** The work is done, and this comes back in place of the answer. */
  | { readonly kind: "garbage"; readonly status?: number | undefined; readonly body?: string | undefined }
  /**
   * The work is done, and the first half of the answer comes back: as if it were all of it ("body"), or with the
   * length of all of it, and then the connection ends ("connection").
   */
  | { readonly kind: "truncated"; readonly ends?: "body" | "connection" | undefined }
  /** The work is done, and the answer is followed by as much white space as makes it this long. */
  | { readonly kind: "huge"; readonly bytes: number }
  /** The work is done, and the answer speaks of something with this id instead. */
  | { readonly kind: "wrongBody"; readonly id?: string | undefined }
  /** The token counts as expired, and so do all that were given so far. */
  | { readonly kind: "expiredToken" };

/**
 * What Scalekit's public documents leave open, each plausible behaviour a value. The defaults are the likeliest:
 * a provider is right when it is right under all of them.
 */
export interface SemanticsOptions {
  /** Whether the metadata of a PATCH is all there is afterwards, or is added to what is there. @default "replace" */
  readonly metadata?: "replace" | "merge" | undefined;
  /**
   * Whether `{"metadata":{}}` clears all metadata (under "replace"), or counts as not given, as in plain protobuf.
   *
   * @default "clears"
   */
  readonly emptyMetadata?: "clears" | "ignored" | undefined;
  /**
   * How a key leaves where `{…}` does not remove it: by an explicit `update_mask`, by a null value, or in no way.
   *
   * @default "mask"
   */
  readonly metadataRemoval?: "mask" | "null" | "never" | undefined;
  /**
   * What clears an external ID: `""`, null, absence under an explicit `update_mask`, or nothing at all.
   *
   * @default "empty"
   */
  readonly externalIdClear?: "empty" | "null" | "mask" | "never" | undefined;
  /** Whether features that a request does not name stay as they are, or are off afterwards. @default "merge" */
  readonly settings?: "merge" | "replace" | undefined;
  /** What clears a logo: `""`, null, absence under an explicit `update_mask`, or nothing at all. @default "empty" */
  readonly logoUrlClear?: "empty" | "null" | "mask" | "never" | undefined;
  /**
   * What external IDs that differ in upper and lower case only are: two; two of which an environment takes one; or one and
   * the same, also where an organization is looked up by it.
   *
   * @default "distinct"
   */
  readonly externalIdCase?: "distinct" | "unique" | "ignored" | undefined;
  /** The status of a second organization with one external ID. @default 409 */
  readonly duplicate?: 400 | 409 | undefined;
  /** The status of a delete of what is not there. @default 404 */
  readonly deleteMissing?: 404 | 200 | undefined;
  /**
   * What an empty text or list does in an update where plain protobuf cannot tell it from one that is not given: a role's
   * permissions, a permission's description, an API client's fields.
   *
   * @default "ignored"
   */
  readonly emptyFields?: "ignored" | "clears" | undefined;
  /** Whether answers about anything but organizations show fields that are empty, false or 0. @default "shown" */
  readonly zeroValues?: "shown" | "omitted" | undefined;
  /** The status where a role names a permission or a role that is not there. @default 400 */
  readonly unknownReference?: 400 | 404 | undefined;
  /** Whether a permission that roles have goes from them when it is deleted, or stays. @default "removed" */
  readonly permissionInUse?: "removed" | "refused" | undefined;
  /** Whether the list of the environment's roles shows those of organizations too. @default "environment" */
  readonly listedRoles?: "environment" | "all" | undefined;
  /**
   * Whether a domain counts as verified because an API client added it, or waits for its TXT record.
   *
   * @default "admin"
   */
  readonly domainVerification?: "admin" | "dns" | undefined;
  /** Where there is only one domain of a name and type. @default "environment" */
  readonly uniqueDomain?: "environment" | "organization" | undefined;
  /** Whether a domain is shown as it was given. @default "kept" */
  readonly domainCase?: "kept" | "lowered" | undefined;
  /** Whether a custom session policy keeps the values that a PATCH does not name. @default "merge" */
  readonly sessionPolicy?: "merge" | "replace" | undefined;
  /**
   * Whether a custom session policy is taken only while the organization's feature is on; it is 403 otherwise.
   *
   * @default "optional"
   */
  readonly sessionPolicyFeature?: "optional" | "required" | undefined;
  /**
   * How the API refuses to enable a connection before its set-up is complete: by a 400, or by an answer of success with
   * an `error_message` in it.
   *
   * @default "status"
   */
  readonly incompleteConnection?: "status" | "message" | undefined;
  /** Whether a PATCH that changes nothing moves the update time all the same. @default "always" */
  readonly updateTime?: "always" | "changes" | undefined;
  /** Which end a list begins at. @default "newest" */
  readonly order?: "newest" | "oldest" | undefined;
  /** Whether a list shows each organization's settings. Scalekit's sample of a list does not. @default "shown" */
  readonly listSettings?: "shown" | "absent" | undefined;
  /** What `total_size` counts: the environment, or only the page; or it is not there. @default "all" */
  readonly totalSize?: "all" | "page" | "absent" | undefined;
  /**
   * What a page token stands for: the organization that the page before ended with, or how many come before the page, so
   * that a delete there makes the list skip one, and a create there shows one twice.
   *
   * @default "cursor"
   */
  readonly pageToken?: "cursor" | "offset" | undefined;
  /**
   * Whether `%2F` in an external ID is part of it, or separates parts of the path, so that no such path is known.
   *
   * @default "kept"
   */
  readonly encodedSlash?: "kept" | "separates" | undefined;
  /** The page sizes that are taken, and what becomes of others. */
  readonly pageSize?:
    | {
        /** @default 1 */
        readonly min?: number | undefined;
        /** @default 100 */
        readonly max?: number | undefined;
        /** @default "clamp" */
        readonly outside?: "clamp" | "reject" | undefined;
      }
    | undefined;
  /**
   * How many requests a minute are answered before the rest get 429, with or without a Retry-After header.
   *
   * @default null, none
   */
  readonly rateLimit?:
    | {
        readonly perMinute: number;
        /** @default true */
        readonly retryAfter?: boolean | undefined;
      }
    | null
    | undefined;
}
