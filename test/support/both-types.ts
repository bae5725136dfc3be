import { nativeTypeOf, typeOf } from "../../src/definitions/tokens.ts";

/** How the dynamic provider and the native plugin are told apart: by the types in a state, and by a program's import line. */
export const bothProviders = [
  { provider: "the dynamic provider", typeIn: typeOf, module: "pulumi-scalekit" },
  { provider: "the native plugin", typeIn: nativeTypeOf, module: "pulumi-scalekit/native" },
] as const;
