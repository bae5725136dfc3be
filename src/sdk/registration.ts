import type * as pulumi from "@pulumi/pulumi";
import type { Values } from "../definitions/definition.ts";
import { notesKey } from "../lifecycle/state.ts";
import { aliasesOf } from "./aliases.ts";
import { optionsOf } from "./declared-args.ts";
import { originOf } from "./origin.ts";
import { type Guarantee, look, newGuarantee } from "./owed.ts";
import { noteOnceSaved } from "./saved.ts";
import type { Shape } from "./shape.ts";

/** What the classes of both providers register of a resource that this stack manages. */
export interface Registration {
  readonly properties: object;
  readonly options: pulumi.CustomResourceOptions;
  readonly origin: ReturnType<typeof originOf>;
  readonly guarantee: Guarantee | undefined;
}

/** @param other its type at the other provider: what that made stays what it is */
export function registrationOf(
  shape: Shape,
  name: string,
  args: object,
  opts: pulumi.CustomResourceOptions,
  other: string,
): Registration {
  const origin = originOf(shape.type, name, opts.parent);
  const guarantee = origin && shape.movingKeys.length > 0 ? newGuarantee() : undefined;
  const { guard, options } = optionsOf(shape, args as Values, opts);
  const properties = { ...shape.undecided, ...args, ...guard, ...(guarantee && { [notesKey]: undefined }) };
  return { properties, options: { ...options, aliases: aliasesOf(opts.aliases, other) }, origin, guarantee };
}

/** Follows a resource that is registered: whether it is saved, and whether it gets its keys. */
export function follow(
  resource: pulumi.CustomResource,
  { definition }: Shape,
  { origin, guarantee }: Pick<Registration, "origin" | "guarantee">,
): void {
  if (origin !== undefined) noteOnceSaved(resource, definition.name, origin);
  if (guarantee !== undefined) look(resource);
}
