import { readSchema } from "./about.ts";
import { engineLog } from "./engine-log.ts";
import { engineAddress, listen } from "./listen.ts";
import { nativeService } from "./native.ts";

/** The process of a plugin. */
listen(nativeService({ schema: readSchema(), log: engineLog(engineAddress) }));
