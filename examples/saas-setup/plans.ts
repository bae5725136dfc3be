import type { OrganizationArgs } from "pulumi-scalekit";

/** What customers of a plan get. */
export interface Plan {
  features: OrganizationArgs["features"];
  users: number;
  /** Minutes. Without it the application's own policy holds. */
  session?: { absolute: number; idle?: number };
}

const plans: Record<string, Plan> = {
  free: {
    features: { sso: false, dirSync: false },
    users: 5,
  },
  business: {
    features: { sso: true, dirSync: false },
    users: 100,
    session: { absolute: 7 * 24 * 60 },
  },
  enterprise: {
    features: { sso: true, dirSync: true, domainVerification: true, sessionPolicy: true },
    users: 5000,
    session: { absolute: 12 * 60, idle: 30 },
  },
};

export function planOf(name: string): Plan {
  const plan = plans[name];
  if (plan === undefined) throw new Error(`there is no plan "${name}", only ${Object.keys(plans).join(", ")}`);
  return plan;
}
