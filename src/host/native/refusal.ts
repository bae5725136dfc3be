import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb.js";
import { Status } from "@pulumi/pulumi/proto/status_pb.js";
import { Any } from "google-protobuf/google/protobuf/any_pb.js";
import type { Values } from "../../definitions/definition.ts";
import { withHeadline } from "../../text/headline.ts";
import { stateStructOf } from "./struct.ts";

/**
 * The form in which the engine takes an error. One that has an id and properties leaves the resource in the state: see
 * lifecycle/partial-failure.ts.
 */
export function refusalOf(error: unknown): Partial<ServiceError> {
  const { message: whole, id, properties } = error as Error & { id?: string; properties?: Values };
  const message = withHeadline(whole);
  const metadata = new Metadata();
  if (id !== undefined && properties !== undefined) {
    const failed = new ErrorResourceInitFailed();
    failed.setId(id);
    failed.setProperties(stateStructOf(properties));
    failed.setReasonsList([message]);
    const details = new Any();
    details.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const answer = new Status();
    answer.setCode(status.UNKNOWN);
    answer.setMessage(message);
    answer.addDetails(details);
    metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  }
  return { code: status.UNKNOWN, details: message, metadata };
}
