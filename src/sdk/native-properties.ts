import type { Registration } from "./registration.ts";

/** The properties that a class of the native plugin registers: the arguments, and under `__origin` what no request of the engine holds. */
export const nativePropertiesOf = (registration: Registration): object => ({
  ...registration.properties,
  [originKey]: pluginOriginOf(registration),
});

/** Check keeps this property out of the state. */
const originKey = "__origin";

/** The plugin learns the URN and the stack from the engine. */
function pluginOriginOf({ origin, guarantee }: Registration) {
  const { journalIn, isPreview } = origin ?? {};
  const all = { ...(journalIn !== undefined && { journalIn }), ...(isPreview && { isPreview }), guarantee };
  return Object.values(all).some((value) => value !== undefined) ? all : undefined;
}
