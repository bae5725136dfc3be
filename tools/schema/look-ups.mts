import {
  type Definition,
  isOwned,
  isSetting,
  listedAs,
  lookUpFieldsOf,
  ownerField,
} from "../../src/definitions/definition.ts";
import { nativeTypeOf } from "../../src/definitions/tokens.ts";
import type { Described, KindComments } from "../docs/comments.mts";
import { code, listed } from "../docs/markdown.mts";
import { lookUpNames } from "../sdk/look-ups.mts";
import { outputType } from "../sdk/types.mts";
import { idOf, nounOf, oneOf } from "../sdk/words.mts";
import { fieldOf, idProperty, outputProperty, type Property, sentences, shownProperty } from "./property.mts";

/** What a list of organizations can be narrowed by, as the look-up in TypeScript says it. */
export type Selection = Readonly<Record<string, Described>>;

/** The look-ups of one kind, as functions; none of a kind that no endpoint shows. */
export function functions(definition: Definition, comments: KindComments, selection: Selection) {
  if (lookUpNames(definition).functions.length === 0) return {};
  const { name, api } = definition;
  return {
    [nativeTypeOf(`get${name}`)]: getOne(definition, comments),
    ...(!isSetting(api) && { [nativeTypeOf(`get${name}s`)]: getAll(definition, comments, selection) }),
  };
}

/** What the entries of a list are: a look-up of all has one type for each of them. */
export const foundType = (definition: Definition, comments: KindComments): Readonly<Record<string, object>> =>
  lookUpNames(definition).functions.length === 0 || isSetting(definition.api)
    ? {}
    : {
        [foundToken(definition)]: {
          type: "object",
          description: `What Scalekit has of ${oneOf(definition)} now.`,
          ...found(definition, comments),
        },
      };

const foundToken = ({ name }: Definition): string => nativeTypeOf(`Found${name}`);

function getOne(definition: Definition, comments: KindComments) {
  const { api } = definition;
  const keys = lookUpFieldsOf(definition);
  const missing = isSetting(api) ? "the organization has none of its own" : "there is none";
  const which = isSetting(api)
    ? ""
    : ` Takes the \`id\` that Pulumi has for it, or ${listed(keys.map(code))}: exactly one of the two.`;
  return {
    description: `Reads ${oneOf(definition)} that exists, whoever manages it, in a preview too. Fails if ${missing}.${which}`,
    inputs: {
      type: "object",
      properties: {
        ...(!isSetting(api) && { id: idProperty(idOf(definition)) }),
        ...Object.fromEntries(keys.map((key) => [key, propertyOf(definition, key, comments)])),
      },
      ...(isSetting(api) && { required: keys }),
    },
    outputs: { type: "object", ...found(definition, comments) },
  };
}

function getAll(definition: Definition, comments: KindComments, selection: Selection) {
  const { noun, predefined } = definition;
  const owned = isOwned(definition);
  const isSelective = definition.name === "Organization";
  const also = predefined ? ", also those that every environment has" : "";
  const whose = owned ? "" : ` of the environment${isSelective ? " that meets all that is given" : ""}`;
  return {
    description: `Reads every ${nounOf(noun)}${whose}${also}, in a preview too; none is no error.`,
    inputs: {
      type: "object",
      ...(owned && {
        properties: { [ownerField]: propertyOf(definition, ownerField, comments) },
        required: [ownerField],
      }),
      ...(isSelective && { properties: narrowed(selection) }),
    },
    outputs: {
      type: "object",
      properties: {
        [listedAs(definition)]: {
          type: "array",
          items: { $ref: `#/types/${foundToken(definition)}` },
          description: isSelective ? "The oldest first." : `Every ${nounOf(noun)}.`,
        },
      },
      required: [listedAs(definition)],
    },
  };
}

const narrowed = (selection: Selection): Readonly<Record<string, Property>> =>
  Object.fromEntries(
    Object.entries(selection).map(([name, { text, type }]) => {
      const isPairs = type.includes("Record<");
      const shape = isPairs
        ? ({ type: "object", additionalProperties: { type: "string" } } as const)
        : ({ type: "string" } as const);
      return [name, { ...shape, description: sentences(text) }];
    }),
  );

/** What a look-up finds. */
function found(definition: Definition, comments: KindComments) {
  const { outputs } = definition;
  const fields = Object.keys(definition.fields).filter((name) => !fieldOf(definition, name).providerOnly);
  const shown = Object.keys(outputs).filter((name) => !outputs[name]?.createOnly);
  // A map that has nothing is empty.
  const isThere = (name: string) => fieldOf(definition, name).required || fieldOf(definition, name).rule.type === "map";
  return {
    properties: {
      id: idProperty(idOf(definition)),
      ...Object.fromEntries([...fields, ...shown].map((name) => [name, propertyOf(definition, name, comments)])),
    },
    required: ["id", ...fields.filter(isThere), ...shown.filter((name) => !outputType(definition, name).optional)],
  };
}

const propertyOf = (definition: Definition, name: string, comments: KindComments): Property =>
  name in definition.fields ? shownProperty(definition, name, comments) : outputProperty(definition, name, comments);
