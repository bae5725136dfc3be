import type { SharedClient } from "../api/shared-reads.ts";
import type { Organization, OrganizationArgs } from "../schema.ts";
import { declarationOf } from "./declaration.ts";
import type { Handover } from "./handover.ts";
import type { Kind } from "./kind.ts";

/** Organizations, to be made and never doubled. */
export const organizationKind = (
  client: SharedClient,
  handover: Pick<Handover, "release">,
): Kind<OrganizationArgs, Organization> => ({
  ...organizations,
  post: client.create,
  // After a run that was killed there may be thousands.
  get: (id) => client.refresh(id, "made"),
  holderOf: ({ externalId = "" }) => client.getByExternalId(externalId),
  list: () => client.list(),
  release: (holder, { externalId = "" }) => handover.release(holder, externalId),
});

/** What needs no client. */
export const organizations = {
  noun: "organization",
  unique: { key: "external ID", where: "an environment" },
  keyOf: ({ externalId }: OrganizationArgs | Organization) => externalId,
  alsoIn: (args: OrganizationArgs): string[] => [
    ...(["slug", "logoUrl"] as const).filter((field) => args[field] !== undefined),
    // Not part of a create, but of what an interrupted run was about to do.
    ...declarationOf(args).featureNames.map((name) => `features.${name}`),
  ],
  textOf(one: OrganizationArgs | Organization, also: readonly string[]): string {
    const { displayName, externalId, metadata = {} } = one;
    const pairs = Object.keys(metadata)
      .sort()
      .map((key) => [key, metadata[key]]);
    const sent = also.filter((field) => !field.startsWith("features."));
    const more = sent.map((field) => [field, one[field as "slug"] ?? null]);
    return JSON.stringify([displayName, externalId ?? null, pairs, ...more]);
  },
  isAdopting: ({ adopt }: OrganizationArgs) => adopt === true,
  tellsTime: true,
  createdAt: ({ createTime }: Organization) => createTime ?? "",
  called: ({ id }: Organization) => id,
  importing: (found: Organization | undefined) => ({
    why: "without an external ID that cannot be proved",
    how: `run \`npx pulumi-scalekit import ${found?.id}\``,
  }),
};
