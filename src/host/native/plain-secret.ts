import { readFileSync } from "node:fs";
import { join } from "node:path";
import { aboutPlainSecrets, plainSecretsIn, sources } from "../../config/settings.ts";
import { stackOf } from "./stack.ts";

/**
 * The problem with a client secret that stands in the stack's configuration in plain text. When the engine asks whether settings
 * are right, it does not say which are marked as secrets. When it says that, it has saved them already. So this reads the file.
 *
 * @param urn the provider's
 */
export function problemWithPlainSecret(urn: string, secret: unknown, folder?: string): string | undefined {
  const { key } = sources.clientSecret;
  if (typeof secret !== "string" || plainTextOf(key, urn, folder) !== secret) return undefined;
  return aboutPlainSecrets(
    plainSecretsIn({ [key]: secret }, () => false),
    "Nothing was sent. ",
  );
}

/** Pulumi writes this file itself: a plain value beside its key, an encrypted one below it. */
function plainTextOf(key: string, urn: string, folder?: string): string | undefined {
  const { stack, project } = stackOf(urn, folder) ?? {};
  if (stack === undefined || project === undefined) return undefined;
  const text = textOf(join(project, `Pulumi.${stack.split("/").at(-1)}.yaml`));
  const value = new RegExp(`^[ \\t]*["']?${key}["']?:[ \\t]*(\\S.*?)[ \\t]*$`, "m").exec(text)?.[1];
  return value?.replace(/^(["'])(.*)\1$/, "$2");
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
