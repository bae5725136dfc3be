import { z } from "zod";
import { ownerField } from "../definitions/definition.ts";
import { type Detector, detect } from "./detectors.ts";
import { isKnown } from "./known.ts";
import type { OrganizationRule, SensitiveOptions } from "./options.ts";
import { globs, matchesAny } from "./patterns.ts";
import { personalData } from "./personal-data.ts";
import { optionsOf, organizationRule, type Subject } from "./rule.ts";
import { secrets } from "./secrets.ts";

/** A Pulumi secret is one too: it is encrypted in the state, and readable at Scalekit. */
export const noSecrets: OrganizationRule = organizationRule({
  name: "no-secrets",
  displayName: "No secrets",
  description: "No argument looks like a password, a key or a token.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps:
    "Keep it in a secret store and remove it from the program; if it is not a secret, exempt it in the policy pack's configuration.",
  options: optionsFor(secrets),
  isAboutAll: true,
  problems: (subject) => found(secrets, subject),
});

export const noPersonalData: OrganizationRule = organizationRule({
  name: "no-personal-data",
  displayName: "No personal data",
  description: "No argument looks like personal data.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Keep it where your application keeps its users and remove it from the program; if it is not a secret, exempt it in the policy pack's configuration.",
  options: optionsFor(personalData),
  isAboutAll: true,
  problems: (subject) => found(personalData, subject),
});

function optionsFor(detectors: readonly Detector[]) {
  const names = detectors.map(({ name }) => name);
  return optionsOf<SensitiveOptions>()(
    z.strictObject({
      except: z
        .array(z.enum(names, { error: `must be one of ${names.join(", ")}` }))
        .default([])
        .describe("Detectors to skip."),
      ignoreKeys: globs().default([]).describe("Metadata keys to skip; * stands for any text."),
    }),
  );
}

/** With the defaults. */
type Settled = z.output<ReturnType<typeof optionsFor>>;

function* found(detectors: readonly Detector[], { args, options }: Subject<Settled>): Iterable<string> {
  const wanted = detectors.filter(({ name }) => !options.except.includes(name));
  for (const { path, key, value } of textsIn(args)) {
    if (key !== undefined && matchesAny(options.ignoreKeys, key)) continue;
    const hit = detect(wanted, value, key);
    if (hit) yield `${path} looks like ${hit.what} (${hit.name})`;
  }
}

/** Every text that a program declares, whichever arguments there come to be; in maps and lists each by itself. */
function* textsIn(args: Subject["args"]) {
  for (const [path, value] of Object.entries(args)) {
    if (path === ownerField || !isKnown(value)) continue;
    if (typeof value === "string") yield { path, key: undefined, value };
    if (typeof value !== "object" || value === null) continue;
    const isList = Array.isArray(value);
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner !== "string" || !isKnown(inner)) continue;
      yield isList
        ? { path: `${path}[${key}]`, key: undefined, value: inner }
        : { path: `${path}.${key}`, key, value: inner };
    }
  }
}
