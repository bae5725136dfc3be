import {
  type CollectionApi,
  type Definition,
  isSetting,
  keyFieldsOf,
  keyInWords,
  keysOf,
  ownerOf,
  type Values,
} from "../definitions/definition.ts";
import { type Operation, ScalekitError, UnexpectedAnswerError } from "../errors.ts";
import type { Codec, Listed, Live } from "./codec.ts";
import { undefinedIfNotFound } from "./not-found.ts";
import { everyPage, type Page } from "./pages.ts";
import { filledIn, fitsInPath } from "./paths.ts";
import type { Transport } from "./transport.ts";

interface Ways {
  readonly transport: Pick<Transport, "send">;
  readonly codec: Codec;
  get(id: string): Promise<Live | undefined>;
  list(owner: string | undefined): AsyncGenerator<Live>;
  readPage(
    operation: Operation,
    owner: string | undefined,
    token: string | undefined,
    how: { filter: Readonly<Record<string, string>> },
  ): Promise<Page<Listed>>;
}

/** Finds an object by its key: by an endpoint for that, by its id if that contains the key, or else from the list. */
export function finderOf(definition: Definition, { transport, codec, get, list, readPage }: Ways) {
  const { noun, needs } = definition;
  const api = definition.api as CollectionApi;
  const key = keyFieldsOf(definition) ?? [];
  const find = keysOf(definition)[0]?.find;
  const what = `look up the ${noun} by its ${keyInWords(key)}`;
  const hasKey = (live: Live, values: Values): boolean => key.every((field) => live[field] === values[field]);

  return async (values: Values): Promise<Live | undefined> => {
    // Without a whole key there is no match: an empty part would match every object that has none either.
    if (key.length === 0 || key.some((field) => typeof values[field] !== "string")) return undefined;
    const owner = ownerOf(values);
    if (find !== undefined) return findBy(find, values);
    if (isSetting(definition.api)) return get(owner ?? "");
    if (key.includes(api.id)) {
      return get([owner, values[api.id]].filter((part) => part !== undefined).join("/"));
    }
    for await (const live of list(owner)) if (hasKey(live, values)) return live;
    return undefined;
  };

  async function findBy({ path, filter }: { path: string; filter: string }, values: Values): Promise<Live | undefined> {
    const [field = ""] = key;
    const value = String(values[field]);
    if (fitsInPath(value)) return findByPath(path, field, value);
    const operation = { what, method: "GET", path: api.path, needs } as const;
    const matching = everyPage(operation, async (token) => {
      const { items, next } = await readPage(operation, undefined, token, { filter: { [filter]: value } });
      return { items: items.map(({ live }) => live), next };
    });
    // The filter may match more objects, or be ignored.
    for await (const live of matching) if (hasKey(live, values)) return live;
    return undefined;
  }

  async function findByPath(end: string, field: string, value: string): Promise<Live | undefined> {
    // The value may be a secret of the user's, so errors name the path by its parameter.
    const operation = { what, method: "GET", path: `${api.path}${end}`, needs } as const;
    const path = `${api.path}${filledIn(end, value)}`;
    const call = { operation, path, hidden: [value], answer: codec.answerOf(undefined), repeatable: true };
    const live = await undefinedIfNotFound(transport.send(call));
    const found = live?.[field];
    if (live === undefined || found === value) return live;
    if (typeof found === "string" && found.toLowerCase() === value.toLowerCase()) {
      throw new ScalekitError(
        `Could not ${what}: Scalekit takes it for that of ${live.id}, which differs from it in upper and ` +
          `lower case (GET ${operation.path}). Write it exactly as Scalekit has it, or use another ${keyInWords(key)}.`,
      );
    }
    throw new UnexpectedAnswerError(operation, `it describes another object, with another ${keyInWords(key)}`);
  }
}
