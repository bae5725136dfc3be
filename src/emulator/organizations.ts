import { isDeepStrictEqual } from "node:util";
import { type Context, Hono } from "hono";
import { bodyOf } from "./body.ts";
import { cursorOf, pageSizeOf, tokenOf } from "./pages.ts";
import { patched } from "./patch.ts";
import type { Semantics } from "./semantics.ts";
import { malformed, notFound, StatusError } from "./status.ts";
import { Duplicate, type Page, type Store, type StoredOrganization } from "./store.ts";
import { validateId, validateMask, validateOrganization, validateSettings } from "./validation.ts";

/** The organization endpoints: parse, guard, store, format. Nothing waits between a look at the store and a write. */
export function organizationRoutes(store: Store, semantics: Semantics): Hono {
  const app = new Hono();
  const root = "/api/v1/organizations";

  app.post(root, async (c) => {
    const body = validateOrganization(await bodyOf(c), "create", false);
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
    // An empty string is no filter: protobuf knows no difference from none.
    if (externalId) {
      const match = store.byExternalId(externalId);
      const organizations = match ? [match] : [];
      return c.json(formatList({ organizations, next: undefined, previous: undefined }, organizations.length));
    }
    const size = pageSizeOf(c.req.query("page_size"), semantics.pageSize);
    const from = cursorOf(c.req.query("page_token"), semantics.pageToken);
    return c.json(formatList(store.page(size, semantics.order, from), store.count()));
  });

  app.get(`${root}/:id`, (c) => {
    validateId(c.req.param("id"));
    return c.json({ organization: format(theOne(c)) });
  });

  app.get("/api/v1/organizations:external/:external_id", (c) => {
    // The id parameter silently takes precedence, and then the external ID counts as not given.
    if (c.req.query("id") !== undefined) throw malformed("ExternalId is required");
    const stored = store.byExternalId(c.req.param("external_id"));
    if (!stored) throw notFound();
    return c.json({ organization: format(stored) });
  });

  app.patch(`${root}/:id`, async (c) => {
    const sent = await bodyOf(c);
    validateId(c.req.param("id"));
    const mask = validateMask(c.req.query("update_mask"));
    const body = validateOrganization(sent, "update", semantics.metadataRemoval === "null");
    return c.json({ organization: save(theOne(c), (before) => patched(before, body, mask, semantics)) });
  });

  app.patch(`${root}/:id/settings`, async (c) => {
    const sent = await bodyOf(c);
    validateId(c.req.param("id"), true);
    const asked = Object.fromEntries(validateSettings(sent).map(({ name, enabled }) => [name, enabled]));
    return c.json({
      organization: save(theOne(c), (before) => ({ ...before, features: { ...before.features, ...asked } })),
    });
  });

  app.delete(`${root}/:id`, (c) => {
    validateId(c.req.param("id"));
    if (!store.remove(c.req.param("id")) && semantics.deleteMissing === 404) throw notFound();
    return c.json({});
  });

  function save(before: StoredOrganization, change: (before: StoredOrganization) => StoredOrganization) {
    const after = change(before);
    if (semantics.updateTime === "changes" && isDeepStrictEqual(before, after)) return format(before);
    return format(guardDuplicates(() => store.update(after)));
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
      if (!(error instanceof Duplicate)) throw error;
      const code = semantics.duplicate === 409 ? "ALREADY_EXISTS" : "INVALID_ARGUMENT";
      throw new StatusError(semantics.duplicate, code, `duplicate key not allowed: ${error.message}`);
    }
  }

  function formatList({ organizations, next, previous }: Page, count: number) {
    const shown = organizations.map(format);
    const total = { all: count, page: shown.length, absent: undefined }[semantics.totalSize];
    return {
      next_page_token: tokenOf(next),
      prev_page_token: tokenOf(previous),
      ...(total === undefined ? {} : { total_size: total }),
      organizations: semantics.listSettings === "shown" ? shown : shown.map(({ settings: _, ...rest }) => rest),
    };
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
