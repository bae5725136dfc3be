import type * as pulumi from "@pulumi/pulumi";
import { isSavedAtEndOnly, placeAsked } from "../config/engine-variables.ts";
import { journalPath } from "../config/paths.ts";
import { type StackConfig, textsOf } from "../config/settings.ts";
import type { Values } from "../definitions/definition.ts";
import type { ResourceType } from "../definitions/organization-set.ts";
import { withoutProvider } from "../definitions/tokens.ts";
import { writePlace } from "../lifecycle/journal-place.ts";
import type { Stack } from "../provider/connection.ts";
import type { Guarantee } from "../provider/declared.ts";
import { newProvider, type Provider } from "../provider/provider.ts";
import { engineGate } from "./engine.ts";
import { engineStop } from "./engine-stop.ts";
import { asText, keepingProvider, withQuietStack } from "./failures.ts";

/**
 * The adapter for Pulumi's dynamic provider host. The host loads a module of this package by the text in each resource's state
 * (definitions/tokens.ts). Its calls do not say which resource they are about, except for the class's `__origin`. Refresh and
 * delete always run the installed version, so every version reads what earlier ones left in state.
 */
export function dynamicProviderOf(type: ResourceType): Required<Omit<pulumi.dynamic.ResourceProvider, "configure">> & {
  configure(request: { config: StackConfig }): Promise<void>;
} {
  return {
    configure(request) {
      begin(type, request.config);
      return Promise.resolve();
    },
    check: (olds: Values, news: Values) =>
      withQuietStack(async () => {
        const { __origin, ...inputs } = news as Values & { __origin?: Origin };
        if (__origin !== undefined && run.stack === undefined) beginStack(__origin);
        const before = withoutProvider(olds);
        const call = { urn: __origin?.urn, inputs: withoutProvider(inputs) };
        const isNew = Object.keys(before).length === 0;
        const failures = await run.provider.check(type, {
          ...call,
          guarantee: __origin?.guarantee,
          isPreview: __origin?.isPreview,
          oldInputs: isNew ? undefined : before,
        });
        if (isNew && run.provider.isPreview() && failures.length === 0) await run.provider.preview(type, call);
        return { inputs, ...(failures.length > 0 && { failures: failures.map(asText) }) };
      }),
    diff: (id: string, state: Values, news: Values) =>
      withQuietStack(async () => {
        const call = { id, state: withoutProvider(state), inputs: withoutProvider(news) };
        const { isChanged, replaces, deleteBeforeReplace } = await run.provider.diff(type, call);
        if (isChanged && run.provider.isPreview()) await run.provider.preview(type, call);
        // A state of the native plugin's becomes this provider's by an update.
        const isForeign = !("__provider" in state);
        return { changes: isChanged || isForeign, replaces: [...replaces], deleteBeforeReplace };
      }),
    create: (news: Values) =>
      withQuietStack(() =>
        keepingProvider(news, async () => {
          const { id, state } = await run.provider.create(type, { inputs: withoutProvider(news) });
          return { id, outs: state };
        }),
      ),
    read: (id: string, state: Values = {}) =>
      withQuietStack(async () => {
        const found = await run.provider.read(type, { id, state: withoutProvider(state) });
        // To the host an absent id means "gone", which the SDK's type does not say.
        return (found ? { id: found.id, props: found.state, inputs: found.inputs } : {}) as pulumi.dynamic.ReadResult;
      }),
    update: (id: string, state: Values, news: Values) =>
      withQuietStack(() =>
        keepingProvider(news, async () => {
          const call = { id, state: withoutProvider(state), inputs: withoutProvider(news) };
          return { outs: (await run.provider.update(type, call)).state };
        }),
      ),
    delete: (id: string, state: Values) =>
      withQuietStack(() => run.provider.delete(type, { id, state: withoutProvider(state) })),
  };
}

/** What the class passes to the provider alone. Check keeps it out of the state. */
export interface Origin extends Stack {
  readonly urn: string;
  readonly isPreview?: true;
  /** The file in which the provider writes its journal's path: see sdk/saved.ts. */
  readonly journalIn?: string;
  readonly guarantee?: Guarantee;
}

/** The run that this process works for. The host shares it among the definitions: one module is one run's. */
interface Run {
  readonly provider: Provider;
  readonly settings: string;
  readonly configured: Set<ResourceType>;
  stack: Stack | undefined;
}

let run = newRun({ get: () => undefined });

function newRun(config: StackConfig): Run {
  const begun: Run = {
    provider: newProvider({
      config,
      stack: () => begun.stack,
      log: (line) => console.log(line),
      gate: engineGate,
      stop: engineStop,
    }),
    settings: textsOf(config).join("\0"),
    configured: new Set(),
    stack: undefined,
  };
  return begun;
}

/**
 * The host configures each definition that it meets in a run. It uses the module for other calls before this has returned, so
 * this must neither wait nor throw.
 */
function begin(type: ResourceType, config: StackConfig): void {
  if (run.configured.has(type) || run.settings !== textsOf(config).join("\0")) run = newRun(config);
  run.configured.add(type);
}

function beginStack(origin: Origin): void {
  run.stack = origin;
  // With checkpoints skipped, the state is saved after the program's end, so the program cannot note it.
  const asked = [isSavedAtEndOnly() ? undefined : origin.journalIn, placeAsked()];
  for (const file of asked) if (file !== undefined) writePlace(file, journalPath(origin.stack, origin.project));
}
