import { getOrganization, getOrganizations, Organization } from "pulumi-scalekit";

// Another team's stack, or somebody's hand, has made the customers. This program reads them and changes none.
export = async () => {
  const own = await getOrganization({ externalId: "ACC-0001" });
  const platinum = await getOrganizations({ externalIdPrefix: "ACC-", metadata: { tier: "platinum" } });

  const sandboxes = platinum.map(
    ({ id, displayName, externalId }) =>
      new Organization(`sandbox-${externalId}`, {
        displayName: `${displayName} (sandbox)`,
        externalId: `SANDBOX-${externalId}`,
        metadata: { sandbox_of: id },
      }),
  );

  return {
    own: own.id,
    customersSince: platinum.map(({ displayName, createTime }) => ({ displayName, createTime })),
    sandboxes: sandboxes.map(({ id }) => id),
  };
};
