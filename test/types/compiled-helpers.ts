// A policy pack and a test with the emulator, likewise.

import { startEmulator } from "pulumi-scalekit/emulator";
import { rules, scalekitPolicyPack } from "pulumi-scalekit/policy";
export const name: string = rules.noSecrets.name;
scalekitPolicyPack({ all: "advisory", metadataKeysRequired: { keys: { tier: { allowed: ["gold"] } } } });
export const emulator = startEmulator({ semantics: { order: "oldest", pageSize: { max: 10 } } });
emulator.then((started) => started.fail({ effect: { kind: "status", status: 429 } }));
// @ts-expect-error nothing is taken for any
scalekitPolicyPack({ metadataKeysRequired: { keys: ["tier"] } });
// @ts-expect-error nor is a fault
emulator.then((started) => started.fail({ effect: { kind: "nonsense" } }));
