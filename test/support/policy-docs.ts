import { personalData } from "../../src/policy/personal-data.ts";
import { rules } from "../../src/policy/rules.ts";
import { secrets } from "../../src/policy/secrets.ts";

/** The rows of the documentation's tables, from the rules themselves. */
export const rulesTable = (): string =>
  Object.entries(rules)
    .map(([name, rule]) => {
      const options = Object.keys(rule.options.shape).map((option) => `\`${option}\``);
      return row(
        `\`${rule.name}\`: ${rule.description}`,
        `\`${name}\``,
        rule.enforcementLevel,
        rule.severity ?? "",
        options.join(", "),
        "remediateResource" in rule ? "yes" : "",
      );
    })
    .join("\n");

export const detectorsTable = (): string =>
  [...secrets, ...personalData].map(({ name, what }) => row(`\`${name}\``, what)).join("\n");

const row = (...cells: string[]): string => `| ${cells.join(" | ")} |`.replaceAll("  ", " ");
