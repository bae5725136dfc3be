/** An access token, and how long it is good for. */
export interface Token {
  readonly value: string;
  /** Seconds from when it was given. */
  readonly expiresIn: number;
}

export interface TokenSource {
  /** The token to use now. One request gets it, however many calls need it at the same time. */
  get(): Promise<string>;
  /** The token to use now, if there is one that is good for long enough. */
  current(): string | undefined;
  /** Says that the server refused `value`, so that the next `get` asks for a new one. A newer token is kept. */
  refuse(value: string): void;
}

/** A token is renewed this long before it expires, so that none expires while its request is on the way. */
const margin = 60_000;

export function tokenSource(fetchToken: () => Promise<Token>, now: () => number): TokenSource {
  let held: { value: string; until: number } | undefined;
  let coming: Promise<string> | undefined;

  async function renew(): Promise<string> {
    const asked = now();
    const { value, expiresIn } = await fetchToken();
    const lifetime = expiresIn * 1000;
    held = { value, until: asked + Math.max(lifetime - margin, lifetime / 2) };
    return value;
  }

  const current = () => (held !== undefined && now() < held.until ? held.value : undefined);

  return {
    current,
    get() {
      const value = current();
      if (value !== undefined) return Promise.resolve(value);
      coming ??= renew().finally(() => {
        coming = undefined;
      });
      return coming;
    },
    refuse(value) {
      if (held?.value === value) held = undefined;
    },
  };
}
