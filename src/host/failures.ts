import type { Values } from "../definitions/definition.ts";
import { isScalekitError } from "../errors.ts";
import type { CheckFailure } from "../lifecycle/check.ts";
import { withHeadline } from "../text/headline.ts";

/** The engine prints the value of a property that a failure names, even a secret one, so the path goes into the reason. */
export const asText = ({ property, reason }: CheckFailure) => ({
  property: "",
  reason: `${property} ${reason}`.trim(),
});

/**
 * Runs a verb that may leave a resource in the state by an error. The host restores its own property in a verb's result, but not in
 * an error's, and without it no later verb finds the provider.
 */
export async function keepingProvider<T>({ __provider }: Values, verb: () => Promise<T>): Promise<T> {
  try {
    return await verb();
  } catch (error) {
    const { properties } = error as { properties?: object };
    throw properties === undefined
      ? error
      : Object.assign(error as Error, { properties: { ...properties, __provider } });
  }
}

/**
 * For most verbs the host prints `${error}: ${error.stack}` as a message of the stack, besides the error that the engine
 * shows with the resource. That error is the one to read, so the other only points to it.
 */
export async function withQuietStack<T>(verb: () => Promise<T>): Promise<T> {
  try {
    return await verb();
  } catch (error) {
    if (isScalekitError(error)) {
      error.message = withHeadline(error.message);
      if ("reasons" in error) error.reasons = [error.message];
      error.toString = () => "pulumi-scalekit";
      error.stack = "an operation failed, as the error of its resource says";
    }
    throw error;
  }
}
