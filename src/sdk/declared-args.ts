import * as pulumi from "@pulumi/pulumi";
import { type Definition, protectionField, type Values } from "../definitions/definition.ts";
import { problemWithValues } from "../lifecycle/check.ts";
import { protectsByDefault } from "./provider-defaults.ts";
import type { Shape } from "./shape.ts";

/** Throws for arguments with a problem that never reaches the provider. Its checks report all others. */
export function requireArgs(definition: Named, name: string, args: unknown, problem?: string): void {
  const found = problemWithArgs(definition, args) ?? problem;
  if (found !== undefined) throw new pulumi.RunError(`${definition.name} ${name}: ${found}.`);
}

type Named = Pick<Definition, "name" | "fields">;

function problemWithArgs(definition: Named, args: unknown): string | undefined {
  if (typeof args === "object" && args !== null) return problemWithValues(definition, args as Values);
  const required = Object.keys(definition.fields).filter((name) => definition.fields[name]?.required);
  return `its arguments must be an object with at least ${required.join(" and ")}`;
}

/** Pulumi's own options for a resource, and what the provider must know of its protection besides the arguments. */
export function optionsOf(shape: Shape, args: Values, opts: pulumi.CustomResourceOptions) {
  const { movingKeys } = shape;
  const { guard, protect } = protectionOf(shape, args, opts);
  // The engine asks no provider for the order of a forced replacement. The keys must be free first: see
  // lifecycle/replacement.ts, which deletes the old object once the new one exists.
  const isKeyed = movingKeys.some((field) => args[field] !== undefined) && opts.deleteBeforeReplace === undefined;
  const options = { ...opts, ...(protect && { protect }), ...(isKeyed && { deleteBeforeReplace: true }) };
  return { guard, options };
}

/** Whether Pulumi protects the resource, and what the provider must know of that besides the arguments. */
function protectionOf({ definition, type }: Shape, args: Values, opts: pulumi.CustomResourceOptions) {
  const field = definition.fields[protectionField];
  if (field === undefined) return { guard: {}, protect: false };
  const byDefault = field.fallback === true && protectsByDefault(type, opts);
  const asked = args[protectionField] ?? (field.fallback === true && byDefault === false ? false : undefined);
  // An Output is not known here, so then only the provider protects. A retained resource is not deleted anyway.
  const protect = (asked ?? byDefault) === true && opts.protect === undefined && !opts.retainOnDelete;
  return { guard: asked === undefined ? {} : { [protectionField]: asked }, protect };
}
