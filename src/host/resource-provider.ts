import "../node-version.ts";
import "../compile-cache.ts";
import { watchEngine } from "../engine.ts";

/** What the provider host loads for everything but organizations. See provider.ts. */
export * from "../resource-provider.ts";

watchEngine();
