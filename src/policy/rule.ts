import type { Policy, PolicyConfigSchema, ResourceValidationArgs } from "@pulumi/policy";
import { z } from "zod";
import type { Definition, Values } from "../definitions/definition.ts";
import { definitionOf, setOf } from "../definitions/index.ts";
import type { SetDefinition } from "../definitions/organization-set.ts";
import { isOnlyRead } from "../lifecycle/state.ts";
import { settled } from "./known.ts";
import type { OrganizationRule } from "./options.ts";
import { mendedText, TenantProblems, tenantsOf } from "./tenants.ts";

/** One resource as it is declared, or a tenant of a set, for a rule to look at. */
export interface Subject<Options = object> {
  /** The name of the resource. A tenant goes by its external ID, and by the name of its set. */
  readonly names: readonly string[];
  readonly definition: Definition;
  /** The stack's name, and the project's before it: `prod` and `billing/prod`. */
  readonly stack: readonly [string, string];
  /** What is not known yet is `unknown`. */
  readonly args: Values;
  /** Whether Pulumi refuses to delete it. Of a set that says nothing of a single tenant. */
  readonly protect: boolean;
  readonly options: Options;
}

interface RuleArgs<Options extends z.ZodType> extends Described {
  readonly options: Options;
  /** Whether it is about every resource of this package, and not about organizations alone. */
  readonly isAboutAll?: true;
  /** What is wrong with one, each problem as it follows its name and a colon. Never with a value in it. */
  readonly problems: (subject: Subject<z.output<Options>>) => Iterable<string>;
  /**
   * Fixes what it can in the resource's own properties, and returns whether it changed any. A secret stays a secret if it is
   * changed in place.
   */
  readonly mend?: (properties: Record<string, unknown>, subject: Subject<z.output<Options>>) => boolean;
}

/** What a rule says of itself. */
export interface Described extends Policy {
  readonly displayName: string;
  readonly enforcementLevel: "mandatory" | "advisory";
  readonly severity: NonNullable<Policy["severity"]>;
  /** What to change, and where. It ends each message too. */
  readonly remediationSteps: string;
}

/**
 * Makes a policy of a rule. No message of it holds a value: validations get secrets as plain text and do not
 * learn which values those are.
 */
export function organizationRule<Options extends z.ZodObject>(rule: RuleArgs<Options>): OrganizationRule {
  const { problems, mend, options, isAboutAll = false, ...described } = rule;
  /** What the rule is about, if it is about resources of this type. */
  const judgedAs = (type: string): Definition | undefined => {
    const definition = definitionOf(type);
    return isAboutAll || definition?.name === "Organization" ? definition : undefined;
  };
  const sharedOf = ({ urn, getConfig }: ResourceValidationArgs) => ({
    stack: stackOf(urn),
    options: configuredBy(rule.name, options, getConfig()),
  });

  function judge(definition: Definition, args: ResourceValidationArgs, report: (message: string) => void): void {
    const { name, opts } = args;
    const subject = { names: [name], definition, ...sharedOf(args), args: argsOf(args.props), protect: opts.protect };
    // One that the program only reads declares nothing.
    if (Object.keys(subject.args).length === 0 || isOnlyRead(subject.args)) return;
    for (const problem of problems(subject)) report(messageOf(name, problem, rule.remediationSteps, definition.name));
  }

  function judgeSet(set: SetDefinition, args: ResourceValidationArgs, report: (message: string) => void): void {
    const shared = { definition: set.members, ...sharedOf(args), protect: false };
    const found = new TenantProblems();
    for (const { externalId, args: own } of tenantsOf(set, argsOf(args.props))) {
      const subject = { ...shared, names: [externalId, args.name], args: own };
      for (const problem of problems(subject)) found.add(problem, externalId);
    }
    for (const { whose, problem } of found.of(args.name))
      report(messageOf(whose, problem, rule.remediationSteps, set.name));
  }

  function mended(mend: NonNullable<typeof rule.mend>, args: ResourceValidationArgs) {
    const { type, name, props, opts } = args;
    const definition = judgedAs(type);
    if (definition !== undefined) {
      const subject = { names: [name], definition, ...sharedOf(args), args: argsOf(props), protect: opts.protect };
      return mend(props, subject) ? props : undefined;
    }
    const set = setOf(type);
    if (set === undefined) return undefined;
    const shared = { definition: set.members, ...sharedOf(args), protect: false };
    const text = mendedText(set, argsOf(props), (own, tenant) =>
      mend(own, { ...shared, names: [tenant.externalId, name], args: tenant.args }),
    );
    if (text === undefined) return undefined;
    props["tenants"] = text;
    return props;
  }

  return {
    ...described,
    tags: ["scalekit"],
    options,
    configSchema: configSchemaOf(options),
    validateResource: (args, report) => {
      const definition = judgedAs(args.type);
      const set = setOf(args.type);
      if (definition !== undefined) judge(definition, args, report);
      else if (set !== undefined) judgeSet(set, args, report);
    },
    ...(mend && { remediateResource: (args) => mended(mend, args) }),
  };
}

/** A schema of options, if it is that of an interface, with all of its options. */
export const optionsOf =
  <Given>() =>
  <Schema extends z.ZodObject>(schema: Schema & Matching<z.input<Schema>, Given>): Schema =>
    schema;

type Matching<Read, Given> = Read extends Given ? (keyof Given extends keyof Read ? unknown : never) : never;

export const messageOf = (name: string, problem: string, steps: string, resourceType: string): string =>
  `${resourceType} ${name}: ${problem}. ${steps}`;

/** The program's own arguments, without what the class and the engine add to them. */
export const argsOf = (properties: object): Values =>
  Object.fromEntries(Object.entries(settled(properties)).filter(([key]) => !key.startsWith("__")));

/** `urn:pulumi:STACK::PROJECT::TYPE::NAME` */
function stackOf(urn: string): [string, string] {
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return [stack, `${project}/${stack}`];
}

/** As the engine takes it: it checks a pack's configuration by it, and fills the defaults in. */
function configSchemaOf(options: z.ZodType): PolicyConfigSchema {
  const { properties = {}, required } = z.toJSONSchema(options, { io: "input" });
  return { properties, ...(required ? { required } : {}) } as PolicyConfigSchema;
}

/**
 * The engine accepts options that mean nothing, such as one with a mistyped name. They end the run with one error. Its
 * message is all there is to read, so it stands where the stack would.
 */
function configuredBy<Options extends z.ZodType>(rule: string, options: Options, given: object): z.output<Options> {
  const result = options.safeParse(given);
  if (result.success) return result.data;
  const message = `The policy pack's configuration of ${rule} is invalid: ${problemsIn(result.error)}.`;
  throw Object.assign(new Error(message), { stack: message });
}

export const problemsIn = (error: z.ZodError): string =>
  error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.map(String).join(".")} ${message}` : message))
    .join("; ");
