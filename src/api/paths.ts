import { type CollectionApi, type Definition, isOwned, isSetting, type SettingApi } from "../definitions/definition.ts";
import { ScalekitError } from "../errors.ts";

/** The place of an object: its organization, if it has one, its path, and the path to show in messages. */
export interface Place {
  readonly owner: string | undefined;
  readonly path: string;
  readonly documented: string;
}

/** The places of a definition's remote objects. Throws if an id cannot be valid, before anything is sent. */
export function placesOf(definition: Definition) {
  const { api, noun } = definition;
  const owned = isOwned(definition);

  function placeOf(id: string): Place {
    const [owner, own] = partsOf(id);
    const path = filledIn(api.path, owner);
    if (isSetting(api)) {
      if (own !== undefined) throw notAnId(id);
      return { owner, path, documented: api.path };
    }
    if (own === undefined || isUnsafe(own)) throw notAnId(id);
    return { owner, path: `${path}/${encodeURIComponent(own)}`, documented: `${api.path}/{${api.parameter}}` };
  }

  function partsOf(id: string): [owner: string | undefined, own: string | undefined] {
    if (!owned) return [undefined, id];
    const [owner = "", ...rest] = id.split("/");
    if (isUnsafe(owner)) throw notAnId(id);
    return [owner, rest.length === 0 ? undefined : rest.join("/")];
  }

  const notAnId = (id: string) =>
    new ScalekitError(
      `"${id}" is not the id of the ${noun}, which looks like ${exampleOf(api, owned)}. Nothing was sent.`,
    );

  return placeOf;
}

/** A path with its parameter filled in. */
export const filledIn = (path: string, value: string | undefined): string =>
  path.replace(/\{\w+\}/, () => encodeURIComponent(value ?? ""));

/** In a URL, the parts `.`, `..` and the empty part, escaped or not, lead to another path. */
const isUnsafe = (part: string): boolean => /^\.{0,2}$/.test(part);

/** Whether a text needs no escaping, so that no proxy on the way can read it as another path. */
export const fitsInPath = (text: string): boolean => /^[\w~-][\w.~-]*$/.test(text);

function exampleOf(api: CollectionApi | SettingApi, owned: boolean): string {
  const own = isSetting(api) ? [] : [api.example ?? api.id.toUpperCase()];
  return [...(owned ? ["org_59615193906282635"] : []), ...own].join("/");
}
