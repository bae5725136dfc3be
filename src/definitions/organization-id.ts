import { required, text } from "./field.ts";

/** Scalekit's id of the organization that it belongs to, `org_…`. */
export const organizationId = required(
  text({
    min: 1,
    max: 32,
    pattern: [/^org_\w+$/, "the id of an organization, which looks like org_59615193906282635"],
    replaces: true,
  }),
);
