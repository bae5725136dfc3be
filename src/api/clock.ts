/** Time and chance, which a test can hold still. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** From 0 to 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: Date.now,
  random: Math.random,
  async sleep(milliseconds) {
    // A timer of more than 24.8 days fires at once.
    for (let left = milliseconds; left > 0; left -= longestTimer) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(left, longestTimer)));
    }
  },
};

const longestTimer = 2 ** 31 - 1;
