import type { Setting } from "../plan/settings.mts";
import { loopTool } from "./loop.mts";
import { pulumiTool } from "./pulumi.mts";
import type { Tool, ToolOptions } from "./tool.mts";

export async function toolOf({ setting, ...options }: ToolOptions & { readonly setting: Setting }): Promise<Tool> {
  if (options.provider === "loop") return loopTool(options);
  return pulumiTool(options, setting);
}
