import { Server, ServerCredentials, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { watchEngine } from "../engine.ts";

/** The engine's address, which it gives to a plugin that it starts. */
export const engineAddress = process.argv.slice(2).find((argument) => /^[^/]+:\d+$/.test(argument));

/** Serves the engine, which reads the port from the first line, until it is gone. */
export function listen(service: UntypedServiceImplementation): void {
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, service);
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    console.log(port);
    if (engineAddress !== undefined) watchEngine(engineAddress);
  });
}
