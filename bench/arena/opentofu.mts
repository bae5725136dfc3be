import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Operation } from "../results/results.mts";
import type { Tool, ToolOptions } from "./tool.mts";

/** Organizations as objects of OpenTofu's provider for any REST API. */
export async function openTofuTool({ folder, peers = "", api }: ToolOptions): Promise<Tool> {
  const config = join(folder, "tofu.rc");
  const provider = `provider_installation {\n  dev_overrides { "mastercard/restapi" = ${JSON.stringify(peers)} }\n  direct {}\n}\n`;
  await writeFile(config, provider);
  await copyFile(join(import.meta.dirname, "..", "programs", "opentofu.tf"), join(folder, "main.tf"));
  return {
    env: {
      TF_CLI_CONFIG_FILE: config,
      CHECKPOINT_DISABLE: "true",
      TF_VAR_url: api["SCALEKIT_ENVIRONMENT_URL"] ?? "",
      TF_VAR_token: await tokenFrom(api),
    },
    isReal: true,
    declare: (declared) => writeFile(join(folder, "organizations.json"), JSON.stringify(declared)),
    begin: [],
    before: () => [],
    command: (operation) => ({
      file: join(peers, "tofu"),
      args: [...commands[operation], "-no-color", "-input=false"],
    }),
    state: async () => undefined,
  };
}

const commands: Record<Operation, readonly string[]> = {
  up: ["apply", "-auto-approve"],
  again: ["apply", "-auto-approve"],
  preview: ["plan", "-detailed-exitcode"],
  refresh: ["plan", "-refresh-only", "-detailed-exitcode"],
  update: ["apply", "-auto-approve"],
  destroy: ["destroy", "-auto-approve"],
};

/** The provider would first ask for a token by HTTP's own scheme, and be refused. */
async function tokenFrom(api: Readonly<Record<string, string>>): Promise<string> {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: api["SCALEKIT_CLIENT_ID"] ?? "",
    client_secret: api["SCALEKIT_CLIENT_SECRET"] ?? "",
  });
  const answer = await fetch(`${api["SCALEKIT_ENVIRONMENT_URL"]}/oauth/token`, { method: "POST", body });
  return ((await answer.json()) as { access_token: string }).access_token;
}
