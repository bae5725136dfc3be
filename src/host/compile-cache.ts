import { enableCompileCache, flushCompileCache } from "node:module";
import { compileCachePath } from "../config/paths.ts";

/**
 * Imported for its effect, before what takes time to load: every run starts a provider of its own, and from the second
 * on Node.js finds what it compiled before. It is written when a run is under way, for the engine ends a provider without notice.
 */
enableCompileCache(compileCachePath());
setTimeout(flushCompileCache, 1000).unref();
