/** A lock: shared work may run side by side, exclusive work runs alone. */
export function newSharedLock() {
  const underWay = new Set<Promise<unknown>>();
  let last: Promise<unknown> = Promise.resolve();

  async function shared<T>(work: () => Promise<T>): Promise<T> {
    await last;
    const running = work();
    underWay.add(running);
    try {
      return await running;
    } finally {
      underWay.delete(running);
    }
  }

  function exclusive<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(() => Promise.allSettled(underWay)).then(work);
    last = turn.catch(() => {});
    return turn;
  }

  return { shared, exclusive };
}
