import { isAlias, isCollection, isMap, isScalar, isSeq, type Node } from "yaml";

/** Something that is wrong, and at which character of the file. */
export class YamlProblem extends Error {
  readonly at: number;
  constructor(node: Node | null, reason: string) {
    super(reason);
    this.at = node?.range?.[0] ?? 0;
  }
}

/** The aliases of a file stand for more than it may hold. */
export class AliasBomb extends YamlProblem {}

/** Ten million characters can mean more than any machine holds. Fifty thousand tenants of forty shared values mean this much. */
export const maximumValues = 2_000_000;

/**
 * Replaces aliases with their values, one item of the list after another. The library would look for each anchor
 * in the whole file, and count by the item. Throws if the item cannot be right.
 */
export function newAliasResolver(): <T extends Node>(item: T) => T {
  const anchors = new Map<string, Settled>();
  const underWay = new Set<Node>();
  let left = maximumValues;

  /** What stands in the place of `node`, and how many values that is in all. */
  function settled(node: Node | null): Settled {
    if (isAlias(node)) return target(node);
    const whole: Settled = { node, size: 1 };
    if (!isCollection(node)) {
      if (isScalar(node) && node.anchor) anchors.set(node.anchor, whole);
      return whole;
    }
    if (node.anchor) anchors.set(node.anchor, whole);
    underWay.add(node);
    const keys = new Set<string>();
    const put = (inner: unknown): Node | null => {
      const { node, size } = settled(inner as Node | null);
      whole.size += size;
      return node;
    };
    if (isMap(node)) {
      for (const pair of node.items) {
        pair.key = keyOf(put(pair.key), keys);
        pair.value = put(pair.value);
        if (isMerge(pair.key as Node)) requireMergeable(pair.value as Node | null, pair.key as Node);
      }
    } else if (isSeq(node)) {
      node.items = node.items.map(put);
    }
    underWay.delete(node);
    return whole;
  }

  function target(alias: Node & { readonly source: string }): Settled {
    const found = anchors.get(alias.source);
    if (found === undefined) {
      throw new YamlProblem(alias, `Unresolved alias (the anchor must be set before the alias): ${alias.source}`);
    }
    if (found.node !== null && underWay.has(found.node)) {
      throw new YamlProblem(alias, `the alias ${alias.source} is used inside its own anchor`);
    }
    left -= found.size;
    if (left < 0) {
      throw new AliasBomb(alias, `the aliases up to here expand to more than ${maximumValues} values; write fewer`);
    }
    return found;
  }

  return <T extends Node>(item: T) => {
    try {
      return settled(item).node as T;
    } finally {
      underWay.clear();
    }
  };
}

interface Settled {
  readonly node: Node | null;
  size: number;
}

/** `{{ tier }}` of a template that was not filled in is an object with an object for its key. */
function keyOf(key: Node | null, before: Set<string>): Node | null {
  if (isCollection(key))
    throw new YamlProblem(key, "a key is an object or a list; a text with braces must be in quotes");
  if (isMerge(key)) return key;
  const name = String((isScalar(key) ? key.value : key) ?? "");
  if (before.has(name)) throw new YamlProblem(key, "a key appears twice in one object");
  before.add(name);
  return key;
}

/** `<<` without quotes. */
const isMerge = (key: Node | null): boolean => isScalar(key) && typeof key.value === "symbol";

function requireMergeable(value: Node | null, key: Node): void {
  if (isMap(value) || (isSeq(value) && value.items.every(isMap))) return;
  throw new YamlProblem(key, "<< takes an object or a list of objects, whose keys it adds, such as <<: *base");
}
