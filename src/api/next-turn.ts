/** Lets everything run that waits for its turn. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
