import type { Question } from "../asking/kit.ts";
import { externalIdClear, logoUrlClear } from "./clearing.ts";
import { domainCase, domainVerification, uniqueDomain } from "./domains.ts";
import { deleteMissing, duplicate, encodedSlash, externalIdCase, longExternalId, unknownId } from "./external-id.ts";
import { incompleteConnection, rateLimit, wrongSecret } from "./limits.ts";
import { order, pageToken, totalSize } from "./lists.ts";
import { emptyMetadata, metadata, metadataRemoval } from "./metadata.ts";
import { listSettings, settings, updateTime } from "./organization.ts";
import { pageSize, usualPageSize } from "./page-size.ts";
import { emptyFields, listedRoles, permissionInUse, unknownReference, zeroValues } from "./roles.ts";
import { sessionPolicy, sessionPolicyFeature } from "./session-policy.ts";

/** In the order of asking. A question comes after those that it depends on; the one that makes all others wait comes last. */
export const questions: readonly Question[] = [
  pageSize,
  usualPageSize,
  order,
  totalSize,
  pageToken,
  metadata,
  emptyMetadata,
  metadataRemoval,
  externalIdClear,
  logoUrlClear,
  externalIdCase,
  duplicate,
  encodedSlash,
  longExternalId,
  deleteMissing,
  unknownId,
  settings,
  listSettings,
  updateTime,
  zeroValues,
  unknownReference,
  listedRoles,
  emptyFields,
  permissionInUse,
  domainVerification,
  uniqueDomain,
  domainCase,
  sessionPolicyFeature,
  sessionPolicy,
  incompleteConnection,
  wrongSecret,
  rateLimit,
];

/** Those of the names, with what they depend on; or all. */
export function questionsNamed(names: readonly string[] | undefined): readonly Question[] {
  if (names === undefined) return questions;
  const wanted = new Set(names);
  for (const { name, after = [] } of questions.toReversed()) {
    if (wanted.has(name)) for (const other of after) wanted.add(other);
  }
  return questions.filter(({ name }) => wanted.has(name));
}
