import schema from "../../schema.json" with { type: "json" };
import { engineLog } from "../../src/host/native/engine-log.ts";
import { engineAddress, listen } from "../../src/host/native/listen.ts";
import { nativeService } from "../../src/host/native/native.ts";

/** As src/host/native/main.ts, for an executable, which has no file beside it. */
listen(nativeService({ schema: JSON.stringify(schema), log: engineLog(engineAddress) }));
