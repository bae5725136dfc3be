import { AsyncLocalStorage } from "node:async_hooks";
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb.js";

/** Shows lines in the engine's output, each at the resource that the call is about. */
export interface EngineLog {
  /** Runs `work` for a resource. When it ends, the engine has its lines. */
  at<T>(urn: string, work: () => Promise<T>): Promise<T>;
  log(line: string): void;
}

/** @param address the engine's, nothing where there is no engine */
export function engineLog(address: string | undefined): EngineLog {
  const resource = new AsyncLocalStorage<string>();
  const engine = address === undefined ? undefined : new EngineClient(address, credentials.createInsecure());
  const underWay = new Set<Promise<void>>();

  function send(line: string): Promise<void> {
    const request = new LogRequest();
    request.setSeverity(LogSeverity.INFO);
    request.setMessage(line);
    request.setUrn(resource.getStore() ?? "");
    // An engine that is gone hears nothing.
    return new Promise((resolve) => (engine === undefined ? resolve() : engine.log(request, () => resolve())));
  }

  return {
    at: (urn, work) => resource.run(urn, () => work().finally(() => Promise.all(underWay))),
    log(line) {
      const sent = send(line).finally(() => underWay.delete(sent));
      underWay.add(sent);
    },
  };
}
