import * as pulumi from "@pulumi/pulumi";
import type { Definition, Values } from "../../definitions/definition.ts";
import { lookUpsOf as lookUpsIn } from "../../provider/look-ups.ts";
import { asRunError, currentRun } from "./run.ts";

/** The look-ups of a definition, for programs. Their types are generated: see tools/sdk. */
export interface LookUps<Found> {
  get(args: object): Promise<Found>;
  getOutput(args: object): pulumi.Output<Found>;
  list(args?: object): Promise<Found[]>;
  listOutput(args?: object): pulumi.Output<Found[]>;
}

export function lookUpsOf<Found>(definition: Definition): LookUps<Found> {
  const lookUps = lookUpsIn(definition);
  const get = (args: object) => asRunError(async () => (await lookUps.get(currentRun, args as Values)) as Found);
  const list = (args?: object) =>
    asRunError(async () => (await lookUps.list(currentRun, args as Values | undefined)) as Found[]);

  return {
    get,
    getOutput: (args) => pulumi.output(args).apply(get) as pulumi.Output<Found>,
    list,
    listOutput: (args = {}) => pulumi.output(args).apply(list) as pulumi.Output<Found[]>,
  };
}
