import { ScalekitError } from "../errors.ts";
import { upper } from "./create-errors.ts";

/** The environment that a run works on. */
export interface Environment {
  /** The host of its URL. Absent on this machine, where an emulator has another port each time. */
  readonly host?: string | undefined;
  /** The host that it had when states were saved, if it has a new one. */
  readonly formerHost?: string | undefined;
}

/**
 * Stops a run on objects of another environment. They are not found here, so a refresh would report all of them as gone, and
 * the next `up` would create them again.
 */
export function newEnvironment({ host, formerHost }: Environment, subject: (id: string) => string) {
  return {
    /** The note for a state that says which environment it is in. */
    mark: host === undefined ? {} : { environment: host },
    /** Throws if a state with these notes is in another environment. A state without a note counts as being here. */
    requireHere(id: string, { environment }: { readonly environment?: string | undefined }): void {
      if (host === undefined || environment === undefined) return;
      if (environment !== host && environment !== formerHost) throw elsewhere(upper(subject(id)), environment, host);
    },
  };
}

const elsewhere = (what: string, there: string, here: string): ScalekitError =>
  new ScalekitError(
    `${what} is in the environment ${there}, and this run works on ${here}. Nothing was sent. Set scalekit:environmentUrl, or ` +
      `SCALEKIT_ENVIRONMENT_URL, to the right one. If it is the same environment under a new address, set scalekit:formerHost, or ` +
      `SCALEKIT_FORMER_HOST, to ${there}.`,
  );
