import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import * as rpc from "@pulumi/pulumi/proto/provider_pb.js";

/** The package's schema, as JSON. The build puts it beside the plugin. */
export const readSchema = (): string => readFileSync(join(__dirname, "schema.json"), "utf8");

/** What a plugin says of itself before it is configured. It accepts no marks of secrets: see native.ts. */
export const about = (schema: string) => ({
  handshake: async () => new rpc.ProviderHandshakeResponse(),
  getPluginInfo: async () => new PluginInfo().setVersion(JSON.parse(schema).version),
  getSchema: async () => new rpc.GetSchemaResponse().setSchema(schema),
  getMapping: async () => new rpc.GetMappingResponse(),
  getMappings: async () => new rpc.GetMappingsResponse(),
});
