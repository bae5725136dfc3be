import { flag } from "./field.ts";

/** Off unless a program asks for it: what it guards can be made again, though not all that hangs on it. */
export const deletionProtection = flag({ fallback: false, providerOnly: true });
