import { z } from "zod";
import type { Definition, Values } from "../definitions/definition.ts";
import { definitionOf, setOf } from "../definitions/index.ts";
import type { SetDefinition } from "../definitions/organization-set.ts";
import { nameIn, nativeProviderType } from "../definitions/tokens.ts";
import { ScalekitError } from "../errors.ts";
import { parseJson } from "../text/json.ts";
import { visible } from "../text/visible.ts";
import { textOf } from "./files.ts";
import { onStack, pulumiOutput } from "./pulumi.ts";
import { declaredIn } from "./set-members.ts";
import { misfitIn, type StateResource, stateResource } from "./state-resource.ts";

/** An object that a stack has at Scalekit, with what the program declared of it at the last `up` or `refresh`. */
export interface Managed {
  /** Where the state was read from: a stack's name or a file. */
  readonly source: string;
  readonly name: string;
  /** The set that it is a tenant of; then its name is its external ID. */
  readonly set?: string;
  readonly id: string;
  readonly definition: Definition;
  readonly declared: Readonly<Record<string, unknown>>;
  /** The URL of its environment, where a provider of the program's own says one. */
  readonly environment: string | undefined;
}

/** A value of the state that Pulumi keeps encrypted, or has decrypted for us: it is not for printing either way. */
export class SecretValue {
  /** `undefined` while it is encrypted. */
  readonly known: unknown;
  constructor(known: unknown) {
    this.known = known;
  }

  /** Hides the value in anything that prints the object around it. */
  toJSON(): string {
    return "[secret]";
  }
}

export const stateOfStack = async (stack: string | undefined, decrypted: boolean): Promise<Managed[]> =>
  managedIn(
    await pulumiOutput(["stack", "export", ...onStack(stack), ...(decrypted ? ["--show-secrets"] : [])]),
    stack ?? "the selected stack",
    exported,
  );

/** All that a stack has, whatever it is. */
export const resourcesOfStack = async (stack: string | undefined): Promise<readonly StateResource[]> =>
  resourcesOf(await pulumiOutput(["stack", "export", ...onStack(stack)]), exported);

export const stateInFile = async (file: string): Promise<Managed[]> =>
  managedIn(
    await textOf(file, "the state"),
    file,
    (why) => `${file} is not a stack's state${why}: give what \`pulumi stack export\` writes.`,
  );

/** The error for a text that is no state, with the reason in brackets if there is one. */
type Complaint = (why: string) => string;

const exported: Complaint = (why) => `\`pulumi stack export\` wrote something that is not a stack's state${why}.`;

function managedIn(text: string, source: string, complaint: Complaint): Managed[] {
  const resources = resourcesOf(text, complaint);
  const environments = environmentsOf(resources);
  return resources.flatMap(({ type, urn, id, inputs, outputs, external, provider = "", delete: replaced }) => {
    const definition = definitionOf(type);
    const set = setOf(type);
    if ((definition === undefined && set === undefined) || external || replaced) return [];
    const name = nameIn(urn);
    const broken = (what: string) =>
      new ScalekitError(complaint(` (${what} of ${visible(name)} is not as Pulumi writes it)`));
    if (id === undefined) throw broken("the id");
    const declared = unwrapped(inputs ?? {}, broken) as Managed["declared"];
    const environment = environments.get(provider);
    if (definition !== undefined) return { source, name, id, definition, declared, environment };
    if (set === undefined) return [];
    const found = unwrapped(outputs ?? {}, broken) as Values;
    return tenantsOf(set, { declared, found, broken }).map((one) => ({ ...one, source, set: name, environment }));
  });
}

/** The tenants of a set, each as an organization. If the set's text is encrypted or secret, so is each. */
function tenantsOf(
  set: SetDefinition,
  { declared, found, broken }: { declared: Values; found: Values; broken: (what: string) => Error },
): Pick<Managed, "name" | "id" | "definition" | "declared">[] {
  const revealed = (values: Values) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, value instanceof SecretValue ? value.known : value]),
    );
  const isSecret = declared["tenants"] instanceof SecretValue;
  const outputs = revealed(found);
  if (typeof outputs["idList"] !== "string") throw broken("the list of ids");
  try {
    return declaredIn(set, { inputs: revealed(declared), outputs }).map(({ externalId, id, declared: own }) => ({
      name: externalId,
      id,
      definition: set.members,
      declared: isSecret ? hidden(own ?? unreadable) : (own ?? unreadable),
    }));
  } catch (error) {
    if (error instanceof SyntaxError) throw broken("the text");
    throw error;
  }
}

const hidden = (args: Values): Values =>
  Object.fromEntries(Object.entries(args).map(([name, value]) => [name, new SecretValue(value)]));

/** What a tenant may declare, for a text that nobody can read. */
const unreadable: Values = { displayName: undefined, metadata: undefined, features: undefined };

/** The environments of providers that a program declares. The current settings say the environment of all others. */
function environmentsOf(resources: readonly StateResource[]): ReadonlyMap<string, string> {
  const own = resources.filter(({ type, urn }) => type === nativeProviderType && !nameIn(urn).startsWith("default"));
  return new Map(
    own.flatMap(({ urn, id, inputs }) => {
      const url = inputs?.["environmentUrl"];
      return typeof url === "string" ? [[`${urn}::${id}`, url] as const] : [];
    }),
  );
}

/** Of a stack that has never been updated the deployment may be null. */
const state = z.object({ deployment: z.object({ resources: z.array(stateResource).nullish() }).nullable() });

function resourcesOf(text: string, complaint: Complaint): readonly StateResource[] {
  let parsed: unknown;
  try {
    parsed = parseJson(text);
  } catch (error) {
    throw new ScalekitError(complaint(` (${(error as Error).message})`));
  }
  const misfit = misfitIn(state, parsed);
  if (misfit !== undefined) {
    throw new ScalekitError(complaint(misfit === "" ? "" : ` (${misfit} is not as Pulumi writes it)`));
  }
  return (parsed as z.infer<typeof state>).deployment?.resources ?? [];
}

/** Pulumi's own mark of a special value in state, and the one that means "secret". */
const specialKey = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

function unwrapped(value: unknown, broken: (what: string) => Error): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => unwrapped(inner, broken));
  if ((value as Record<string, unknown>)[specialKey] === secretMark) {
    const { plaintext } = value as { plaintext?: unknown };
    return new SecretValue(plaintext === undefined ? undefined : plain(plaintext, broken));
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapped(inner, broken)]));
}

function plain(text: unknown, broken: (what: string) => Error): unknown {
  try {
    if (typeof text === "string") return parseJson(text);
  } catch {}
  // The error says nothing about the text: it is a secret.
  throw broken("a secret");
}
