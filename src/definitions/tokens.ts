import type { Values } from "./definition.ts";

/**
 * What resources are called in a stack's state. All these texts are promises: state keeps them, so every version has to serve them.
 */
export const typeOf = (name: string): string => `${dynamicModule}${name}`;

/** The type of the same resource where the native plugin serves it. */
export const nativeTypeOf = (name: string): string => `${nativeModule}${name}`;

/** The type of the native plugin's providers. */
export const nativeProviderType = "pulumi:providers:scalekit";

const dynamicModule = "pulumi-nodejs:dynamic/scalekit:";
const nativeModule = "scalekit:index:";

/** A URN as the dynamic provider would have it, so that a resource is recognized when it moves from one provider to the other. */
export const dynamicUrnOf = (urn: string): string => urn.replaceAll(nativeModule, dynamicModule);

/**
 * The provider's text, which the state of every resource holds twice, so each character counts. `pulumi.dynamic.Resource` would put
 * the provider's code there, in a form that depends on how the package was installed. This text is the same for every
 * installation and every version: the engine's provider host runs it in the program's folder, where it loads the module of
 * that name as installed there (tools/bundle.mts writes it), and that gives the host its provider.
 */
export const providerTextOf = (name: string): string => `require('pulumi-scalekit/${name}')(exports)`;

/** Without the text, which the SDK's provider host adds to arguments and outputs, and restores by itself. */
export function withoutProvider(properties: Values): Values {
  const { __provider: _, ...rest } = properties;
  return rest;
}

/** The type of a resource, without those of its parents. */
export const typeIn = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

/** The name of a resource, in which there may be colons. */
export const nameIn = (urn: string): string => urn.split("::").slice(3).join("::");
