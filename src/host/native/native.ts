import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import * as rpc from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { newStop, type Stop } from "../../api/stop.ts";
import { isSavedAtEndOnly, placeAsked } from "../../config/engine-variables.ts";
import { journalPath } from "../../config/paths.ts";
import { aboutPlainSecrets, plainSecretsIn, readDeletionProtection, type StackConfig } from "../../config/settings.ts";
import { type Definition, protectionField, type Values } from "../../definitions/definition.ts";
import { resourceTypeOf } from "../../definitions/index.ts";
import { isSet, type ResourceType } from "../../definitions/organization-set.ts";
import { nativeTypeOf, typeIn, withoutProvider } from "../../definitions/tokens.ts";
import { same } from "../../definitions/want.ts";
import { ConfigurationError, ScalekitError } from "../../errors.ts";
import { writePlace } from "../../lifecycle/journal-place.ts";
import { asManaged } from "../../lifecycle/state.ts";
import type { Stack } from "../../provider/connection.ts";
import { newProvider, type Provider } from "../../provider/provider.ts";
import { engineGate } from "../engine.ts";
import { asText } from "../failures.ts";
import { about } from "./about.ts";
import { changesBetween } from "./changes.ts";
import type { EngineLog } from "./engine-log.ts";
import { expectedOfCreate, expectedOfUpdate } from "./expected.ts";
import { functionOf, idToImport } from "./functions.ts";
import { originIn } from "./origin.ts";
import { problemWithPlainSecret } from "./plain-secret.ts";
import { callOf, serve } from "./serve.ts";
import { inputsOfSet } from "./set-inputs.ts";
import { problemsWithSettings, settingsOf } from "./settings.ts";
import { stackOf } from "./stack.ts";
import { isSecretIn, stateStructOf, structOf, valuesOf } from "./struct.ts";

export interface NativeOptions {
  /** The package's schema, as JSON. */
  readonly schema: string;
  readonly log: EngineLog;
  readonly stop?: Stop;
}

/**
 * The adapter for the engine's protocol of native plugins, one process for each provider of a program. The engine keeps the marks
 * of secrets by itself: this provider says that it accepts none, so it gets and sends plain values (`acceptSecrets`).
 */
export function nativeService({ schema, log, stop = newStop() }: NativeOptions): UntypedServiceImplementation {
  let config: StackConfig = settingsOf({});
  let provider: Provider | undefined;
  let stack: Stack | undefined;
  const placesWritten = new Set<string>();

  function begin(request: rpc.ConfigureRequest): Provider {
    const args = request.getArgs();
    const values = valuesOf(args);
    const texts = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`scalekit:${name}`, String(value)]),
    );
    const plain = plainSecretsIn(texts, (key) => isSecretIn(args, key.replace("scalekit:", "")));
    if (plain.length > 0) throw new ConfigurationError(aboutPlainSecrets(plain, "Nothing was sent. "));
    config = settingsOf(values);
    const found = stackOf(request.getUrn() ?? "");
    stack = found;
    writePlaceOnce(placeAsked());
    return newProvider({ config, stack: () => found, log: log.log, gate: engineGate, stop, importing });
  }

  function configured(): Provider {
    if (provider === undefined) throw new Error("The engine has not configured the Scalekit provider.");
    return provider;
  }

  function writePlaceOnce(file: string | undefined): void {
    if (file === undefined || stack === undefined || placesWritten.has(file)) return;
    placesWritten.add(file);
    writePlace(file, journalPath(stack.stack, stack.project));
  }

  /** The state needs the provider's setting only if that differs from the definition's default. */
  function withProtection({ fields }: Pick<Definition, "fields">, inputs: Values): Values {
    const isOpen = fields[protectionField]?.fallback !== true || inputs[protectionField] !== undefined;
    return isOpen || readDeletionProtection(config) ? inputs : { ...inputs, [protectionField]: false };
  }

  const verbs = {
    ...about(schema),
    attach: async () => new Empty(),
    async cancel() {
      stop.begin();
      return new Empty();
    },

    async checkConfig(request: rpc.CheckRequest) {
      const settings = valuesOf(request.getNews());
      const plain = problemWithPlainSecret(request.getUrn(), settings["clientSecret"]);
      const failures = [
        ...problemsWithSettings(settings),
        ...(plain === undefined ? [] : [{ property: "", reason: plain }]),
      ];
      // The state has the secret encrypted, even if the program does not mark it.
      return checked(failures.map(asText)).setInputs(structOf(settings, ["clientSecret"]));
    },
    /** Another environment or another secret replaces nothing: the provider refuses an environment that is not the state's. */
    async diffConfig(request: rpc.DiffRequest) {
      const isSame = same(valuesOf(request.getOldInputs()), valuesOf(request.getNews()));
      return new rpc.DiffResponse().setChanges(isSame ? none : some);
    },
    async configure(request: rpc.ConfigureRequest) {
      provider = begin(request);
      return new rpc.ConfigureResponse().setSupportspreview(true);
    },

    async check(request: rpc.CheckRequest) {
      const type = typeOf(request);
      const { origin, declared } = originIn(withoutProvider(valuesOf(request.getNews())));
      const given = isSet(type) ? inputsOfSet(request.getUrn(), declared) : { inputs: declared };
      if ("failures" in given) return checked(given.failures.map(asText)).setInputs(structOf(declared));
      // With checkpoints skipped, the state is saved after the program's end, so the program cannot note it.
      if (!isSavedAtEndOnly()) writePlaceOnce(origin.journalIn);
      const inputs = withProtection(type, given.inputs);
      const before = withoutProvider(valuesOf(request.getOlds()));
      const failures = await configured().check(type, {
        urn: request.getUrn(),
        guarantee: origin.guarantee,
        isPreview: origin.isPreview,
        inputs,
        oldInputs: Object.keys(before).length > 0 ? before : undefined,
      });
      return checked(failures.map(asText)).setInputs(structOf(inputs));
    },
    async diff(request: rpc.DiffRequest) {
      const type = typeOf(request);
      const call = callOf(request, { state: request.getOlds(), oldInputs: request.getOldInputs() });
      const inputs = withoutProvider(valuesOf(request.getNews()));
      const { isChanged, replaces, deleteBeforeReplace } = await configured().diff(type, { ...call, inputs });
      const answer = new rpc.DiffResponse().setChanges(isChanged ? some : none);
      if (!isChanged) return answer;
      const changes = changesBetween(type, call.oldInputs, inputs);
      // A field that differs only from the state shows nowhere else.
      const unseen = replaces.filter((name) => !changes.some(({ field }) => field === name));
      for (const { field, path, kind } of changes) addDetail(answer, path, kind, replaces.includes(field));
      for (const name of unseen) addDetail(answer, name, "update", true);
      return answer
        .setReplacesList([...replaces])
        .setDeletebeforereplace(deleteBeforeReplace)
        .setDiffsList([...new Set([...changes.map(({ field }) => field), ...unseen])])
        .setHasdetaileddiff(changes.length + unseen.length > 0);
    },
    async create(request: rpc.CreateRequest) {
      const type = typeOf(request);
      const inputs = withoutProvider(valuesOf(request.getProperties()));
      if (request.getPreview()) {
        await configured().preview(type, { urn: request.getUrn(), inputs });
        return new rpc.CreateResponse().setProperties(stateStructOf(expectedOfCreate(type, inputs)));
      }
      const { id, state } = await configured().create(type, { urn: request.getUrn(), inputs });
      return new rpc.CreateResponse().setId(id).setProperties(stateStructOf(state));
    },
    async read(request: rpc.ReadRequest) {
      const type = typeOf(request);
      const call = callOf(request, { state: request.getProperties(), oldInputs: request.getInputs() });
      const imported = Object.keys(call.state).length === 0 ? importable(type) : undefined;
      const id = imported ? await idToImport(imported, call.id, configured().lookUps) : call.id;
      const found = id === undefined ? undefined : await configured().read(type, { ...call, id });
      if (found === undefined) return new rpc.ReadResponse();
      // As if the program had declared it, so that the program has nothing to change.
      const state = imported ? withProtection(imported, asManaged(imported, found.state, found.inputs)) : found.state;
      const inputs = imported ? withProtection(imported, found.inputs) : found.inputs;
      return new rpc.ReadResponse().setId(found.id).setProperties(stateStructOf(state)).setInputs(structOf(inputs));
    },
    async update(request: rpc.UpdateRequest) {
      const type = typeOf(request);
      const call = callOf(request, { state: request.getOlds(), oldInputs: request.getOldInputs() });
      const inputs = withoutProvider(valuesOf(request.getNews()));
      const answer = new rpc.UpdateResponse();
      if (request.getPreview()) {
        await configured().preview(type, { ...call, inputs });
        const expected = expectedOfUpdate(type, { state: call.state, inputs: call.oldInputs }, inputs);
        return answer.setProperties(stateStructOf(expected));
      }
      const { state } = await configured().update(type, { ...call, inputs });
      return answer.setProperties(stateStructOf(state));
    },
    async delete(request: rpc.DeleteRequest) {
      const call = callOf(request, { state: request.getProperties(), oldInputs: request.getOldInputs() });
      await configured().delete(typeOf(request), call);
      return new Empty();
    },
    async invoke(request: rpc.InvokeRequest) {
      const lookUp = functionOf(request.getTok());
      if (lookUp === undefined) throw new Error(`The Scalekit provider has no function ${request.getTok()}.`);
      const found = await lookUp(configured().lookUps, valuesOf(request.getArgs()));
      return new rpc.InvokeResponse().setReturn(structOf(found));
    },
  };
  return serve(verbs, log);
}

const importing = ({ name }: Pick<Definition, "name">, id: string): string =>
  `pulumi import ${nativeTypeOf(name)} NAME ${id}`;

/** A request names its resource's type in the URN. An older engine sends nothing else. */
function typeOf(request: { getUrn(): string }): ResourceType {
  const name = typeIn(request.getUrn());
  const type = resourceTypeOf(name);
  if (type === undefined) throw new Error(`The Scalekit provider has no resource ${name}.`);
  return type;
}

function importable(type: ResourceType): Definition {
  if (!isSet(type)) return type;
  throw new ScalekitError(
    "A set of organizations is not imported. Declare it with its tenants and `adopt: true`, and `pulumi up` takes them over.",
  );
}

function checked(failures: readonly { readonly property: string; readonly reason: string }[]): rpc.CheckResponse {
  const list = failures.map(({ property, reason }) => new rpc.CheckFailure().setProperty(property).setReason(reason));
  return new rpc.CheckResponse().setFailuresList(list);
}

function addDetail(answer: rpc.DiffResponse, path: string, kind: keyof typeof details, isReplacing: boolean): void {
  const detail = new rpc.PropertyDiff().setKind(details[kind][isReplacing ? 1 : 0]).setInputdiff(true);
  answer.getDetaileddiffMap().set(path, detail);
}

const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = rpc.PropertyDiff.Kind;
const details = {
  add: [ADD, ADD_REPLACE],
  delete: [DELETE, DELETE_REPLACE],
  update: [UPDATE, UPDATE_REPLACE],
} as const;
const { DIFF_NONE: none, DIFF_SOME: some } = rpc.DiffResponse.DiffChanges;
