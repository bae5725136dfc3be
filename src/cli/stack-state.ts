import type { Definition } from "../definitions/definition.ts";
import { definitionOf } from "../definitions/index.ts";
import { ScalekitError } from "../errors.ts";
import { textOf } from "./files.ts";
import { stackKindOf } from "./kinds.ts";
import { onStack, pulumiOutput } from "./pulumi.ts";

/** Something that a stack has at Scalekit, with what the program declared of it at the last `up` or `refresh`. */
export interface Managed {
  /** Where the state was read from: a stack's name or a file. */
  readonly source: string;
  readonly name: string;
  readonly id: string;
  /** Absent for an organization. */
  readonly definition?: Definition;
  readonly declared: Readonly<Record<string, unknown>>;
}

/** A value of the state that Pulumi keeps encrypted, or has decrypted for us: it is not for printing either way. */
export class SecretValue {
  /** `undefined` while it is encrypted. */
  readonly known: unknown;
  constructor(known: unknown) {
    this.known = known;
  }
}

export const stateOfStack = async (stack: string | undefined, decrypted: boolean): Promise<Managed[]> =>
  managedIn(
    await pulumiOutput(["stack", "export", ...onStack(stack), ...(decrypted ? ["--show-secrets"] : [])]),
    stack ?? "the selected stack",
  );

/** All that a stack has, whatever it is. */
export async function resourcesOfStack(stack: string | undefined): Promise<StateResource[]> {
  const resources = resourcesOf(await pulumiOutput(["stack", "export", ...onStack(stack)]));
  if (resources === undefined) throw new ScalekitError("`pulumi stack export` wrote what is no stack's state.");
  return resources;
}

export const stateInFile = async (file: string): Promise<Managed[]> => managedIn(await textOf(file, "the state"), file);

function managedIn(text: string, source: string): Managed[] {
  const resources = resourcesOf(text);
  if (resources === undefined) {
    throw new ScalekitError(`${source} is not a stack's state: give what \`pulumi stack export\` writes.`);
  }
  return resources
    .filter(({ type, external, delete: replaced }) => isOurs(type) && !external && !replaced)
    .map(({ type, urn, id, inputs }) => {
      const { __provider: _, ...declared } = unwrapped(inputs ?? {}) as Record<string, unknown>;
      const definition = definitionOf(type);
      return { source, name: nameIn(urn), id, ...(definition && { definition }), declared };
    });
}

/** Whether this package manages what has this type. */
export const isOurs = (type: string): boolean => stackKindOf(type) !== undefined;

/** The name of a resource, in which there may be colons. */
export const nameIn = (urn: string): string => urn.split("::").slice(3).join("::");

export interface StateResource {
  readonly type: string;
  readonly urn: string;
  readonly id: string;
  /** Something outside of the state, which a component is not. */
  readonly custom?: boolean;
  /** Somebody else's, and only read. */
  readonly external?: boolean;
  readonly delete?: boolean;
  readonly inputs?: object;
}

function resourcesOf(text: string): StateResource[] | undefined {
  try {
    const { deployment } = JSON.parse(text) as { deployment?: { resources?: StateResource[] } | null };
    // Of a stack that has never been updated it may be null.
    return deployment === undefined ? undefined : (deployment?.resources ?? []);
  } catch {
    return undefined;
  }
}

/** Pulumi's own mark of a special value in state, and the one that means "secret". */
const specialKey = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

function unwrapped(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unwrapped);
  if ((value as Record<string, unknown>)[specialKey] === secretMark) {
    const { plaintext } = value as { plaintext?: string };
    return new SecretValue(plaintext === undefined ? undefined : JSON.parse(plaintext));
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapped(inner)]));
}
