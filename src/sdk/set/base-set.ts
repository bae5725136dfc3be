import * as pulumi from "@pulumi/pulumi";
import { cellsIn } from "../../set/line.ts";
import { textIn } from "../../set/members.ts";
import { rowsOf, settingsIn, textOfTenants } from "../../set/tenants-text.ts";
import { invalidList, isObject } from "../../tenants/tenants.ts";
import { pending } from "../pending.ts";
import { requireNoPlainSecrets } from "../program-settings.ts";
import { registrationOf } from "../registration.ts";
import { shapeOf } from "../shape.ts";
import { onlyUserFrames } from "../user-frames.ts";
import type { OrganizationSetArgs, SetInputs } from "./args.ts";

/** How a provider's class registers a set. Like the base of all classes it names no definition, so that editors show plain types. */
export interface Registering {
  /** Its type at the other provider. */
  readonly other: string;
  propertiesOf(registration: { readonly properties: object; readonly origin: object | undefined }): object;
}

/** What the sets of both providers are. */
export abstract class BaseSet extends pulumi.CustomResource {
  /** The tenants as the state keeps them: one line for each, sorted by external ID. */
  declare readonly tenants: pulumi.Output<string>;
  /** One line for each organization: its external ID and its id. */
  declare readonly idList: pulumi.Output<string>;
  /** How many organizations the set holds. */
  declare readonly count: pulumi.Output<number>;

  /** @param propertiesOf what the provider's class registers, and `other` its type at the other provider */
  constructor(
    type: string,
    name: string,
    args: OrganizationSetArgs,
    opts: pulumi.CustomResourceOptions,
    { other, propertiesOf }: Registering,
  ) {
    requireNoPlainSecrets();
    const restore = onlyUserFrames();
    try {
      const inputs = inputsOf(name, args);
      const registration = registrationOf(shapeOf(type), name, inputs, opts, other);
      super(type, name, propertiesOf(registration), registration.options);
    } finally {
      restore();
    }
  }

  /** Scalekit's ids, by external ID. */
  get ids(): pulumi.Output<Record<string, pulumi.ID>> {
    return this.idList.apply((list) => Object.fromEntries(pairsIn(list)));
  }

  /** Scalekit's id of the organization with this external ID. Fails if the set has none. */
  idOf(externalId: string): pulumi.Output<pulumi.ID> {
    return this.idList.apply((list: string | undefined) => {
      // A unit test's mocks need not tell it, and what they do not tell is undefined.
      if (list === undefined) return undefined as unknown as pulumi.ID;
      const id = new Map(pairsIn(list)).get(externalId);
      if (id === undefined) throw new pulumi.RunError(`The set has no tenant with the external ID ${externalId}.`);
      return id;
    });
  }
}

const pairsIn = (list: string | undefined): [string, pulumi.ID][] =>
  textIn(list)
    .map(cellsIn)
    .map(([key = "", id = ""]) => [key, id]);

/** The arguments as the provider takes them. Throws one error that lists everything that is wrong with any tenant. */
function inputsOf(name: string, args: OrganizationSetArgs): SetInputs {
  if (!isObject(args)) throw invalidList(`set ${name}`, ["its arguments must be an object with file or tenants"]);
  const { file, tenants, ...settings } = args as OrganizationSetArgs;
  const { own, shared } = settingsIn(settings);
  const rows = rowsOf(name, { file, tenants, shared, pending });
  const isKnown = !rows.some(holdsPending);
  return {
    ...own,
    tenants: isKnown ? textOfTenants(rows) : pulumi.output(rows).apply((known) => textOfTenants(known as typeof rows)),
  };
}

const holdsPending = (value: unknown): boolean =>
  pending.is(value) || (isObject(value) && Object.values(value).some(holdsPending));
