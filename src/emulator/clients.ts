import { createHash, randomBytes } from "node:crypto";
import { newId } from "./collection.ts";
import type { Asked, Endpoint } from "./endpoint.ts";
import { byToken } from "./pages.ts";
import { endpointsOf, organizationOf } from "./resource.ts";
import { notFound, refused } from "./status.ts";
import type { Store } from "./store.ts";
import type { StoredClient, StoredSecret } from "./stored.ts";

const texts = { type: "items", each: { type: "text" } } as const;
const claim = { key: { type: "text", min: 1, max: 128 }, value: { type: "text" } } as const;
const body = {
  name: { type: "text", max: 128 },
  description: { type: "text", max: 512 },
  scopes: texts,
  audience: texts,
  custom_claims: { type: "items", each: { type: "part", fields: claim } },
  expiry: { type: "whole", bits: 64 },
} as const;

const path = "/api/v1/organizations/{organization_id}/clients";
const resource = "OrganizationApiClient";
const owner = { name: "organization_id", rule: { type: "text", min: 1, max: 32, prefix: "org_" } } as const;
const one = { name: "client_id", rule: { type: "text", min: 1, max: 32, prefix: "m2morg_" } } as const;
const params = { [owner.name]: owner.rule, [one.name]: one.rule };

export const clients: Endpoint[] = [
  ...endpointsOf<StoredClient, typeof body, typeof body>({
    resource,
    noun: "client",
    nouns: "clients",
    path,
    owner,
    one,
    collection: (store) => store.clients,
    create: { body, status: 201 },
    update: { method: "PATCH", body },
    list: byToken(),
    make: ({ body }, organization) => ({
      organization_id: organization ?? "",
      name: body.name ?? "",
      description: body.description ?? "",
      scopes: body.scopes ?? [],
      audience: body.audience ?? [],
      custom_claims: body.custom_claims ?? [],
      expiry: body.expiry || 3600,
      secrets: [],
    }),
    afterCreate(made, { store }) {
      const { client, plain_secret } = withSecret(made, store);
      return { one: client, more: { plain_secret } };
    },
    show: ({ id, expiry, secrets, ...client }) => ({
      ...client,
      client_id: id,
      expiry: String(expiry),
      secrets: secrets.map(showSecret),
      resource_id: "",
      redirect_uris: [],
      is_dcr: false,
      is_cimd: false,
      metadata_uri: "",
    }),
  }),
  {
    method: "POST",
    path: `${path}/{client_id}/secrets`,
    resource,
    params,
    status: 201,
    answer(asked) {
      const { secret, plain_secret } = withSecret(find(asked), asked.store);
      return { plain_secret, secret: showSecret(secret) };
    },
  },
  {
    method: "DELETE",
    path: `${path}/{client_id}/secrets/{secret_id}`,
    resource,
    params: { ...params, secret_id: { type: "text", min: 1, max: 32 } },
    answer(asked) {
      const client = find(asked);
      const secrets = client.secrets.filter(({ id }) => id !== asked.param("secret_id"));
      if (secrets.length === client.secrets.length) throw notFound("secret");
      // The API says "client" where it means the secret.
      if (secrets.length === 0) throw refused("last client cannot be deleted");
      asked.store.clients.update(client.organization_id, { ...client, secrets });
      return {};
    },
  },
];

/** How many seconds the tokens of a client last, if the secret is one of its. */
export function tokenLifetime(store: Store, clientId: string, secret: string): number | undefined {
  const client = store.clients.all().find(({ id }) => id === clientId);
  return client?.secrets.some(({ hash }) => hash === hashOf(secret)) ? Number(client.expiry) : undefined;
}

function find(asked: Asked): StoredClient {
  const organization = organizationOf(asked, owner.name);
  const client = asked.store.clients.find(organization, asked.param(one.name));
  if (!client) throw notFound("client");
  return client;
}

/** Gives a client one more secret. */
function withSecret(client: StoredClient, store: Store) {
  const plain_secret = `test_${randomBytes(32).toString("base64url")}`;
  const time = store.time();
  const secret: StoredSecret = {
    id: newId("sks_"),
    create_time: time,
    update_time: time,
    secret_suffix: plain_secret.slice(-4),
    hash: hashOf(plain_secret),
  };
  const changed = store.clients.update(client.organization_id, { ...client, secrets: [...client.secrets, secret] });
  return { client: changed, secret, plain_secret };
}

const showSecret = ({ hash: _, ...secret }: StoredSecret) => ({ ...secret, status: "ACTIVE" });

const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("base64url");
