export { type Emulator, type EmulatorOptions, type LoggedRequest, startEmulator } from "./emulator.ts";
export type { FaultOptions } from "./faults.ts";
export type { Credentials } from "./oauth.ts";
export type { SemanticsOptions } from "./semantics.ts";
export type { StoredOrganization } from "./store.ts";
