import { readFileSync } from "node:fs";
import { join } from "node:path";
import { credentials, Server, ServerCredentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as rpc from "@pulumi/pulumi/proto/provider_pb.js";
import { Status } from "@pulumi/pulumi/proto/status_pb.js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { onTestFinished } from "vitest";
import { engineLog } from "../../src/host/native/engine-log.ts";
import { nativeService } from "../../src/host/native/native.ts";

type Values = Readonly<Record<string, unknown>>;

export const schema = readFileSync(join(import.meta.dirname, "..", "..", "schema.json"), "utf8");

/** A plugin in this process, called as the engine calls one: over gRPC, with Protobuf's own values. */
export async function startPlugin() {
  const server = new Server();
  server.addService(ResourceProviderService, nativeService({ schema, log: engineLog(undefined) }));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  onTestFinished(() => {
    client.close();
    server.forceShutdown();
  });

  const call = <Request, Answer>(
    method: (request: Request, answer: (error: ServiceError | null, answer: Answer) => void) => unknown,
    request: Request,
  ): Promise<Answer> =>
    new Promise((resolve, reject) =>
      method.call(client, request, (error, answer) => (error === null ? resolve(answer) : reject(error))),
    );

  return {
    call,
    client,
    /** Configures it for an environment. Secrets are marked. */
    configure: (values: Values, urn = providerUrn) =>
      call<rpc.ConfigureRequest, rpc.ConfigureResponse>(
        client.configure,
        new rpc.ConfigureRequest().setUrn(urn).setArgs(struct(values)),
      ),
    check: async (urn: string, news: Values, olds: Values = {}) => {
      const answer = await call<rpc.CheckRequest, rpc.CheckResponse>(
        client.check,
        new rpc.CheckRequest().setUrn(urn).setNews(struct(news)).setOlds(struct(olds)),
      );
      return { inputs: values(answer.getInputs()), failures: answer.getFailuresList().map((one) => one.toObject()) };
    },
    diff: async (urn: string, id: string, { state, oldInputs, inputs }: Call) => {
      const request = new rpc.DiffRequest().setUrn(urn).setId(id).setNews(struct(inputs));
      const answer = await call<rpc.DiffRequest, rpc.DiffResponse>(
        client.diff,
        request.setOlds(struct(state)).setOldInputs(struct(oldInputs)),
      );
      return {
        isChanged: answer.getChanges() === rpc.DiffResponse.DiffChanges.DIFF_SOME,
        replaces: answer.getReplacesList(),
        details: Object.fromEntries(
          [...answer.getDetaileddiffMap().entries()].map(([path, detail]) => [path, kinds[detail.getKind()]]),
        ),
      };
    },
    create: async (urn: string, inputs: Values, isPreview = false) => {
      const request = new rpc.CreateRequest().setUrn(urn).setProperties(struct(inputs)).setPreview(isPreview);
      const answer = await call<rpc.CreateRequest, rpc.CreateResponse>(client.create, request);
      return { id: answer.getId(), state: values(answer.getProperties()) };
    },
    read: async (urn: string, id: string, { state = {}, inputs = {} }: { state?: Values; inputs?: Values } = {}) => {
      const request = new rpc.ReadRequest().setUrn(urn).setId(id);
      const answer = await call<rpc.ReadRequest, rpc.ReadResponse>(
        client.read,
        request.setProperties(struct(state)).setInputs(struct(inputs)),
      );
      return { id: answer.getId(), state: values(answer.getProperties()), inputs: values(answer.getInputs()) };
    },
    update: async (urn: string, id: string, { state, oldInputs, inputs }: Call, isPreview = false) => {
      const request = new rpc.UpdateRequest().setUrn(urn).setId(id).setNews(struct(inputs)).setPreview(isPreview);
      const answer = await call<rpc.UpdateRequest, rpc.UpdateResponse>(
        client.update,
        request.setOlds(struct(state)).setOldInputs(struct(oldInputs)),
      );
      return values(answer.getProperties());
    },
    remove: (urn: string, id: string, { state, oldInputs }: Omit<Call, "inputs">) =>
      call<rpc.DeleteRequest, Empty>(
        client.delete,
        new rpc.DeleteRequest().setUrn(urn).setId(id).setProperties(struct(state)).setOldInputs(struct(oldInputs)),
      ),
    invoke: async (token: string, args: Values) =>
      values(
        (
          await call<rpc.InvokeRequest, rpc.InvokeResponse>(
            client.invoke,
            new rpc.InvokeRequest().setTok(token).setArgs(struct(args)),
          )
        ).getReturn(),
      ),
  };
}

interface Call {
  readonly state: Values;
  readonly oldInputs: Values;
  readonly inputs: Values;
}

export const providerUrn = "urn:pulumi:dev::project::pulumi:providers:scalekit::default";
export const urnOf = (name: string, resource = "one"): string =>
  `urn:pulumi:dev::project::scalekit:index:${name}::${resource}`;

/** As the engine marks a secret. */
export const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

const kinds = Object.fromEntries(
  Object.entries(rpc.PropertyDiff.Kind).map(([name, value]) => [value, name.toLowerCase().replace("_", " ")]),
);

const struct = (given: Values): Struct => Struct.fromJavaScript(JSON.parse(JSON.stringify(given)));
const values = (given: Struct | undefined): Values => (given?.toJavaScript() ?? {}) as Values;

/** What an error leaves in the state. */
export function keptBy(error: ServiceError): { id: string; state: Values; reasons: string[] } | undefined {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  if (!Buffer.isBuffer(bytes)) return undefined;
  const [detail] = Status.deserializeBinary(bytes).getDetailsList();
  const failed = rpc.ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
  return { id: failed.getId(), state: values(failed.getProperties()), reasons: failed.getReasonsList() };
}
