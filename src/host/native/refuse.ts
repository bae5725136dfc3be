import * as rpc from "@pulumi/pulumi/proto/provider_pb.js";
import { about, readSchema } from "./about.ts";
import { listen } from "./listen.ts";
import { serve } from "./serve.ts";

/**
 * A plugin that says why it cannot work, to a preview. If it ended instead, the engine would call that a bug of the provider, in ten
 * lines. Nothing here may need a new Node.js.
 */
export const refuse = (reason: string): void =>
  listen(
    serve({
      ...about(readSchema()),
      checkConfig: async () => new rpc.CheckResponse().setFailuresList([new rpc.CheckFailure().setReason(reason)]),
      configure: () => Promise.reject(new Error(reason)),
    }),
  );
