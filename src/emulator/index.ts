export type { LoggedRequest } from "./app.ts";
export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator.ts";
export type { FaultOptions } from "./faults.ts";
export type { Credentials } from "./oauth.ts";
export { coverage } from "./resources.ts";
export { readSeed, type SeedOrganization } from "./seed.ts";
export type { SemanticsOptions } from "./semantics.ts";
export type { StoredOrganization } from "./store.ts";
export type { Kinds } from "./things.ts";
