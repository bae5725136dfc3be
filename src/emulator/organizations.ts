import { isDeepStrictEqual } from "node:util";
import type { Page } from "./cursors.ts";
import { type Asked, type Endpoint, endpoint } from "./endpoint.ts";
import {
  createOrganization,
  organizationId,
  prefixedId,
  settingsBody,
  updateOrganization,
} from "./organization-rules.ts";
import { cursorOf, pageFacts, pageSizeOf } from "./pages.ts";
import { maskOf, patched } from "./patch.ts";
import type { Semantics } from "./semantics.ts";
import { malformed, notFound, StatusError } from "./status.ts";
import { Duplicate } from "./store.ts";
import type { StoredOrganization } from "./stored.ts";

const root = "/api/v1/organizations";
const resource = "Organization";
const byId = { path: `${root}/{id}`, resource, params: { id: organizationId } } as const;

/** The organization endpoints. */
export const organizations: Endpoint[] = [
  endpoint({
    method: "POST",
    path: root,
    resource,
    status: 201,
    body: createOrganization,
    bodyName: "organization",
    answer(asked) {
      const { body, store } = asked;
      const stored = guardDuplicates(asked, body.external_id, () =>
        store.insert({
          display_name: body.display_name ?? "",
          external_id: body.external_id || null,
          metadata: (body.metadata ?? {}) as Record<string, string>,
          features: {},
          slug: body.slug || null,
          logo_url: body.logo_url || null,
        }),
      );
      return { organization: format(stored) };
    },
  }),
  {
    method: "GET",
    path: root,
    resource,
    answer({ store, semantics, query }) {
      const externalId = query("external_id");
      // An empty string is no filter: protobuf knows no difference from none.
      if (externalId) {
        const match = lookedUp(store, semantics, externalId);
        const items = match ? [match] : [];
        return formatList({ items, next: undefined, previous: undefined, total: items.length }, semantics);
      }
      const size = pageSizeOf(query("page_size"), semantics.pageSize);
      const from = cursorOf(query("page_token"), semantics.pageToken);
      return formatList(store.page(size, semantics.order, from), semantics);
    },
  },
  { ...byId, method: "GET", answer: (asked) => ({ organization: format(theOne(asked)) }) },
  {
    method: "GET",
    path: `${root}:external/{external_id}`,
    resource,
    answer({ store, semantics, param, query }) {
      // If both are given, the API silently uses the id and ignores the external ID.
      if (query("id") !== undefined) throw malformed("ExternalId is required");
      const stored = lookedUp(store, semantics, param("external_id"));
      if (!stored) throw notFound("organization");
      return { organization: format(stored) };
    },
  },
  endpoint({
    ...byId,
    method: "PATCH",
    body: ({ metadataRemoval }) => updateOrganization(metadataRemoval === "null"),
    bodyName: "organization",
    answer(asked) {
      const { body, semantics } = asked;
      const mask = maskOf(asked.query("update_mask"));
      return { organization: save(asked, (before) => patched(before, body, mask, semantics)) };
    },
  }),
  endpoint({
    method: "PATCH",
    path: `${root}/{id}/settings`,
    resource,
    params: { id: prefixedId },
    body: settingsBody,
    bodyName: "settings",
    answer(asked) {
      const named = asked.body.features ?? [];
      const features = Object.fromEntries(named.map(({ name, enabled }) => [name, enabled === true]));
      const kept = asked.semantics.settings === "merge";
      return {
        organization: save(asked, (before) => ({
          ...before,
          features: { ...(kept ? before.features : {}), ...features },
        })),
      };
    },
  }),
  {
    ...byId,
    method: "DELETE",
    answer({ store, semantics, param }) {
      if (!store.remove(param("id")) && semantics.deleteMissing === 404) throw notFound("organization");
      return {};
    },
  },
];

function save(asked: Asked, change: (before: StoredOrganization) => StoredOrganization) {
  const before = theOne(asked);
  const after = change(before);
  if (asked.semantics.updateTime === "changes" && isDeepStrictEqual(before, after)) return format(before);
  return format(guardDuplicates(asked, after.external_id, () => asked.store.update(after), before.id));
}

function lookedUp(store: Asked["store"], { externalIdCase }: Semantics, externalId: string) {
  return externalIdCase === "ignored" ? store.likeExternalId(externalId) : store.byExternalId(externalId);
}

function theOne({ store, param }: Asked): StoredOrganization {
  const stored = store.byId(param("id"));
  if (!stored) throw notFound("organization");
  return stored;
}

function guardDuplicates<T>({ semantics, store }: Asked, externalId: unknown, write: () => T, id?: string): T {
  try {
    const alike = semantics.externalIdCase !== "distinct" && store.likeExternalId(String(externalId || ""));
    if (alike && alike.id !== id) throw new Duplicate("external_id");
    return write();
  } catch (error) {
    if (!(error instanceof Duplicate)) throw error;
    const code = semantics.duplicate === 409 ? "ALREADY_EXISTS" : "INVALID_ARGUMENT";
    throw new StatusError(semantics.duplicate, code, `duplicate key not allowed: ${error.message}`);
  }
}

function formatList(page: Page<StoredOrganization>, semantics: Semantics): object {
  const shown = page.items.map(format);
  const bare = () => shown.map(({ settings: _, ...rest }) => rest);
  return { ...pageFacts(page, semantics), organizations: semantics.listSettings === "shown" ? shown : bare() };
}

const format = ({ features, external_id, slug, logo_url, ...rest }: StoredOrganization) => ({
  ...rest,
  ...(external_id === null ? {} : { external_id }),
  ...(slug === null ? {} : { slug }),
  ...(logo_url === null ? {} : { logo_url }),
  settings: { features: Object.entries(features).map(([name, enabled]) => ({ name, enabled })) },
});
