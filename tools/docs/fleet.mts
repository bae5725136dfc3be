import { organization } from "../../src/definitions/organization.ts";
import type { Comments, Described } from "./comments.mts";
import { code, listed, table } from "./markdown.mts";

export function fleetChapter(comments: Comments): string {
  const { text, example } = comments.of("OrganizationFleet");
  const args = comments.propertiesOf("OrganizationFleetArgs");
  const own = ["file", "tenants", "aliases"].map((name) => [code(name), (args[name] as Described).text]);
  const outputs = comments.propertiesOf("OrganizationFleet");
  return `## OrganizationFleet

${text}

${example}

${table(["Argument", "What it is"], own)}

One of ${code("file")} and ${code("tenants")} is required. Besides, ${listed(shared(args).map(code))}: what holds for each tenant that does
not say otherwise; ${code("metadata")} and ${code("features")} go together key by key.

${table(
  ["Output", "What it is"],
  ["organizations", "ids"].map((name) => [code(name), outputs[name]?.text ?? ""]),
)}

- **Names**: a tenant's resource is named after its external ID; all but letters, digits and ${code("-._~")} is percent-encoded.
- **Import**: its organizations, each by its own id, with the fleet as parent.
- **Errors**: all that is wrong with the list at once, at preview, each with its file and line.`;
}

const shared = (args: object): string[] =>
  [...Object.keys(organization.fields), "adopt"].filter(
    (name) => name in args && !["externalId", "displayName", "slug"].includes(name),
  );
