import { definitions } from "../definitions/index.ts";
import { organizationSet } from "../definitions/organization-set.ts";
import { dynamicProviderOf } from "./dynamic.ts";

const types = { ...definitions, OrganizationSet: organizationSet };

type Name = keyof typeof types;

export const providerOf = (name: Name) => dynamicProviderOf(types[name]);

/** What the text in a state calls (definitions/tokens.ts): it puts the provider of `name` where the provider host looks for it. */
export function entryOf(name: Name) {
  const provider = providerOf(name);
  return (module: { handler?: () => typeof provider }): void => {
    module.handler = () => provider;
  };
}
