import { type Context, Hono } from "hono";
import type { Semantics } from "./semantics.ts";
import { invalid, notFound, StatusError } from "./status.ts";
import { DuplicateExternalId, type Store, type StoredOrganization } from "./store.ts";
import { type OrganizationBody, validateOrganization, validateSettings } from "./validation.ts";

/** The organization endpoints: parse, guard, store, format. */
export function organizationRoutes(store: Store, semantics: Semantics): Hono {
  const app = new Hono();
  const root = "/api/v1/organizations";

  app.post(root, async (c) => {
    const body = validateOrganization(await jsonOf(c), "create", false);
    const stored = guardDuplicates(() =>
      store.insert({
        display_name: body.display_name ?? "",
        external_id: body.external_id || null,
        metadata: (body.metadata ?? {}) as Record<string, string>,
        features: {},
        slug: body.slug || null,
        logo_url: body.logo_url || null,
      }),
    );
    return c.json({ organization: format(stored) }, 201);
  });

  app.get(root, (c) => {
    const externalId = c.req.query("external_id");
    if (externalId !== undefined) {
      const match = store.byExternalId(externalId);
      const organizations = match ? [format(match)] : [];
      return c.json({ next_page_token: "", prev_page_token: "", total_size: organizations.length, organizations });
    }
    const page = store.page(pageSizeOf(c.req.query("page_size")), cursorOf(c.req.query("page_token")));
    return c.json({
      next_page_token: page.older && page.last !== undefined ? tokenOf({ before: page.last }) : "",
      prev_page_token: page.newer && page.first !== undefined ? tokenOf({ after: page.first }) : "",
      total_size: store.count(),
      organizations: page.organizations.map(format),
    });
  });

  app.get(`${root}/:id`, (c) => c.json({ organization: format(theOne(c)) }));

  app.get("/api/v1/organizations:external/:external_id", (c) => {
    // The id parameter silently takes precedence, and then the external ID counts as not given.
    if (c.req.query("id") !== undefined) throw new StatusError(400, "INVALID_ARGUMENT", "ExternalId is required");
    const stored = store.byExternalId(c.req.param("external_id"));
    if (!stored) throw notFound();
    return c.json({ organization: format(stored) });
  });

  app.patch(`${root}/:id`, async (c) => {
    const before = theOne(c);
    const mask = c.req.query("update_mask")?.split(",").filter(Boolean);
    const body = validateOrganization(await jsonOf(c), "update", semantics.metadataRemoval === "null");
    const stored = guardDuplicates(() => store.update({ ...before, ...patched(before, body, mask) }));
    return c.json({ organization: format(stored) });
  });

  app.patch(`${root}/:id/settings`, async (c) => {
    const before = theOne(c);
    const features = { ...before.features };
    for (const { name, enabled } of validateSettings(await jsonOf(c))) features[name] = enabled;
    return c.json({ organization: format(store.update({ ...before, features })) });
  });

  app.delete(`${root}/:id`, (c) => {
    if (!store.remove(c.req.param("id")) && semantics.deleteMissing === 404) throw notFound();
    return c.json({});
  });

  /** What a PATCH makes of an organization, as far as the body and the mask go. */
  function patched(
    before: StoredOrganization,
    body: OrganizationBody,
    mask: string[] | undefined,
  ): Partial<StoredOrganization> {
    // grpc-gateway fills the mask from the body's keys when the query brings none.
    const named = mask ?? Object.keys(body);
    const changes: Partial<StoredOrganization> = {};
    if (named.includes("display_name") && body.display_name) changes.display_name = body.display_name;
    if (named.includes("slug")) changes.slug = body.slug || null;
    if (named.includes("logo_url")) changes.logo_url = body.logo_url || null;
    if (named.includes("metadata"))
      changes.metadata = patchedMetadata(before.metadata, body.metadata ?? {}, mask !== undefined);
    if (named.includes("external_id"))
      changes.external_id = patchedExternalId(before.external_id, body, mask !== undefined);
    return changes;
  }

  function patchedMetadata(before: Record<string, string>, asked: Record<string, string | null>, explicit: boolean) {
    const set = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== null)) as Record<
      string,
      string
    >;
    if (explicit && semantics.metadataRemoval === "mask") return set;
    const kept = Object.fromEntries(Object.entries(before).filter(([key]) => asked[key] !== null));
    if (semantics.metadata === "merge") return { ...kept, ...set };
    return Object.keys(asked).length === 0 && semantics.emptyMetadata === "ignored" ? before : set;
  }

  function patchedExternalId(
    before: string | null,
    { external_id: asked }: OrganizationBody,
    explicit: boolean,
  ): string | null {
    if (asked) return asked;
    const way = asked === undefined ? "mask" : asked === null ? "null" : "empty";
    const clears = semantics.externalIdClear === way && (way !== "mask" || explicit);
    return clears ? null : before;
  }

  function theOne(c: Context): StoredOrganization {
    const stored = store.byId(c.req.param("id") ?? "");
    if (!stored) throw notFound();
    return stored;
  }

  function guardDuplicates<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      if (!(error instanceof DuplicateExternalId)) throw error;
      const code = semantics.duplicate === 409 ? "ALREADY_EXISTS" : "INVALID_ARGUMENT";
      throw new StatusError(semantics.duplicate, code, "duplicate key not allowed: external_id already exists");
    }
  }

  function pageSizeOf(text: string | undefined): number {
    const { min, max, outside } = semantics.pageSize;
    const size = text === undefined ? 10 : Number(text);
    if (!Number.isInteger(size) || (outside === "reject" && (size < min || size > max))) {
      throw invalid([
        { field: "page_size", description: `value must be between ${min} and ${max}`, constraint: "int64.range" },
      ]);
    }
    return Math.min(max, Math.max(min, size));
  }

  return app;
}

const format = ({ features, external_id, slug, logo_url, ...rest }: StoredOrganization) => ({
  ...rest,
  ...(external_id === null ? {} : { external_id }),
  ...(slug === null ? {} : { slug }),
  ...(logo_url === null ? {} : { logo_url }),
  settings: { features: Object.entries(features).map(([name, enabled]) => ({ name, enabled })) },
});

type Cursor = { before: number } | { after: number };

const tokenOf = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString("base64url");

function cursorOf(token: string | undefined): Cursor {
  if (!token) return { before: Number.MAX_SAFE_INTEGER };
  try {
    const cursor: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    const [place] = Object.values(cursor as object);
    if (Number.isSafeInteger(place)) return cursor as Cursor;
  } catch {}
  throw new StatusError(400, "INVALID_ARGUMENT", "invalid page token");
}

async function jsonOf(c: Context): Promise<unknown> {
  try {
    return await c.req.json();
  } catch {
    throw new StatusError(400, "INVALID_ARGUMENT", "the body is not JSON");
  }
}
