import { createHash } from "node:crypto";

/** One of so many parts of the keyspace, the first of which is number 1. */
export interface Part {
  readonly number: number;
  readonly of: number;
}

/** The part that a stack's name tells. */
export function partOf(stack: string): Part {
  const [, number = "1", of = "1"] = /^part-(\d+)-of-(\d+)$/.exec(stack) ?? [];
  const part = { number: Number(number), of: Number(of) };
  if (part.number < 1 || part.number > part.of) throw new Error(`there is no part ${number} of ${of}`);
  return part;
}

/**
 * Whether a customer is in a part. It goes by a hash of the external ID, so the parts are about as large, and a new
 * customer moves none of the others.
 */
export const isIn = ({ number, of }: Part, externalId: string): boolean =>
  createHash("sha256").update(externalId).digest().readUInt32BE() % of === number - 1;
