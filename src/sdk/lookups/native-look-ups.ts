import * as pulumi from "@pulumi/pulumi";
import { listedAs } from "../../definitions/definition.ts";
import { definitions } from "../../definitions/index.ts";
import { nativeTypeOf } from "../../definitions/tokens.ts";

/** The look-ups of a definition, which the plugin answers. Their types are generated: see tools/sdk. */
export interface NativeLookUps<Found> {
  get(args: object, opts?: pulumi.InvokeOptions): Promise<Found>;
  getOutput(args: object, opts?: pulumi.InvokeOptions): pulumi.Output<Found>;
  list(args: object, opts?: pulumi.InvokeOptions): Promise<Found[]>;
  listOutput(args: object, opts?: pulumi.InvokeOptions): pulumi.Output<Found[]>;
}

export function nativeLookUpsOf<Found>(name: keyof typeof definitions): NativeLookUps<Found> {
  const [one, many] = [nativeTypeOf(`get${name}`), nativeTypeOf(`get${name}s`)];
  const property = listedAs(definitions[name]);
  const inList = (found: Readonly<Record<string, Found[]>>) => found[property] ?? [];

  return {
    get: (args, opts) => pulumi.runtime.invoke(one, args, opts) as Promise<Found>,
    getOutput: (args, opts) => pulumi.runtime.invokeOutput<Found>(one, args, opts),
    list: async (args, opts) => inList(await pulumi.runtime.invoke(many, args, opts)),
    listOutput: (args, opts) => pulumi.runtime.invokeOutput<Record<string, Found[]>>(many, args, opts).apply(inList),
  };
}
