import { resourceTypes } from "../definitions/index.ts";
import { dynamicProviderOf } from "./dynamic.ts";

type Name = keyof typeof resourceTypes;

export const providerOf = (name: Name) => dynamicProviderOf(resourceTypes[name]);

/** The text in a state calls this (definitions/tokens.ts). It puts the provider of `name` where the provider host looks for it. */
export function entryOf(name: Name) {
  const provider = providerOf(name);
  return (module: { handler?: () => typeof provider }): void => {
    module.handler = () => provider;
  };
}
