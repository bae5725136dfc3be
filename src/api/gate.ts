/** A check before each request, for a client whose engine may be gone. */
export interface Gate {
  /** Resolves if requests may be sent. Otherwise it never does, so that nothing that needs a request goes on. */
  pass(): Promise<void>;
  /** Runs `send` once requests may be sent. If they may not any more, a failure never settles. */
  through<T>(send: () => Promise<T>): Promise<T>;
  /** Whether a request may leave at this very moment. */
  isOpen(): boolean;
}

/** A gate that is always open. */
export const noGate: Gate = {
  pass: async () => {},
  through: (send) => send(),
  isOpen: () => true,
};
