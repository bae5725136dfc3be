/** Texts that were sent and that a message must not show, although a server may quote them. */
export interface Hidden {
  /** What users have given, any of which may be a secret. Values that are not text, or as short as a common word, are left out. */
  readonly values: readonly unknown[];
  /** Known secrets, of which no part may be shown. */
  readonly credentials: readonly string[];
}

/**
 * A server's text without hidden values, in whatever form they occur: in capitals, escaped for JSON, HTML or a URL, in base64 or
 * hex, or cut short.
 */
export function withoutHidden(text: string, { values, credentials }: Hidden): string {
  const folded = fold(text);
  const isHidden = new Uint8Array(text.length);
  for (const form of textsIn(values).flatMap(formsOf)) {
    for (let at = folded.indexOf(form); at !== -1; at = folded.indexOf(form, at + 1)) hide(at, form.length);
    hideBeginnings(form);
  }
  const parts = new Set(credentials.flatMap(formsOf).flatMap(partsOf));
  const lengths = new Set([...parts].map(({ length }) => length));
  for (const length of lengths) {
    for (let at = 0; at + length <= folded.length; at++) if (parts.has(folded.slice(at, at + length))) hide(at, length);
  }
  return kept();

  function hide(at: number, length: number): void {
    isHidden.fill(1, at, at + length);
  }

  /** Hides text that begins like `form` and is cut off. Text that continues differently is the server's own. */
  function hideBeginnings(form: string): void {
    const beginning = form.slice(0, shortestPart);
    if (beginning.length < shortestPart) return;
    for (let at = folded.indexOf(beginning); at !== -1; at = folded.indexOf(beginning, at + 1)) {
      let length = shortestPart;
      while (at + length < folded.length && folded[at + length] === form[length]) length++;
      if (cutMark.test(folded.slice(at + length, at + length + 3))) hide(at, length);
    }
  }

  function kept(): string {
    let shown = "";
    for (let at = 0; at < text.length; at++) {
      if (!isHidden[at]) shown += text[at];
      else if (!isHidden[at - 1]) shown += "[hidden]";
    }
    return shown;
  }
}

const shortestPart = 8;
const cutMark = /^(?:$|…|\.\.\.|["'`)\]}>])/;

/** Every part of a secret that could help to guess the rest, or all of a short secret. */
function partsOf(form: string): string[] {
  if (form.length <= shortestPart) return [form];
  return Array.from({ length: form.length - shortestPart + 1 }, (_, at) => form.slice(at, at + shortestPart));
}

/** Every string in `value` that is longer than a common word. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value.length >= 5 ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The forms in which a text may contain `value`, in lower case. */
function formsOf(value: string): string[] {
  if (value === "") return [];
  const json = JSON.stringify(value).slice(1, -1);
  const url = encodeURIComponent(value.toWellFormed());
  const encoded = [
    json,
    json.replaceAll(/[<>&]|[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
    url,
    url.replaceAll("%20", "+"),
    ...quotes.map((quote) => value.replaceAll(/[&<>"']/g, (one) => ({ ...entities, ...quote })[one] ?? one)),
    Buffer.from(value).toString("hex"),
    ...[0, 1, 2].flatMap((shift) => inBase64(value, shift)),
  ];
  return [...new Set([value, ...encoded.filter(({ length }) => length >= Math.min(value.length, 6))].map(fold))];
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const quotes: readonly Readonly<Record<string, string>>[] = [
  { '"': "&quot;", "'": "&#39;" },
  { '"': "&#34;", "'": "&#39;" },
  { '"': "&quot;", "'": "&#x27;" },
  { '"': "&quot;", "'": "&apos;" },
];

/** The characters that say `value` and nothing of what is around it, where it begins `shift` bytes after a multiple of three. */
function inBase64(value: string, shift: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)]);
  const whole = bytes.toString("base64").slice(Math.ceil((shift * 8) / 6), Math.floor((bytes.length * 8) / 6));
  return [whole, whole.replaceAll("+", "-").replaceAll("/", "_")];
}

/** In lower case, with the same number of characters. */
const fold = (text: string): string =>
  text.replaceAll(/\P{Ll}/gu, (letter) => {
    const small = letter.toLowerCase();
    return small.length === letter.length ? small : letter;
  });
