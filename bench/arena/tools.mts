import type { Setting } from "../plan/settings.mts";
import { alchemyTool } from "./alchemy.mts";
import { loopTool } from "./loop.mts";
import { openTofuTool } from "./opentofu.mts";
import { pulumiTool } from "./pulumi.mts";
import type { Tool, ToolOptions } from "./tool.mts";

const others = { loop: loopTool, alchemy: alchemyTool, opentofu: openTofuTool };

export async function toolOf({ setting, ...options }: ToolOptions & { readonly setting: Setting }): Promise<Tool> {
  const { provider } = options;
  return provider in others ? others[provider as keyof typeof others](options) : pulumiTool(options, setting);
}
