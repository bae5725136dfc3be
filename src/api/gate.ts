/** What every request has to pass, for a client whose requests may come to have nobody who asked for them. */
export interface Gate {
  /** Lets through who may still send. Who may not waits for ever: nothing that a request was part of goes on. */
  pass(): Promise<void>;
  /** Runs what sends a request and waits for its answer, once it may; a failure of one that may no more never comes out. */
  through<T>(send: () => Promise<T>): Promise<T>;
  /** Whether a request may leave at this very moment. */
  isOpen(): boolean;
}

/** Everyone may, always. */
export const noGate: Gate = {
  pass: async () => {},
  through: (send) => send(),
  isOpen: () => true,
};
