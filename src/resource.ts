/**
 * What an organization is called in a stack's state. Both texts are promises: state keeps them, so every version has to
 * serve them.
 */
export const organizationType = "pulumi-nodejs:dynamic/scalekit:Organization";

/**
 * The provider as it stands in the state of every organization, twice. `pulumi.dynamic.Resource` would put the
 * provider's code there, in a form that depends on how the package was installed. This text is the same for every
 * installation and every version: the engine's provider host runs it in the program's folder, where it loads provider.ts
 * as installed there.
 */
export const providerText = 'exports.handler=()=>require("pulumi-scalekit/provider")';

/** The type of another resource, by the name of its class. */
export const typeOf = (name: string): string => `pulumi-nodejs:dynamic/scalekit:${name}`;

/** The provider of another resource, as a promise likewise. */
export const providerTextOf = (name: string): string =>
  `exports.handler=()=>require("pulumi-scalekit/provider/resources").${name}`;
