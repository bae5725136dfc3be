import "../node-version.ts";
import "../compile-cache.ts";
import { watchEngine } from "../engine.ts";

/** What the provider host loads for organizations. The provider is another file, so that it is found compiled. */
export * from "../provider.ts";

watchEngine();
