/** One request with its answer, as the report shows it. */
export interface Exchange {
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown };
  /** Absent where no answer came. */
  readonly response?: { readonly status: number; readonly requestId?: string | undefined; readonly body: unknown };
}

/** What a recording leaves out. */
export interface Discretion {
  /** A text without credentials and tokens. */
  readonly withoutSecrets: (text: string) => string;
  /** Whether something in a list is the probe's own. Other things in an environment are nobody's business. */
  readonly isOwn: (thing: unknown) => boolean;
}

/** A body as it may be shown to whoever reads the report. */
export function discreet(value: unknown, { withoutSecrets, isOwn }: Discretion, name = ""): unknown {
  if (typeof value === "string") {
    if (/token$|secret$/.test(name)) return value === "" ? "" : "[hidden]";
    return withoutSecrets(value);
  }
  if (Array.isArray(value)) {
    if (!listed.includes(name)) return value.map((one) => discreet(one, { withoutSecrets, isOwn }));
    const own = value.filter(isOwn).map((one) => discreet(one, { withoutSecrets, isOwn }));
    return own.length === value.length ? own : [...own, `[${value.length - own.length} of others]`];
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, discreet(inner, { withoutSecrets, isOwn }, key)]),
  );
}

/** The lists of what an environment has. Those within one thing, such as its features, are the thing's own. */
const listed = ["organizations", "roles", "permissions"];
