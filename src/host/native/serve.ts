import type { ServerUnaryCall, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Message } from "google-protobuf";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { withoutProvider } from "../../definitions/tokens.ts";
import type { EngineLog } from "./engine-log.ts";
import { refusalOf } from "./refusal.ts";
import { valuesOf } from "./struct.ts";

/** The engine's calls, answered by these verbs. What they show stands at the resource that the call is about. */
export function serve(verbs: Readonly<Record<string, Verb>>, log: EngineLog = silent): UntypedServiceImplementation {
  const answering = (verb: Verb) => (call: ServerUnaryCall<Message, Message>, answer: sendUnaryData<Message>) => {
    const urn = (call.request as Partial<Named>).getUrn?.() ?? "";
    log
      .at(urn, () => verb(call.request as never))
      .then(
        (result) => answer(null, result),
        (error: unknown) => answer(refusalOf(error)),
      );
  };
  return Object.fromEntries(Object.entries(verbs).map(([name, verb]) => [name, answering(verb)]));
}

const silent: EngineLog = { at: (_, work) => work(), log: () => {} };

type Verb = (request: never) => Promise<Message>;

interface Named {
  getUrn(): string;
}

/** What the engine says of a resource that exists. */
export const callOf = (
  request: Named & { getId(): string },
  { state, oldInputs }: { readonly state: Struct | undefined; readonly oldInputs: Struct | undefined },
) => ({
  urn: request.getUrn(),
  id: request.getId(),
  state: withoutProvider(valuesOf(state)),
  oldInputs: withoutProvider(valuesOf(oldInputs)),
});
