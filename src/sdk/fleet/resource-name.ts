/**
 * The name of a tenant's resource: the external ID, in which all but letters, digits and `-._~` are percent-encoded.
 * So two external IDs never share one, and none is mistaken for a separator in a URN.
 */
export const resourceName = (externalId: string): string =>
  externalId.replaceAll(/[^\p{L}\p{N}._~-]/gu, percentEncoded);

const percentEncoded = (character: string): string =>
  Buffer.from(character).toString("hex").toUpperCase().replaceAll(/../g, "%$&");
