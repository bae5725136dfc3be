import { ScalekitError } from "../errors.ts";
import { textOf } from "./files.ts";
import { pulumiEnded } from "./pulumi.ts";
import type { StateResource } from "./stack-state.ts";

/** What an update would do with one resource. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  /** Absent for what is to be created. */
  readonly oldState?: Resource & { readonly id?: string; readonly retainOnDelete?: boolean };
  /** Absent for what is to be deleted. */
  readonly newState?: Resource;
}

/** Components have no id, and what is to be created has none yet. */
type Resource = Omit<StateResource, "id">;

/** What an update would do, by a preview that Pulumi makes now. */
export async function stepsNow(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<readonly Step[]> {
  const { code, stdout, stderr } = await pulumiEnded(["preview", "--json", ...args], env);
  const preview = previewIn(stdout);
  if (code !== 0) {
    const errors = preview === undefined ? [] : errorsIn(preview);
    const said = errors.length > 0 ? errors.join("\n") : withoutPrefix(stderr);
    // Without the arguments, of which --config can hold a secret.
    throw new ScalekitError(`\`pulumi preview --json\` ended with ${code}${said === "" ? "" : `: ${said}`}`);
  }
  if (preview === undefined) {
    throw new ScalekitError(
      "`pulumi preview --json` printed what is no preview. Where PULUMI_ENABLE_STREAMING_JSON_PREVIEW is set, unset it.",
    );
  }
  return stepsIn(preview, "that Pulumi made");
}

/** What an update would do, by a preview that was saved. */
export async function stepsInFile(file: string): Promise<readonly Step[]> {
  const preview = previewIn(await textOf(file, "the preview"));
  if (preview === undefined) {
    throw new ScalekitError(`${file} is not a preview: give what \`pulumi preview --json\` writes.`);
  }
  return stepsIn(preview, `in ${file}`);
}

interface Preview {
  readonly steps?: readonly Step[];
  readonly diagnostics?: readonly { readonly message: string; readonly severity: string }[];
  readonly duration?: number;
}

/** What is no preview must not pass for one in which nothing would be done. Pulumi leaves out what is empty. */
function previewIn(text: string): Preview | undefined {
  try {
    const preview = JSON.parse(text) as Preview | null;
    const { steps, diagnostics, duration } = preview ?? {};
    const empty = steps === undefined && (diagnostics ?? duration) !== undefined;
    return preview !== null && (empty || Array.isArray(steps)) ? preview : undefined;
  } catch {
    return undefined;
  }
}

function stepsIn(preview: Preview, which: string): readonly Step[] {
  const errors = errorsIn(preview);
  // It ended before all was looked at.
  if (errors.length > 0) {
    throw new ScalekitError(
      `The preview ${which} failed, and may not name all that would change: ${errors.join("\n")}`,
    );
  }
  return preview.steps ?? [];
}

const errorsIn = ({ diagnostics = [] }: Preview): string[] =>
  diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => withoutPrefix(message));

const withoutPrefix = (message: string): string => message.trim().replace(/^error: /, "");
