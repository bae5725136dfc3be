import { z } from "zod";

/**
 * A regular expression in a rule's configuration. The engine refuses one that is malformed before any resource is looked
 * at, because it knows the format; by Go's syntax, which has neither look-around nor back-references. What only
 * JavaScript refuses is reported by the rule.
 */
export const pattern = () =>
  z
    .string()
    .meta({ format: "regex" })
    .superRefine((text, ctx) => {
      try {
        compiled(text);
      } catch (error) {
        ctx.addIssue(`is not a regular expression: ${(error as Error).message}`);
      }
    });

/** Names in which `*` stands for any text. */
export const globs = () => z.array(z.string().min(1));

/** Whether `text` holds what `pattern` describes; anchor it with `^` and `$` to describe all of it. */
export const matches = (pattern: string, text: string): boolean => compiled(pattern).test(text);

export const matchesAny = (globs: readonly string[], ...texts: readonly string[]): boolean =>
  globs.some((glob) => texts.some((text) => expressionOf(glob).test(text)));

const compiled = remembering((pattern) => new RegExp(pattern, "u"));

const expressionOf = remembering((glob) => new RegExp(`^${glob.split(/\*+/).map(escaped).join("[^]*?")}$`, "u"));

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** A pack looks at every resource by the same few expressions. */
function remembering(make: (text: string) => RegExp): (text: string) => RegExp {
  const made = new Map<string, RegExp>();
  return (text) => {
    const known = made.get(text) ?? make(text);
    made.set(text, known);
    return known;
  };
}
