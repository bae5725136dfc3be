/** A setting of the engine that may change how long it takes. */
export interface Setting {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** What is added to the URL of the file backend. */
  readonly backendQuery?: string;
}

export const checkpointsOff: Setting = { env: { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" } };

/** What the others are compared with. */
export const plain = "none of them";

/** What is tried one by one with checkpoints on. */
export const settings: Readonly<Record<string, Setting>> = {
  [plain]: {},
  "`PULUMI_DIY_BACKEND_GZIP=true`": { env: { PULUMI_DIY_BACKEND_GZIP: "true" } },
  "`PULUMI_DIY_BACKEND_ZSTD=true`": { env: { PULUMI_DIY_BACKEND_ZSTD: "true" } },
  "`PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS=true`": {
    env: { PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true" },
  },
  "`?metadata=skip` in the backend's URL": { backendQuery: "?metadata=skip" },
  "`--disable-integrity-checking`": { args: ["--disable-integrity-checking"] },
  "`PULUMI_PARALLEL_DIFF=true`": { env: { PULUMI_PARALLEL_DIFF: "true" } },
};

/** What is tried with checkpoints off and an API that takes its time, where it counts how much is done at once. */
export const parallelism: Readonly<Record<string, Setting>> = {
  [plain]: {},
  "`--parallel 1`": { args: ["--parallel", "1"] },
  "`--parallel 32`": { args: ["--parallel", "32"] },
  "`--parallel 32`, `maxConcurrentRequests` 32": {
    args: ["--parallel", "32"],
    env: { SCALEKIT_MAX_CONCURRENT_REQUESTS: "32" },
  },
};

/** The flags and variables of a run, by its cell. */
export function settingOf(checkpoints: "on" | "off", name: string | undefined): Setting {
  const one = name === undefined ? {} : (settings[name] ?? parallelism[name] ?? {});
  return checkpoints === "on" ? one : { ...one, env: { ...one.env, ...checkpointsOff.env } };
}
