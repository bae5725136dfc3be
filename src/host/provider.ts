import "../node-version.ts";
import "./compile-cache.ts";
import { watchEngine } from "./engine.ts";
import { watchStop } from "./engine-stop.ts";

/** What the provider host loads. The providers are another file, so that it is found compiled. */
export { entryOf } from "./providers.ts";

watchEngine();
watchStop();
