import * as pulumi from "@pulumi/pulumi";
import { readDeletionProtection } from "../config/settings.ts";
import { type Definition, protectionField, type Values } from "../definitions/definition.ts";
import { problemWithValues } from "../lifecycle/check.ts";
import type { Shape } from "./shape.ts";

/** Throws for arguments with a problem that never reaches the provider. Its checks report all others. */
export function requireArgs(definition: Definition, name: string, args: unknown, problem?: string): void {
  const found = problemWithArgs(definition, args) ?? problem;
  if (found !== undefined) throw new pulumi.RunError(`${definition.name} ${name}: ${found}.`);
}

function problemWithArgs(definition: Definition, args: unknown): string | undefined {
  if (typeof args === "object" && args !== null) return problemWithValues(definition, args as Values);
  const required = Object.keys(definition.fields).filter((name) => definition.fields[name]?.required);
  return `its arguments must be an object with at least ${required.join(" and ")}`;
}

/** Pulumi's own options for a resource, and what the provider must know of its protection besides the arguments. */
export function optionsOf({ definition, movingKeys }: Shape, args: Values, opts: pulumi.CustomResourceOptions) {
  const { guard, protect } = protectionOf(definition, args, opts);
  // The engine asks no provider for the order of a forced replacement. The keys must be free first: see
  // lifecycle/replacement.ts, which deletes the old object once the new one exists.
  const isKeyed = movingKeys.some((field) => args[field] !== undefined) && opts.deleteBeforeReplace === undefined;
  const options = { ...opts, ...(protect && { protect }), ...(isKeyed && { deleteBeforeReplace: true }) };
  return { guard, options };
}

/** Whether Pulumi protects the resource, and what the provider must know of that besides the arguments. */
function protectionOf({ fields }: Definition, args: Values, opts: pulumi.CustomResourceOptions) {
  const field = fields[protectionField];
  if (field === undefined) return { guard: {}, protect: false };
  const isOnByDefault = field.fallback === true;
  const asked = args[protectionField] ?? (isOnByDefault && !readDefault() ? false : undefined);
  // An Output is not known here, so then only the provider protects. A retained resource is not deleted anyway.
  const protect = (asked ?? isOnByDefault) === true && opts.protect === undefined && !opts.retainOnDelete;
  return { guard: asked === undefined ? {} : { [protectionField]: asked }, protect };
}

function readDefault(): boolean {
  try {
    return readDeletionProtection(stackConfig);
  } catch (error) {
    throw new pulumi.RunError((error as Error).message);
  }
}

const stackConfig = { get: (key: string) => new pulumi.Config("scalekit").get(key.replace("scalekit:", "")) };
