import * as pulumi from "@pulumi/pulumi";
import { readDeletionProtection } from "../config/settings.ts";

/** What a program has given its providers, as far as the program itself knows it. */
export function noteProtection(provider: pulumi.ProviderResource, setting: unknown): void {
  given.set(provider, setting);
}

/**
 * Whether the provider of a resource protects organizations by default; nothing where only the provider knows. The stack's
 * configuration is that of the default provider.
 */
export function protectsByDefault(type: string, opts: pulumi.CustomResourceOptions): boolean | undefined {
  const provider = opts.provider ?? opts.parent?.getProvider(type);
  if (provider === undefined) return read(new pulumi.Config("scalekit").get("deletionProtection"));
  const setting = given.get(provider);
  return typeof setting === "object" ? undefined : read(setting === undefined ? undefined : `${setting}`);
}

const given = new WeakMap<pulumi.ProviderResource, unknown>();

function read(text: string | undefined): boolean {
  try {
    return readDeletionProtection({ get: () => text });
  } catch (error) {
    throw new pulumi.RunError((error as Error).message);
  }
}
