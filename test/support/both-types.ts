import { nativeTypeOf, typeOf } from "../../src/definitions/tokens.ts";

/** What distinguishes the dynamic provider and the native plugin: by the types in a state, and by a program's import line. */
export const bothProviders = [
  { provider: "the dynamic provider", typeIn: typeOf, module: "pulumi-scalekit" },
  { provider: "the native plugin", typeIn: nativeTypeOf, module: "pulumi-scalekit/native" },
] as const;

/**
 * Those whose stories run on the real engine. `npm run stories` runs them for both, which takes too long for every change:
 * what differs between the two is unit-tested over both.
 */
export const providersOfStories = process.env["STORIES"] === "all" ? bothProviders : bothProviders.slice(0, 1);
