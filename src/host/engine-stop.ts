import { subscribe } from "node:diagnostics_channel";
import { newStop } from "../api/stop.ts";

/**
 * The stop that the engine asks for. At Ctrl-C it calls every provider, and waits for its earlier calls to end. The SDK's provider
 * host answers that call by itself and tells nobody, so the call is recognized as it comes in.
 */
export const engineStop = newStop();

/** Called by what the engine's provider host loads. */
export function watchStop(): void {
  subscribe("http2.server.stream.created", (message) => {
    const { headers } = message as { headers?: Record<string, unknown> };
    if (headers?.[":path"] === "/pulumirpc.ResourceProvider/Cancel") engineStop.begin();
  });
}
