import { ListValue, NullValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb.js";
import { secretOutputsOf, type Values } from "../../definitions/definition.ts";
import { definitions } from "../../definitions/index.ts";
import { unknown } from "../../definitions/want.ts";

/**
 * What the engine sends of a resource or a provider, without the marks of secrets. A null is absent. The values that no preview
 * knows are texts: see `unknown` in definitions/want.ts.
 */
export function valuesOf(struct: Struct | undefined): Values {
  const values: Record<string, unknown> = {};
  struct?.getFieldsMap().forEach((value, key) => {
    const plain = plainOf(value);
    if (plain !== undefined) values[key] = plain;
  });
  return values;
}

function plainOf(value: Value): unknown {
  switch (value.getKindCase()) {
    case Value.KindCase.STRING_VALUE:
      return value.getStringValue();
    case Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case Value.KindCase.LIST_VALUE:
      return value.getListValue()?.getValuesList().map(plainOf);
    case Value.KindCase.STRUCT_VALUE: {
      const values = valuesOf(value.getStructValue());
      return values[signature] === secretSignature ? values["value"] : values;
    }
    default:
      return undefined;
  }
}

/** Whether the engine keeps the value `name` as a secret. */
export const isSecretIn = (struct: Struct | undefined, name: string): boolean =>
  struct?.getFieldsMap().get(name)?.getStructValue()?.getFieldsMap().get(signature)?.getStringValue() ===
  secretSignature;

/** What the provider sends of a resource's state. Secrets of Scalekit's own are marked as such. */
export const stateStructOf = (state: Values): Struct => structOf(state, secretOutputs);

const secretOutputs = Object.values(definitions).flatMap(secretOutputsOf);

export function structOf(values: Values, secrets: readonly string[] = []): Struct {
  const struct = new Struct();
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const sent = secrets.includes(key) && value !== unknown ? { [signature]: secretSignature, value } : value;
    struct.getFieldsMap().set(key, sentOf(sent));
  }
  return struct;
}

function sentOf(value: unknown): Value {
  const sent = new Value();
  if (typeof value === "string") sent.setStringValue(value);
  else if (typeof value === "number") sent.setNumberValue(value);
  else if (typeof value === "boolean") sent.setBoolValue(value);
  else if (Array.isArray(value)) sent.setListValue(new ListValue().setValuesList(value.map(sentOf)));
  else if (typeof value === "object" && value !== null) sent.setStructValue(structOf(value as Values));
  else sent.setNullValue(NullValue.NULL_VALUE);
  return sent;
}

/** Source: `specialSigKey` and `specialSecretSig` in @pulumi/pulumi's runtime. */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
