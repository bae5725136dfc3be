/**
 * Runs `task` for each of `items`, at most `width` at once, and begins no further one when `isOver` says so. A task
 * must not throw.
 */
export async function inPool<T>(
  items: Iterable<T>,
  width: number,
  task: (item: T) => Promise<void>,
  isOver: () => boolean = () => false,
): Promise<void> {
  const left = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    while (!isOver()) {
      const next = left.next();
      if (next.done) return;
      await task(next.value);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}
