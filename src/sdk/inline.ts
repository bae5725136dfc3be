/**
 * What stands for the run of a program that is no process of its own, as the SDK tells such runs apart; nothing for a
 * program of the CLI. The Automation API runs inline programs in its user's process, several at once if it is asked to, and the
 * engine with an environment that this process need not have.
 */
export function inlineRun(): object | undefined {
  const { asyncLocalStorage } = globalThis as { asyncLocalStorage?: { getStore(): object | undefined } };
  return asyncLocalStorage?.getStore();
}
