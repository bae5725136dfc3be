import * as pulumi from "@pulumi/pulumi";
import { placeAsked } from "./saved.ts";

/**
 * The provider cannot ask for the resource's URN and stack, so the class passes them. With them the provider recognizes objects of an
 * interrupted run. A unit test with mocks has no organization or no stack, and creates nothing.
 */
export function originOf(type: string, name: string, parent: pulumi.Resource | undefined) {
  try {
    const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
    const urn =
      parent === undefined
        ? `urn:pulumi:${stack}::${project}::${type}::${name}`
        : namesBelow(parent, type).then((prefix) => `${prefix}${name}`);
    const journalIn = placeAsked();
    return {
      stack: [pulumi.getOrganization(), project, stack].join("/"),
      project: pulumi.getRootDirectory() || process.cwd(),
      urn,
      ...(journalIn !== undefined && { journalIn }),
      ...(pulumi.runtime.isDryRun() && { isPreview: true as const }),
    };
  } catch {
    return undefined;
  }
}

/** How the URNs of resources of a type below `parent` begin; asked for once, since a parent may have ten thousands. */
function namesBelow(parent: pulumi.Resource, type: string): Promise<string> {
  const known = prefixes.get(parent) ?? new Map<string, Promise<string>>();
  prefixes.set(parent, known);
  const before = known.get(type);
  if (before !== undefined) return before;
  const prefix = pulumi.createUrn("", type, parent);
  // As a promise, which depends on no resource: one that depended on its parent would wait for itself.
  const coming = new Promise<string>((resolve) => void prefix.apply(resolve));
  known.set(type, coming);
  return coming;
}

const prefixes = new WeakMap<pulumi.Resource, Map<string, Promise<string>>>();

/**
 * The problem with a resource's options, as text that follows its name. A dynamic provider cannot serve these, and the engine would
 * ignore the one without a word and fail for the other with a stack trace of its own.
 */
export function problemWithOptions(opts: pulumi.CustomResourceOptions): string | undefined {
  if (opts.import !== undefined) {
    return (
      "a dynamic provider cannot import, so the option import does not work. Run `pulumi-scalekit import` instead, or use " +
      "the class of the same name in pulumi-scalekit/native, which takes the option"
    );
  }
  return opts.id === undefined && (opts.replaceOnChanges ?? []).length > 0
    ? "the option replaceOnChanges has no effect on it, because the engine does not learn which argument changed. Remove " +
        "the option; to replace the resource, use replacementTrigger or `pulumi up --replace`"
    : undefined;
}
