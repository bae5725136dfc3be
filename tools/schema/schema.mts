import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Definition } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { organizationSet } from "../../src/definitions/organization-set.ts";
import { nativeTypeOf } from "../../src/definitions/tokens.ts";
import { type KindComments, readComments, readDefinitionComments, readSetComments } from "../docs/comments.mts";
import { formatted } from "../sdk/formatted.mts";
import { languages } from "./languages.mts";
import { foundType, functions } from "./look-ups.mts";
import { namedTypes } from "./named-types.mts";
import { resource } from "./resource.mts";
import { samplesOf } from "./samples/sample.mts";
import { setResource } from "./set.mts";
import { settings } from "./settings.mts";

export const schemaFile = "schema.json";

/** The text of schema.json. */
export const schemaText = (): string => formatted(schemaFile, JSON.stringify(packageSchema()));

/** The native plugin's schema for Pulumi, from the definitions and their comments. */
function packageSchema(): object {
  const comments = readDefinitionComments();
  const selection = readComments().propertiesOf("GetOrganizationsArgs");
  const ofSet = readSetComments();
  const samples = samplesOf({ ...comments, [organizationSet.name]: ofSet });
  const kinds: readonly Definition[] = Object.values(definitions);
  const said = ({ name }: Definition): KindComments => {
    const found = comments[name];
    if (found === undefined) throw new Error(`src/definitions has no comments on ${name}`);
    return found;
  };
  const { version, license, homepage, repository } = about();
  return {
    name: "scalekit",
    displayName: "Scalekit",
    version,
    description: "Scalekit organizations, and what belongs to them, as code.",
    keywords: ["pulumi", "scalekit", "category/infrastructure", "kind/native"],
    ...(homepage !== undefined && { homepage }),
    license,
    ...(repository !== undefined && { repository: repository.url.replaceAll(/^git\+|\.git$/g, "") }),
    // The generators then write what a package needs to be built: versions and a go.mod.
    meta: { supportPack: true },
    language: languages,
    config: { variables: settings },
    types: Object.assign({}, ...kinds.map((kind) => ({ ...namedTypes(kind), ...foundType(kind, said(kind)) }))),
    provider: {
      description:
        "One Scalekit environment, and how it is reached. Each setting may also come from the stack's configuration.",
      inputProperties: settings,
    },
    resources: {
      ...Object.fromEntries(
        kinds.map((kind) => [nativeTypeOf(kind.name), resource(kind, said(kind), samples(kind.name))]),
      ),
      [nativeTypeOf(organizationSet.name)]: setResource(organizationSet, ofSet, samples(organizationSet.name)),
    },
    functions: Object.assign({}, ...kinds.map((kind) => functions(kind, said(kind), selection))),
  };
}

interface Package {
  readonly version: string;
  readonly license: string;
  readonly homepage?: string;
  readonly repository?: { readonly url: string };
}

const about = (): Package =>
  JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8")) as Package;
