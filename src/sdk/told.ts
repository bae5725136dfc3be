import type { Registration } from "./registration.ts";

/** What the class registers, with what it tells the plugin. */
export const propertiesTold = (registration: Registration): object => ({
  ...registration.properties,
  [toldKey]: told(registration),
});

/** Under this name the class tells the plugin what no request of the engine's does. Check keeps it out of the state. */
const toldKey = "__origin";

/** The plugin learns the URN and the stack from the engine. */
function told({ origin, guarantee }: Registration) {
  const { journalIn, isPreview } = origin ?? {};
  const all = { ...(journalIn !== undefined && { journalIn }), ...(isPreview && { isPreview }), guarantee };
  return Object.values(all).some((value) => value !== undefined) ? all : undefined;
}
