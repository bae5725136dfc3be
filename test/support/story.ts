import { test } from "vitest";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator/index.ts";
import { newStack, type StackOptions } from "./stack.ts";

export type Stack = Awaited<ReturnType<typeof newStack>>;

/** What a story needs, ended with it. */
export interface Means {
  emulate(options?: EmulatorOptions): Promise<Emulator>;
  stackOn(emulator: Emulator, options?: StackOptions): Promise<Stack>;
}

/** A test that drives the real engine against emulators of its own. Safe to run beside others. */
export const story = test.extend<{ means: Means }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from this pattern which fixtures a fixture needs
  means: async ({}, use) => {
    await using ended = new AsyncDisposableStack();
    await use({
      emulate: async (options) => ended.use(await startEmulator(options)),
      stackOn: async (emulator, options) => ended.use(await newStack(emulator, options)),
    });
  },
});
