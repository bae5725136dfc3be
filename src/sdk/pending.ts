import * as pulumi from "@pulumi/pulumi";
import type { Pending } from "../tenants/tenants.ts";

/** Outputs and promises, which a program may put in the place of values. */
export const pending: Pending = {
  is: (value) => pulumi.Output.isInstance(value) || value instanceof Promise,
  together: (one, other, join) =>
    pending.is(one) || pending.is(other) ? pulumi.all([one, other]).apply(([a, b]) => join(a, b)) : join(one, other),
};
