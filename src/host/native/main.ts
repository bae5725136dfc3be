import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { watchEngine } from "../engine.ts";
import { engineLog } from "./engine-log.ts";
import { nativeService } from "./native.ts";

/** The process of a plugin. The engine starts it with its own address, and reads the port from the first line. */
const address = process.argv.slice(2).find((argument) => /:\d+$/.test(argument));
const schema = readFileSync(join(__dirname, "schema.json"), "utf8");
const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(ResourceProviderService, nativeService({ schema, log: engineLog(address) }));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(port);
  if (address !== undefined) watchEngine(address);
});
