import * as pulumi from "@pulumi/pulumi";

/**
 * The aliases of a resource that may have been the other provider's before. One of the program's own that names no type means
 * either, so a resource may be renamed, or come into a fleet, in the same run in which it moves.
 *
 * @param other its type there
 */
export function aliasesOf(own: pulumi.CustomResourceOptions["aliases"] = [], other: string): Aliases {
  const there = own.map((alias) =>
    pulumi.output(alias).apply((known) => (typeof known === "string" ? known : { type: other, ...known })),
  );
  return [...own, { type: other }, ...(there as Aliases)];
}

type Aliases = NonNullable<pulumi.CustomResourceOptions["aliases"]>;
