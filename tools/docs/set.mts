import { organization } from "../../src/definitions/organization.ts";
import type { Comments, Described } from "./comments.mts";
import { code, listed, table } from "./markdown.mts";

export function setChapter(comments: Comments): string {
  const { text, example } = comments.of("OrganizationSet");
  const args = comments.propertiesOf("OrganizationSetArgs");
  const own = ["file", "tenants"].map((name) => [code(name), (args[name] as Described).text]);
  const outputs = comments.propertiesOf("OrganizationSet");
  return `## OrganizationSet

${text}

${example}

${table(["Argument", "What it is"], own)}

One of ${code("file")} and ${code("tenants")} is required. Besides, ${listed(shared(args).map(code))}: what holds for each tenant that does
not say otherwise; ${code("metadata")} and ${code("features")} go together key by key. A tenant may also have ${code("formerExternalId")}:
${(comments.propertiesOf("SetTenant")["formerExternalId"] as Described).text}

${table(
  ["Output", "What it is"],
  ["ids", "count", "idList", "tenants"].map((name) => [code(name), outputs[name]?.text ?? ""]),
)}

${code("set.idOf(externalId)")} gives the id of one organization. In YAML, Python and Go, ${code("tenants")} is the text itself, a tenant on each line.

- **Import**: none. ${code("adopt: true")} takes over organizations that exist.
- **Errors**: all that is wrong with the list at once, at preview, each with its file and line.
- [docs/sets.md](sets.md) has the rest.`;
}

const shared = (args: object): string[] =>
  [...Object.keys(organization.fields), "adopt"].filter(
    (name) => name in args && !["externalId", "displayName", "slug"].includes(name),
  );
