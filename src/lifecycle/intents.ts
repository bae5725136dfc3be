/** What a request to create something asks for, in hashes. */
export interface Wish {
  /** The class of what it asks for. */
  readonly kind: string;
  /** Its unique key, such as the external ID, if it has one. */
  readonly key?: string;
  /** The values of the fields that every create sets, and of those in `also`. */
  readonly content: string;
  readonly also?: readonly string[];
}

/** One request to create something. */
export interface Intent extends Wish {
  readonly nonce: string;
  /** The resource that asked, and the environment. */
  readonly subject: string;
  /** Milliseconds since 1970 when it was first and last sent, by Scalekit's clock. */
  firstSent?: number;
  lastSent?: number;
  /** Set once it is known. */
  id?: string;
  /** An error reported it to the engine, which saved it unless it was killed at that moment. */
  reported?: true;
}

/** Open intents, indexed by the resource that asked and by the created object: there may be tens of thousands. */
export function newIntents() {
  const byNonce = new Map<string, Intent>();
  const bySubject = new Map<string, Set<string>>();
  const byId = new Map<string, Set<string>>();

  /** Adds `intent`, or replaces what was known of it. */
  function put(intent: Intent): void {
    byNonce.set(intent.nonce, intent);
    index(bySubject, intent.subject, intent.nonce);
    if (intent.id !== undefined) index(byId, intent.id, intent.nonce);
  }

  /** False if it was not there. */
  function remove(nonce: string): boolean {
    const intent = byNonce.get(nonce);
    if (intent === undefined) return false;
    byNonce.delete(nonce);
    unindex(bySubject, intent.subject, nonce);
    if (intent.id !== undefined) unindex(byId, intent.id, nonce);
    return true;
  }

  const those = (nonces: Iterable<string> = []): Intent[] => [...nonces].flatMap((nonce) => byNonce.get(nonce) ?? []);

  return {
    put,
    remove,
    get: (nonce: string): Intent | undefined => byNonce.get(nonce),
    of: (subject: string): Intent[] => those(bySubject.get(subject)),
    thatMade: (id: string): Intent[] => those(byId.get(id)),
    all: (): Intent[] => [...byNonce.values()],
    size: (): number => byNonce.size,
  };
}

function index(entries: Map<string, Set<string>>, key: string, nonce: string): void {
  const known = entries.get(key);
  if (known === undefined) entries.set(key, new Set([nonce]));
  else known.add(nonce);
}

function unindex(entries: Map<string, Set<string>>, key: string, nonce: string): void {
  const known = entries.get(key);
  known?.delete(nonce);
  if (known?.size === 0) entries.delete(key);
}
