/** One kind of value to look for: what stands in a text, or what a text is by the name of its metadata key. */
export interface Detector {
  /** By which it can be excepted. */
  readonly name: string;
  /** As it follows "looks like". */
  readonly what: string;
  /** What it looks like, in a text that may hold more. Bounded, so that no text takes more than linear time. */
  readonly pattern?: RegExp;
  /** Whether a match of the pattern is one: a check sum, a range. */
  readonly check?: (match: string) => boolean;
  /** The key of which the value is one, in words joined by `_`, and what its value has to be for that. */
  readonly key?: RegExp;
  readonly value?: (value: string) => boolean;
}

/** The first of `detectors` that finds something in `value`, which is that of the metadata key `key`, if it is metadata. */
export function detect(detectors: readonly Detector[], value: string, key?: string): Detector | undefined {
  const words = key === undefined ? undefined : wordsOf(key);
  return detectors.find(
    (detector) => finds(detector, value) || (words !== undefined && isNamed(detector, words, value.trim())),
  );
}

function finds({ pattern, check }: Detector, value: string): boolean {
  if (pattern === undefined) return false;
  if (check === undefined) return value.search(pattern) !== -1;
  return [...value.matchAll(pattern)].some(([match]) => check(match));
}

const isNamed = ({ key, value: fits }: Detector, words: string, value: string): boolean =>
  key?.test(words) === true && (fits === undefined || fits(value));

/** `apiKey`, `API-Key` and `api.key` are `api_key`. */
const wordsOf = (key: string): string =>
  key
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, "_");
