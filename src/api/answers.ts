import { z } from "zod";

export const tokenAnswer = z.looseObject({
  access_token: z.string().min(1),
  /** Seconds. */
  expires_in: z.number().positive().default(3600),
});

/** google.rpc.Status, or OAuth's shape from the token endpoint; a proxy in between may send neither. */
export const errorAnswer = z.looseObject({
  code: z.number().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  error_description: z.string().optional().catch(undefined),
  details: z
    .array(
      z.looseObject({
        error_code: z.string().optional(),
        request_info: z.looseObject({ request_id: z.string().optional() }).nullish(),
        validation_error_info: z
          .looseObject({
            field_violations: z
              .array(z.looseObject({ field: z.string(), description: z.string().default("is invalid") }))
              .nullish(),
          })
          .nullish(),
      }),
    )
    .optional()
    .catch(undefined),
});

/**
 * A page of `many`: its entries, the token of the next page, and how many entries all pages have.
 *
 * @param isLenient whether an entry may be anything
 */
export const pageAnswer = (many: string, isLenient: boolean) =>
  z
    .looseObject({
      [many]: z.array(isLenient ? z.unknown() : z.looseObject({})).nullish(),
      next_page_token: z.string().nullish(),
      /** A number; in protobuf's JSON large ones are strings. */
      total_size: z.coerce.number().optional().catch(undefined),
    })
    .refine(isPageOf(many), `it is not a page of ${many}`)
    .transform((answer) => ({
      all: (answer[many] ?? []) as unknown[],
      next: (answer["next_page_token"] as string | null | undefined) || undefined,
      total: answer["total_size"] as number | undefined,
    }));

/**
 * Whether an answer is a page of `many`: it has that list, or another property that only a page has. Any other answer, such as
 * `{}`, nothing at all or a maintenance page, would read as an empty list, so that every object seems gone.
 *
 * The API's samples show empty values (`next_page_token: ""`, `metadata: {}`), so an empty list is `[]`. A gateway may be set
 * to leave empty values out. Then a page loses its list, and without a count and a token it is `{}`. Such an answer could be
 * about anything, so the client refuses it.
 */
const isPageOf = (many: string) => (answer: Readonly<Record<string, unknown>>) =>
  [many, "next_page_token", "prev_page_token", "total_size", "page_size", "page_number"].some((name) => name in answer);

export function encodeTokenRequest(clientId: string, clientSecret: string): string {
  return new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
  }).toString();
}

/** The query for a page of a list whose pages have tokens. */
export const encodePageRequest = (size: number, token: string | undefined): Record<string, string> => ({
  page_size: String(size),
  ...(token === undefined ? {} : { page_token: token }),
});

/** The query of an update that names the fields that it sets. */
export const encodeMask = (names: readonly string[]): Record<string, string> => ({ update_mask: names.join(",") });

/** The query for a page of a list whose pages are numbered from 0. */
export const encodePageNumber = (size: number, number: string): Record<string, string> => ({
  page_size: String(size),
  page_number: number,
});
