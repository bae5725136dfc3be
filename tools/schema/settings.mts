import { insecureHosts, numbers, sources, switches } from "../../src/config/settings.ts";
import type { Property } from "./property.mts";

/** What the provider is configured with: the settings of a stack, and the arguments of a provider of its own. */
export const settings: Readonly<Record<string, Property>> = {
  environmentUrl: {
    type: "string",
    description: "Where the Scalekit environment is, such as `https://example.scalekit.com`.",
    ...from(sources.environmentUrl),
  },
  clientId: {
    type: "string",
    description: "The client ID of the API credentials.",
    ...from(sources.clientId),
  },
  clientSecret: {
    type: "string",
    description: "The client secret of the API credentials.",
    ...from(sources.clientSecret),
    secret: true,
  },
  maxRequestsPerMinute: number(
    "maxRequestsPerMinute",
    "The most requests that Scalekit may count within any minute. Defaults to 600.",
  ),
  maxConcurrentRequests: number(
    "maxConcurrentRequests",
    "The most requests at the same time. Defaults to 10, or 1/120 of `maxRequestsPerMinute` where that is more, up to 100.",
  ),
  operationTimeout: number(
    "operationTimeout",
    "Seconds that one operation may take with its retries. Defaults to 300.",
  ),
  insecureHosts: {
    type: "string",
    description:
      "Test servers that may be called over http://, such as `emulator:8080`, with commas between them. To all other hosts but this machine, credentials are sent by https:// alone.",
    ...from(insecureHosts),
  },
  deletionProtection: {
    type: "boolean",
    description: "Whether organizations are protected from deletion where a program does not say. Defaults to true.",
    ...from(switches.deletionProtection),
  },
  previewConflicts: {
    type: "boolean",
    description:
      "Whether a preview says which external IDs and names of new resources are taken, for at most 50 requests for each kind of resource. Defaults to true.",
    ...from(switches.previewConflicts),
  },
  formerHost: {
    type: "string",
    description: "The environment's host in states that were saved before it had a new one.",
    ...from({ variable: "SCALEKIT_FORMER_HOST" }),
  },
};

function number(name: keyof typeof numbers, text: string): Property {
  const { most } = numbers[name];
  return { type: "integer", description: `${text} A whole number, 1 to ${most}.`, ...from(numbers[name]) };
}

function from({ variable }: { readonly variable: string }) {
  return { defaultInfo: { environment: [variable] } };
}
