import { z } from "zod";

/** A resource as Pulumi writes it, in states and in the steps of previews. */
export const stateResource = z.object({
  type: z.string(),
  urn: z.string(),
  /** Absent for a component, and for a resource that will be created. */
  id: z.string().optional(),
  /** Whether it is a real object. A component is not. */
  custom: z.boolean().optional(),
  /** Somebody else's, and only read. */
  external: z.boolean().optional(),
  delete: z.boolean().optional(),
  /** The URN and the id of its provider, joined by `::`. */
  provider: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).nullish(),
  outputs: z.record(z.string(), z.unknown()).nullish(),
});

export type StateResource = z.infer<typeof stateResource>;

/** The first place where `value` is not as Pulumi writes it, such as `steps[3].op`. It never shows the value. */
export function misfitIn(shape: z.ZodType, value: unknown): string | undefined {
  const [issue] = shape.safeParse(value).error?.issues ?? [];
  return issue?.path.reduce<string>(
    (path, key) => (typeof key === "number" ? `${path}[${key}]` : path === "" ? String(key) : `${path}.${String(key)}`),
    "",
  );
}
