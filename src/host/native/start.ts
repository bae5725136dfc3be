/** What comes before the plugin, in a file of its own: it refuses an old Node.js, and has the rest found compiled. */
import "../../node-version.ts";
import "../compile-cache.ts";
