import { z } from "zod";
import { invisible } from "./invisible.ts";
import { isKnown } from "./known.ts";
import type { DisplayNameOptions, OrganizationRule } from "./options.ts";
import { matches, pattern } from "./patterns.ts";
import { optionsOf, organizationRule } from "./rule.ts";

export const displayNameConventions: OrganizationRule = organizationRule({
  name: "display-name-conventions",
  displayName: "Display name conventions",
  description: "Display names are tidy and follow the company's conventions.",
  enforcementLevel: "advisory",
  severity: "low",
  remediationSteps: "Change displayName in the program, or the conventions in the policy pack's configuration.",
  options: optionsOf<DisplayNameOptions>()(
    z.strictObject({
      pattern: pattern().optional().describe("The pattern that a display name must match."),
      forbiddenWords: z.array(z.string().min(1)).default([]).describe("Words that it must not contain, in any case."),
    }),
  ),
  *problems({ args: { displayName }, options: { pattern, forbiddenWords } }) {
    if (typeof displayName !== "string" || !isKnown(displayName)) return;
    if (displayName !== displayName.trim()) yield "displayName begins or ends with white space";
    if (/\S\s{2,}\S/.test(displayName)) yield "displayName has several spaces in a row";
    if (invisible.test(displayName)) yield "displayName holds invisible characters";
    if (!/[\p{L}\p{N}]/u.test(displayName)) yield "displayName has neither a letter nor a digit";
    if (pattern !== undefined && !matches(pattern, displayName)) yield `displayName does not match ${pattern}`;
    for (const word of forbiddenWords.filter((word) => holds(displayName, word))) {
      yield `displayName holds the word "${word}"`;
    }
  },
  mend(properties, { args: { displayName } }) {
    if (typeof displayName !== "string" || !isKnown(displayName)) return false;
    const tidy = displayName.trim().replaceAll(/\s{2,}/g, " ");
    if (tidy === "" || tidy === displayName) return false;
    properties["displayName"] = tidy;
    return true;
  },
});

/** Whether `word`, which may be several, is in `text`. What has no letters, such as `--`, is looked for as it stands. */
function holds(text: string, word: string): boolean {
  const words = wordsOf(word);
  return words.trim() === "" ? text.includes(word) : wordsOf(text).includes(words);
}

/** Of one spelling and in one case, each with a space before and after it, so that several in a row are found as well. */
const wordsOf = (text: string): string =>
  ` ${text
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim()} `;
