import {
  type PolicyProviderResource,
  type PolicyResource,
  type PolicyResourceOptions,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  unknownCheckingProxy,
} from "@pulumi/policy";
import { unknown } from "../../src/definitions/want.ts";
import { organizationType } from "./stack.ts";

/** A value that a preview cannot know yet, as it reaches a policy. */
export { unknown };

/** An organization as a policy is shown it, and the configuration of the policy. */
export interface Shown {
  readonly name?: string;
  readonly type?: string;
  readonly stack?: string;
  readonly opts?: Partial<PolicyResourceOptions>;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** What `policy` says of a resource with these properties, handed over as @pulumi/policy does it. */
export async function judged(policy: ResourceValidationPolicy, props: object, shown: Shown = {}): Promise<string[]> {
  const said: string[] = [];
  const validations = [policy.validateResource ?? []].flat();
  for (const validate of validations) {
    await applied(() => validate(argsOf(policy, props, shown), (message) => said.push(message)));
  }
  return said;
}

/** The properties as `policy` remediates them, or `undefined` where it leaves them. */
export const remedied = async (policy: ResourceValidationPolicy, props: object, shown: Shown = {}) =>
  (await applied(() => policy.remediateResource?.(argsOf(policy, props, shown)))) as object | undefined;

/** What `policy` says of a stack, each time with the resource that it says it of. */
export const judgedStack = (
  policy: StackValidationPolicy,
  organizations: Readonly<Record<string, object>>,
  type = organizationType,
): Promise<[urn: string | undefined, message: string][]> =>
  judgedResources(
    policy,
    Object.entries(organizations).map(([name, props]) => ({ name, type, props })),
  );

/** A resource as a policy about stacks is shown it. */
export interface ShownInStack {
  readonly name: string;
  readonly type: string;
  readonly props: object;
  readonly provider?: PolicyProviderResource;
}

/** The same of a stack with resources of several types. */
export async function judgedResources(
  policy: StackValidationPolicy,
  shown: readonly ShownInStack[],
): Promise<[urn: string | undefined, message: string][]> {
  const said: [string | undefined, string][] = [];
  const resources = shown.map(({ name, type, props, provider }) => ({
    type,
    name,
    urn: urnOf({ name, type }),
    props: unknownCheckingProxy(props),
    ...(provider && { provider: { ...provider, props: unknownCheckingProxy(provider.props) } }),
  })) as unknown as PolicyResource[];
  const args = { resources, stackTags: new Map(), getConfig: <T>() => ({}) as T, notApplicable };
  await policy.validateStack(args, (message, urn) => said.push([urn, message]));
  return said;
}

function argsOf(policy: ResourceValidationPolicy, props: object, shown: Shown): ResourceValidationArgs {
  const { name = "megasoft", type = organizationType, opts = {}, config = {} } = shown;
  const proxied = unknownCheckingProxy(props);
  const isType = (given: unknown) => (given as { __pulumiType?: string }).__pulumiType === type;
  return {
    type,
    name,
    urn: urnOf(shown),
    props: proxied,
    opts: { protect: false, ...opts } as PolicyResourceOptions,
    stackTags: new Map(),
    isType,
    asType: (given) => (isType(given) ? (proxied as never) : undefined),
    getConfig: <T>() => ({ ...defaultsOf(policy), ...config }) as T,
    notApplicable,
  };
}

const urnOf = ({ name = "megasoft", type = organizationType, stack = "test" }: Shown): string =>
  `urn:pulumi:${stack}::billing::${type}::${name}`;

/** The engine fills them in, from the schema. */
const defaultsOf = ({ configSchema }: ResourceValidationPolicy): object =>
  Object.fromEntries(
    Object.entries(configSchema?.properties ?? {}).flatMap(([key, schema]) =>
      schema.default === undefined ? [] : [[key, schema.default]],
    ),
  );

class NotApplicable extends Error {}

function notApplicable(): never {
  throw new NotApplicable();
}

async function applied<T>(run: () => T): Promise<Awaited<T> | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof NotApplicable) return undefined;
    throw error;
  }
}
