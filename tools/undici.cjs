/**
 * Takes the place of undici's index in the providers' bundle, with what src/api/http.ts uses of it. The rest (fetch,
 * WebSocket, caches, mocks) is half a megabyte, and a quarter of the time that the bundle takes to load.
 */
exports.Agent = require("undici/lib/dispatcher/agent.js");
exports.ProxyAgent = require("undici/lib/dispatcher/proxy-agent.js");
