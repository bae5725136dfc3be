import { typeOf } from "../../src/definitions/tokens.ts";
import { features, fields, limits, options } from "../../src/schema.ts";
import { type Comments, type Described, plain } from "./comments.mts";
import { code, listed, table } from "./markdown.mts";

/** The limits of each field, from the schema that checks them. */
const limitsOf: Readonly<Record<string, string>> = {
  displayName: range(limits.displayName),
  externalId: `${range(limits.externalId)}, unique in an environment`,
  metadata: `at most ${limits.metadataPairs} pairs; keys of ${range(limits.metadataKey)}, values of ${range(limits.metadataValue)}`,
  slug: `${range(limits.slug)}, as in a host name; unique in an environment`,
  logoUrl: `${range(limits.logoUrl)}: an https:// URL`,
  features: listed(features.map(code)),
  adopt: "needs externalId",
};

export function organizationChapter(comments: Comments): string {
  const args = comments.propertiesOf("OrganizationArgs");
  const declared = comments.of("Organization");
  const isField = (name: string) => (fields as readonly string[]).includes(name);
  const rows = [...fields, ...options].map((name) => {
    const { text, type, byDefault = "", optional } = args[name] as Described;
    const removal = !optional
      ? "required"
      : name === "features"
        ? "turned off"
        : isField(name)
          ? "cleared"
          : "the default";
    return [
      code(name),
      inputType(name, type),
      text,
      limitsOf[name] ?? "",
      byDefault,
      isField(name) ? "updated in place" : "nothing is sent",
      removal,
    ];
  });
  const outputs = Object.entries(comments.propertiesOf("Organization"))
    .filter(
      ([name, { text }]) => text !== "" && !(name in args) && !["id", "urn"].includes(name) && !name.startsWith("_"),
    )
    .map(([name, { type, text }]) => [code(name), plain(type), text]);
  return `## Organization

${declared.text}

${declared.example}

${table(["Argument", "Type", "What it is", "Limits", "Default", "When it changes", "When it is taken out"], rows)}

${table(["Output", "Type", "What it is"], outputs)}

Features are set by a request after the create. One that fails leaves the organization in the state, and the next \`pulumi up\` finishes it.

- **Unique**: ${code("externalId")} and ${code("slug")}, each in an environment. Organizations may swap their external IDs in one run.
- **Replaced**: never.
- **Delete**: ${code("DELETE /api/v1/organizations/{id}")}, with its connections and directories; refused while ${code("deletionProtection")} is on.
- **An answer that is lost**: with an external ID, what it made is taken over if it is provably what this resource asked for. Without one, nothing is created a second time: see [README](../README.md#when-a-run-is-interrupted).
- **Import id**: ${code("org_…")}, of the type ${code(typeOf("Organization"))}.
- **Errors**: at preview every limit that is broken; \`is that of … too, and it is unique in an environment\`; \`its external ID belongs to org_…\`; \`is protected from deletion\`; \`did not clear …\`.`;
}

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
  [...fields, ...options].filter((name) => name in args && !["externalId", "displayName", "slug"].includes(name));

function inputType(name: string, type: string): string {
  if (name === "metadata") return "string pairs";
  if (name === "features") return "flags by name";
  const inner = type.replaceAll(/(?:pulumi\.)?Input<([^<>]*)>/g, "$1").replace(" | undefined", "");
  return inner.includes(" | ") ? inner.split(" | ").map(code).join(", ") : inner;
}

function range({ min, max }: { readonly min: number; readonly max: number }): string {
  return `${min} to ${max} characters`;
}
