import type { Definition } from "../definitions/definition.ts";
import { organization } from "../definitions/organization.ts";
import { isSet, type ResourceType } from "../definitions/organization-set.ts";
import { unknown } from "../definitions/want.ts";
import { type Connection, type ConnectionOptions, connect } from "./connection.ts";
import { type Declared, newDeclared } from "./declared.ts";
import { definitionVerbs } from "./definition-verbs.ts";
import { newAnswers, type Run } from "./look-ups.ts";
import { setVerbs } from "./sets.ts";
import type { Verbs } from "./verbs.ts";

/** The verbs of the engine for every type of resource: see verbs.ts. */
export type Provider = {
  readonly [Verb in keyof Verbs]: (type: ResourceType, ...call: Parameters<Verbs[Verb]>) => ReturnType<Verbs[Verb]>;
} & {
  /** Whether the run is a preview, as far as its calls have shown. */
  isPreview(): boolean;
  /** What look-ups of this run share. */
  lookUps(): Run;
};

/** One provider for each run. It keeps what the program declares, one connection and one journal, and opens both on first use. */
export function newProvider(options: ConnectionOptions): Provider {
  let connected: Connection | undefined;
  let run: Run | undefined;
  let isPreview = false;
  const declarations = new Map<Definition, Declared>();
  const known = new Map<ResourceType, Verbs>();

  function connection(): Connection {
    connected ??= connect(options);
    return connected;
  }

  function declaredOf(definition: Definition): Declared {
    const found = declarations.get(definition) ?? newDeclared(definition);
    declarations.set(definition, found);
    return found;
  }

  /**
   * Whether this run may be about to replace an organization. Before the engine deletes one, it asks which resources of that
   * organization are replaced too, and deletes those first. They would be lost if the new organization were refused. So the
   * answer is none. The engine asks again when the new organization exists.
   */
  const mayReplaceOrganization = (): boolean => !isPreview && declaredOf(organization).awaitsCreate();

  function verbsOf(type: ResourceType): Verbs {
    const found = known.get(type) ?? newVerbs(type);
    known.set(type, found);
    return found;
  }

  const newVerbs = (type: ResourceType): Verbs =>
    isSet(type)
      ? setVerbs(type, {
          connection,
          declared: () => declaredOf(type.members),
        })
      : definitionVerbs(type, { declared: declaredOf(type), connection, mayReplaceOrganization });

  return {
    check(type, call) {
      isPreview ||= call.isPreview === true || Object.values(call.inputs).includes(unknown);
      return verbsOf(type).check(call);
    },
    preview(type, call) {
      isPreview = true;
      return verbsOf(type).preview(call);
    },
    isPreview: () => isPreview,
    diff: (type, call) => verbsOf(type).diff(call),
    create: (type, call) => verbsOf(type).create(call),
    read: (type, call) => verbsOf(type).read(call),
    update: (type, call) => verbsOf(type).update(call),
    delete: (type, call) => verbsOf(type).delete(call),
    lookUps() {
      const { client, environmentUrl } = connection();
      run ??= { client: Promise.resolve(client), environmentUrl, answers: newAnswers() };
      return run;
    },
  };
}
