import type { ResourceClient } from "../api/resource-client.ts";
import type { Live } from "../api/resource-wire.ts";
import { type CollectionApi, type Definition, ownerField } from "../definitions/definition.ts";
import { ScalekitError } from "../errors.ts";
import type { Kind } from "./kind.ts";
import type { ResourceArgs } from "./resource-goal.ts";
import { canonical, same } from "./resource-goal.ts";

/** Things of a definition, to be made and never doubled. */
export function resourceKind(definition: Definition, client: ResourceClient): Kind<ResourceArgs, Live> {
  const { name, fields, outputs, noun, reserved } = definition;
  const { unique, id, path, update, secret } = definition.api as CollectionApi;
  const owner = (args: ResourceArgs) => args[ownerField] as string | undefined;
  const key = unique?.filter((field) => field !== ownerField) ?? [];
  const sent = Object.keys(fields).filter((name) => name !== ownerField && !fields[name]?.local);
  const tellsTime = "createTime" in outputs;
  const fixed = Object.keys(fields).filter((name) => !fields[name]?.local && (fields[name]?.replaces || !update));
  const findable = unique?.includes(id) === true;

  const keyOf = (one: ResourceArgs | Live): string | undefined =>
    unique && JSON.stringify(unique.map((field) => (one as ResourceArgs)[field]));

  /** The one with the key of `args`: by its path where the key is in that, else from the list. */
  async function holderOf(args: ResourceArgs): Promise<Live | undefined> {
    if (findable) return client.get([owner(args), args[id]].filter((part) => part !== undefined).join("/"));
    for await (const one of client.list(owner(args))) if (keyOf(one) === keyOf(args)) return one;
    return undefined;
  }

  /** Its secret, which is told once, is lost with the run that made it, and so it is given another. */
  async function retake(live: Live, args: ResourceArgs): Promise<Live> {
    const other = fixed.filter((name) => !same(live[name], args[name]));
    if (other.length > 0) throw unchangeable(live, other);
    return secret === undefined ? live : { ...live, ...(await client.newSecret(live.id)) };
  }

  const unchangeable = (live: Live, other: readonly string[]): ScalekitError =>
    new ScalekitError(
      `Could not create the ${noun}: an interrupted run made ${live.id} for this resource with another ${other.map(words).join(" and ")}, ` +
        "which Scalekit cannot change. Nothing was created or changed. Set it back and run `pulumi up`, or delete that one first.",
    );

  return {
    name,
    noun,
    unique: unique && {
      key: key.map((field) => words(field)).join(" and "),
      where: path.includes("{") ? "an organization" : "an environment",
    },
    keyOf,
    alsoIn: (args) => sent.filter((name) => args[name] !== undefined),
    textOf: (one, also) => JSON.stringify(also.map((name) => [name, canonical((one as ResourceArgs)[name])])),
    isAdopting: ({ adopt }) => adopt === true,
    ...(reserved && { isReserved: reserved }),
    tellsTime,
    createdAt: (live) => live["createTime"] as string | undefined,
    called: (live) => `the ${noun} ${live.id}`,
    post: (args, beforeSend) => client.create(owner(args), args, beforeSend),
    get: client.get,
    holderOf,
    list: (args) => client.list(owner(args)),
    release: async () => false,
    retake,
    ...(!unique && { importing: () => nameless }),
  };
}

/** What has no key is told from others by nothing but what it is. */
const nameless = {
  why: "that cannot be proved",
  how: "delete it, since its secret is lost",
  otherwise: "change its description until this one is made",
};

const words = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
