import type { Definition } from "../definitions/definition.ts";

/**
 * The key of the object `id` between two keys. It stands for no key, because the API does not document how each key is cleared.
 * A field that takes no colon gets the form of a host name.
 */
export function spareKey({ fields }: Definition, field: string, id: string): string {
  const spare = `moving:${id}`;
  const rule = fields[field]?.rule;
  const isLegal = rule?.type !== "text" || rule.pattern?.[0].test(spare) !== false;
  return isLegal ? spare : spare.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}
