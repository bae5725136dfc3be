export { coverage } from "./coverage.ts";
export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator.ts";
export type {
  Credentials,
  FaultOptions,
  LoggedRequest,
  SeedConnection,
  SeedOrganization,
  SemanticsOptions,
} from "./options.ts";
export { readSeed } from "./seed.ts";
export { defaultSemantics, readSemantics } from "./semantics-file.ts";
export type { Kinds, StoredOrganization } from "./stored.ts";
