import {
  type Definition,
  isReadable,
  isSetting,
  keyFieldsOf,
  listedAs,
  type Values,
} from "../../definitions/definition.ts";
import { definitions } from "../../definitions/index.ts";
import { organization } from "../../definitions/organization.ts";
import { nativeTypeOf } from "../../definitions/tokens.ts";
import { lookUpsOf, type Run } from "../../provider/look-ups.ts";
import { selected } from "../../provider/selection.ts";

/** A function that programs call: one look-up. */
export type LookUp = (run: () => Run, args: Values) => Promise<Values>;

/** The function with a token such as `scalekit:index:getRole`. */
export const functionOf = (token: string): LookUp | undefined => functions.get(token);

const functions = new Map<string, LookUp>(
  Object.values(definitions).flatMap((definition: Definition): [string, LookUp][] => {
    const { name } = definition;
    if (!isReadable(definition)) return [];
    const { get, list } = lookUpsOf(definition);
    const one: [string, LookUp] = [nativeTypeOf(`get${name}`), get];
    if (isSetting(definition.api)) return [one];
    const all = definition === organization ? selected : list;
    return [
      one,
      [nativeTypeOf(`get${name}s`), async (run, args) => ({ [listedAs(definition)]: await all(run, args) })],
    ];
  }),
);

/**
 * The id that an import is about, nothing if there is none: `pulumi import TYPE NAME ID`. In place of an id it takes what is
 * unique, such as `externalId=CUST-1`, or `organizationId=org_1,domain=acme.com,domainType=ALLOWED_EMAIL_DOMAIN`.
 */
export async function idToImport(definition: Definition, text: string, run: () => Run): Promise<string | undefined> {
  const key = isSetting(definition.api) ? undefined : keyFieldsOf(definition);
  const pattern = new RegExp(`^${(key ?? []).map((field) => `${field}=(.+)`).join(",")}$`, "s");
  const values = key && pattern.exec(text)?.slice(1);
  if (key === undefined || values === undefined) return text;
  const args = Object.fromEntries(key.map((field, n) => [field, values[n]]));
  return (await lookUpsOf(definition).find(run, args))?.id;
}
