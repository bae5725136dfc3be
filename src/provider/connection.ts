import { type Client, newClient } from "../api/client.ts";
import type { Gate } from "../api/gate.ts";
import type { Stop } from "../api/stop.ts";
import { isDebugging, isSavedAtEndOnly } from "../config/engine-variables.ts";
import { journalFolder, journalPath } from "../config/paths.ts";
import { readEnvironment, readPreviewConflicts, readSettings, type StackConfig } from "../config/settings.ts";
import type { Environment } from "../lifecycle/environment.ts";
import { type Journal, openJournal } from "../lifecycle/journal.ts";
import { allJournals, journalFile } from "../lifecycle/journal-file.ts";
import type { Importing } from "../lifecycle/telling.ts";
import { visible } from "../text/visible.ts";

/** What all resources of a run share: one client, with its token and connection pool, and one journal. */
export interface Connection {
  readonly client: Client;
  readonly environmentUrl: string;
  readonly journal: Journal;
  readonly environment: Environment;
  readonly say: (line: string) => void;
  readonly importing?: Importing;
  /** Whether a preview looks for the keys of creates. */
  readonly previewsConflicts: boolean;
  /** Whether the user asked the run to stop. */
  isStopped(): boolean;
}

/** What a host provides. */
export interface ConnectionOptions {
  /** The stack's configuration. */
  readonly config: StackConfig;
  /** Which stack this is, once the host knows. */
  stack(): Stack | undefined;
  /** Shows a line in the run's diagnostics. */
  log(line: string): void;
  /** Whether requests may leave. */
  readonly gate: Gate;
  /** @default none */
  readonly stop?: Stop;
  /** The command that takes over an existing object, if it is not this package's own. */
  readonly importing?: Importing;
}

export interface Stack {
  /** `organization/project/stack` */
  readonly stack: string;
  /** The project's folder. */
  readonly project: string;
}

export function connect({ config, stack, log, gate, stop, importing }: ConnectionOptions): Connection {
  const say = (line: string): void => log(visible(line));
  /** Waits for ever if the engine is gone, as requests do. */
  const isHeard = (): Promise<boolean> => gate.pass().then(() => gate.isOpen());
  const settings = readSettings(config);
  const storage = () => {
    const known = stack();
    return known && journalFile(journalPath(known.stack, known.project), say);
  };
  return {
    client: newClient({ ...settings, gate, say, ...(stop && { stop }), ...(isDebugging() && { trace: say }) }),
    environmentUrl: settings.environmentUrl,
    journal: openJournal(settings.environmentUrl, storage, {
      strict: isSavedAtEndOnly(),
      isHeard,
      readAll: allJournals(journalFolder()),
    }),
    environment: readEnvironment(settings.environmentUrl, config),
    say,
    previewsConflicts: readPreviewConflicts(config),
    isStopped: () => stop?.hasBegun() === true,
    ...(importing && { importing }),
  };
}
