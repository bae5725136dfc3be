import type * as pulumi from "@pulumi/pulumi";
import { isSavedAtEndOnly, placeAsked } from "../config/engine-variables.ts";
import { journalPath } from "../config/paths.ts";
import { type StackConfig, textsOf } from "../config/settings.ts";
import type { Definition, Values } from "../definitions/definition.ts";
import { writePlace } from "../lifecycle/journal-place.ts";
import type { Stack } from "../provider/connection.ts";
import type { Guarantee } from "../provider/declared.ts";
import { newProvider, type Provider } from "../provider/provider.ts";
import { engineGate } from "./engine.ts";
import { asText, keepingProvider, withQuietStack } from "./failures.ts";

/**
 * The first door: Pulumi's dynamic provider host. It loads a module of this package by the text that each resource's state
 * holds (definitions/tokens.ts), and calls it without saying which resource a call is about, but for what the class puts into
 * `__origin`. Refresh and delete always run the installed version, so every version reads what earlier ones left in state.
 */
export function dynamicProviderOf(definition: Definition): Required<
  Omit<pulumi.dynamic.ResourceProvider, "configure">
> & {
  configure(request: { config: StackConfig }): Promise<void>;
} {
  return {
    configure(request) {
      begin(definition, request.config);
      return Promise.resolve();
    },
    check: (olds: Values, news: Values) =>
      withQuietStack(async () => {
        const { __origin, ...inputs } = news as Values & { __origin?: Origin };
        if (__origin !== undefined && run.stack === undefined) beginStack(__origin);
        const before = withoutProvider(olds);
        const failures = await run.provider.check(definition, {
          urn: __origin?.urn,
          guarantee: __origin?.guarantee,
          isPreview: __origin?.isPreview,
          inputs: withoutProvider(inputs),
          oldInputs: Object.keys(before).length > 0 ? before : undefined,
        });
        return { inputs, ...(failures.length > 0 && { failures: failures.map(asText) }) };
      }),
    diff: (id: string, state: Values, news: Values) =>
      withQuietStack(async () => {
        const call = { id, state: withoutProvider(state), inputs: withoutProvider(news) };
        const { isChanged, replaces, deleteBeforeReplace } = await run.provider.diff(definition, call);
        return { changes: isChanged, replaces: [...replaces], deleteBeforeReplace };
      }),
    create: (news: Values) =>
      withQuietStack(() =>
        keepingProvider(news, async () => {
          const inputs = withoutProvider(news);
          const { id, state } = await run.provider.create(definition, {
            urn: run.provider.urnOf(definition, inputs),
            inputs,
          });
          return { id, outs: state };
        }),
      ),
    read: (id: string, state: Values = {}) =>
      withQuietStack(async () => {
        const found = await run.provider.read(definition, { id, state: withoutProvider(state) });
        // The host takes an absent id for "gone", which the SDK's type does not say.
        return (found ? { id: found.id, props: found.state, inputs: found.inputs } : {}) as pulumi.dynamic.ReadResult;
      }),
    update: (id: string, state: Values, news: Values) =>
      withQuietStack(() =>
        keepingProvider(news, async () => {
          const call = { id, state: withoutProvider(state), inputs: withoutProvider(news) };
          return { outs: (await run.provider.update(definition, call)).state };
        }),
      ),
    delete: (id: string, state: Values) =>
      withQuietStack(() => run.provider.delete(definition, { id, state: withoutProvider(state) })),
  };
}

/** What the class says of a resource for the provider alone, and what check keeps out of the state. */
export interface Origin extends Stack {
  readonly urn: string;
  readonly isPreview?: true;
  /** Where the provider says where its journal is: see sdk/saved.ts. */
  readonly journalIn?: string;
  readonly guarantee?: Guarantee;
}

/** The run that this process works for. The host shares it among the definitions: one module is one run's. */
interface Run {
  readonly provider: Provider;
  readonly settings: string;
  readonly configured: Set<Definition>;
  stack: Stack | undefined;
}

let run = newRun({ get: () => undefined });

function newRun(config: StackConfig): Run {
  const begun: Run = {
    provider: newProvider({ config, stack: () => begun.stack, log: (line) => console.log(line), gate: engineGate }),
    settings: textsOf(config).join("\0"),
    configured: new Set(),
    stack: undefined,
  };
  return begun;
}

/**
 * The host configures each definition that it comes upon in a run. It shares the module with other calls before that has
 * returned, so whatever took time or threw in here would let those run without it.
 */
function begin(definition: Definition, config: StackConfig): void {
  if (run.configured.has(definition) || run.settings !== textsOf(config).join("\0")) run = newRun(config);
  run.configured.add(definition);
}

function beginStack(origin: Origin): void {
  run.stack = origin;
  // What the state has only once a run is over, no program can note as saved.
  const asked = [isSavedAtEndOnly() ? undefined : origin.journalIn, placeAsked()];
  for (const file of asked) if (file !== undefined) writePlace(file, journalPath(origin.stack, origin.project));
}

/** The host hands its own property along with the arguments and the outputs, and puts it back by itself. */
function withoutProvider(properties: Values): Values {
  const { __provider: _, ...rest } = properties;
  return rest;
}
