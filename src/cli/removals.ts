import { ScalekitError } from "../errors.ts";
import { organizationType } from "../resource.ts";
import { textOf } from "./files.ts";
import { onStack, pulumiEnded } from "./pulumi.ts";

/** An organization that an update would take out of the stack. */
export interface Removal {
  readonly name: string;
  readonly id: string;
  readonly action: "delete" | "replace";
  /** Whether it stays at Scalekit. */
  readonly retained: boolean;
}

/** What a preview that Pulumi makes now would remove. */
export async function removalsOf(stack: string | undefined, more: readonly string[]): Promise<Removal[]> {
  const { code, stdout, stderr } = await pulumiEnded(["preview", "--json", ...onStack(stack), ...more]);
  const preview = previewIn(stdout);
  if (code !== 0) {
    const said = preview === undefined ? stderr.trim().replace(/^error: /, "") : errorsIn(preview);
    // Without the arguments, of which --config can hold a secret.
    throw new ScalekitError(`\`pulumi preview --json\` ended with ${code}${said ? `: ${said}` : ""}`);
  }
  return removalsIn(preview, "what `pulumi preview --json` printed");
}

/** What the preview in a file would remove. */
export const removalsInFile = async (file: string): Promise<Removal[]> =>
  removalsIn(previewIn(await textOf(file, "the preview")), file);

interface Preview {
  readonly steps: readonly Step[];
  readonly diagnostics?: readonly { readonly message: string; readonly severity: string }[];
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: { readonly type: string; readonly id?: string; readonly retainOnDelete?: boolean };
}

function previewIn(text: string): Preview | undefined {
  try {
    const preview = JSON.parse(text) as Partial<Preview> | null;
    return Array.isArray(preview?.steps) ? (preview as Preview) : undefined;
  } catch {
    return undefined;
  }
}

function removalsIn(preview: Preview | undefined, source: string): Removal[] {
  if (preview === undefined)
    throw new ScalekitError(`${source} is not a preview: give what \`pulumi preview --json\` writes.`);
  // It ended before all was looked at.
  const errors = errorsIn(preview);
  if (errors) throw new ScalekitError(`The preview in ${source} failed, and may not name all that would go: ${errors}`);
  const removals = new Map<string, Removal>();
  for (const { op, urn, oldState } of preview.steps) {
    const action = actions[op];
    if (action === undefined || oldState?.type !== organizationType) continue;
    const name = urn.split("::").slice(3).join("::");
    const { id = "", retainOnDelete } = oldState;
    // A resource has several where an earlier run did not come to delete what it had replaced.
    removals.set(`${urn} ${id}`, { name, id, action, retained: retainOnDelete === true });
  }
  return [...removals.values()];
}

/** Pulumi's steps that remove a resource; a replacement is several. */
const actions: Readonly<Record<string, Removal["action"]>> = {
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "discard-replaced": "replace",
};

const errorsIn = ({ diagnostics }: Preview): string =>
  (diagnostics ?? [])
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.trim().replace(/^error: /, ""))
    .join("; ");
