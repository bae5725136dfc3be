import { ScalekitError } from "../errors.ts";
import { upper } from "./create-errors.ts";

/** The environment that a run works on. */
export interface Environment {
  /** The host of its URL. Left out on this machine, where an emulator's port is another each time. */
  readonly host?: string | undefined;
  /** The host that it had when states were saved, where it has a new one. */
  readonly formerHost?: string | undefined;
}

/**
 * Keeps a run from taking organizations of another environment for its own: there they are not found, so a refresh would
 * take all of them for gone, and the next `up` would create all of them again.
 */
export function newEnvironment({ host, formerHost }: Environment, subject: (id: string) => string) {
  return {
    /** What a state has to say of where it is. */
    mark: host === undefined ? {} : { environment: host },
    /** Throws if what has these notes is elsewhere. What says nothing of that is taken to be here. */
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
