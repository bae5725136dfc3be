/** Runs before the plugin, in a file of its own: it refuses an old Node.js, and turns the compile cache on for the rest. */
import "../../node-version.ts";
import "../compile-cache.ts";
