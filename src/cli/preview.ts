import { z } from "zod";
import { definitionOf } from "../definitions/index.ts";
import { nameIn, typeIn } from "../definitions/tokens.ts";
import { ScalekitError } from "../errors.ts";
import { howToDelete } from "../lifecycle/protection.ts";
import { parseJson } from "../text/json.ts";
import { textOf } from "./files.ts";
import { pulumiEnded } from "./pulumi.ts";
import { misfitIn, stateResource } from "./state-resource.ts";

/** The step itself has the URN. */
const resource = stateResource.partial({ urn: true });

const step = z.object({
  op: z.string(),
  urn: z.string(),
  /** Absent if it will be created. */
  oldState: resource.extend({ retainOnDelete: z.boolean().optional() }).optional(),
  /** Absent if it will be deleted. */
  newState: resource.optional(),
});

/** What an update would do with one resource. */
export type Step = z.infer<typeof step>;

/** Pulumi leaves out what is empty. */
const wholePreview = z.object({
  steps: z.array(step).optional(),
  diagnostics: z.array(z.object({ message: z.string(), severity: z.string() })).optional(),
  duration: z.number().optional(),
});

type Preview = z.infer<typeof wholePreview>;

/** What an update would do, by a preview that Pulumi makes now. */
export async function stepsNow(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<readonly Step[]> {
  const { code, stdout, stderr } = await pulumiEnded(["preview", "--json", ...args], env);
  const { preview, why } = previewIn(stdout);
  if (code !== 0) {
    const errors = preview === undefined ? [] : errorsIn(preview);
    const said = errors.length > 0 ? errors.join("\n") : withoutPrefix(stderr);
    // Without the arguments, of which --config can hold a secret.
    throw new ScalekitError(`\`pulumi preview --json\` ended with ${code}${said === "" ? "" : `: ${said}`}`);
  }
  if (preview === undefined) {
    throw new ScalekitError(
      `\`pulumi preview --json\` printed something that is not a preview${why}. If PULUMI_ENABLE_STREAMING_JSON_PREVIEW is set, unset it.`,
    );
  }
  return stepsIn(preview, "that Pulumi made");
}

/** What an update would do, by a preview that was saved. */
export async function stepsInFile(file: string): Promise<readonly Step[]> {
  const { preview, why } = previewIn(await textOf(file, "the preview"));
  if (preview === undefined) {
    throw new ScalekitError(`${file} is not a preview${why}: give what \`pulumi preview --json\` writes.`);
  }
  return stepsIn(preview, `in ${file}`);
}

/** A preview, or why the text is none: a text that is no preview must not pass for one without changes. */
function previewIn(text: string): { readonly preview?: Preview; readonly why: string } {
  try {
    const parsed = parseJson(text);
    const misfit = misfitIn(wholePreview, parsed);
    if (misfit !== undefined) return { why: misfit && ` (${misfit} is not as Pulumi writes it)` };
    const { steps, diagnostics, duration } = parsed as Preview;
    return (steps ?? diagnostics ?? duration) === undefined ? { why: "" } : { preview: parsed as Preview, why: "" };
  } catch {
    return { why: "" };
  }
}

function stepsIn(preview: Preview, which: string): readonly Step[] {
  const errors = errorsIn(preview);
  // It ended before it had looked at every resource.
  if (errors.length > 0) {
    throw new ScalekitError(
      `The preview ${which} failed, and may not name all that would change: ${errors.join("\n")}`,
    );
  }
  return preview.steps ?? [];
}

const errorsIn = ({ diagnostics = [] }: Preview): string[] =>
  withoutAdvice(
    diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => withoutPrefix(message)),
  );

/**
 * Pulumi advises to unprotect each protected resource in the state. Then the provider would refuse, so one message names all of this
 * package's resources, with what to do.
 */
function withoutAdvice(messages: readonly string[]): string[] {
  const kept = messages.flatMap((message) => {
    const urn = protectedUrn.exec(message)?.[1] ?? "";
    const definition = definitionOf(typeIn(urn));
    return definition === undefined ? [] : [{ message, definition, name: nameIn(urn) }];
  });
  const [first] = kept;
  if (first === undefined) return [...messages];
  const names = kept.slice(0, 3).map(({ name }) => name);
  const refusal = `${names.join(", ")}${kept.length > 3 ? ` and ${kept.length - 3} more` : ""} ${kept.length === 1 ? "is" : "are"} protected from deletion. ${howToDelete(first.definition, "one")}`;
  return [refusal, ...messages.filter((message) => !kept.some((one) => one.message === message))];
}

const protectedUrn =
  /resource "?(urn:[^\s"]+)"?\s+(?:cannot be deleted\s+because it is protected|as it is currently marked for protection)/;

const withoutPrefix = (message: string): string => message.trim().replace(/^error: /, "");
