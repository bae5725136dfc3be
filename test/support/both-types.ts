import { nativeTypeOf, typeOf } from "../../src/definitions/tokens.ts";

/** How the dynamic provider and the native plugin are told apart: by the types in a state, and by a program's import line. */
export const bothProviders = [
  { provider: "the dynamic provider", typeIn: typeOf, module: "pulumi-scalekit" },
  { provider: "the native plugin", typeIn: nativeTypeOf, module: "pulumi-scalekit/native" },
] as const;

/**
 * Those of which the stories on the real engine are told. `npm run stories` tells them of both, which takes too long for every change:
 * what differs between the two is unit-tested over both.
 */
export const providersOfStories = process.env["STORIES"] === "all" ? bothProviders : bothProviders.slice(0, 1);
