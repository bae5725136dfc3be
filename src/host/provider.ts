import "../node-version.ts";
import "./compile-cache.ts";
import { watchEngine } from "./engine.ts";
import { watchStop } from "./engine-stop.ts";

/** What the provider host loads. The providers are in another file, so that the compile cache holds them. */
export { entryOf } from "./providers.ts";

watchEngine();
watchStop();
