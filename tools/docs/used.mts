import { newClient } from "../../src/api/client.ts";
import { resourceClient } from "../../src/api/endpoints.ts";
import { type Definition, isOwned, isSetting } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { coverage, startEmulator } from "../../src/emulator/index.ts";

/** The endpoints that the provider uses, as it is seen to, each with the resource that it is for. */
export async function usedEndpoints(): Promise<ReadonlyMap<string, string>> {
  const used = new Map<string, string>();
  for (const endpoint of await usedForOrganizations()) used.set(endpoint, "Organization");
  for (const definition of Object.values(definitions)) {
    for (const endpoint of await usedFor(definition)) used.set(endpoint, definition.name);
  }
  return used;
}

/** Asks a real emulator, and looks at its log. */
async function usedForOrganizations(): Promise<string[]> {
  await using emulator = await startEmulator();
  const client = newClient({ environmentUrl: emulator.url, ...emulator.credentials });
  const { id } = await client.create({ displayName: "Megasoft", externalId: "CUST-1" });
  await client.get(id);
  await client.getByExternalId("CUST-1");
  await client.update(id, { displayName: "Megasoft Inc" }, "plain", []);
  await client.updateFeatures(id, { sso: true });
  for await (const _ of client.list());
  await client.remove(id);
  await client.close();
  return emulator.requests.flatMap(({ method, path }) => {
    const found = coverage.find((one) => one.method === method && patternOf(one.path).test(path));
    return found ? [`${method} ${found.path}`] : [];
  });
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/:]+")}$`);

/** Makes every call of a resource's client, and notes where it goes instead of sending it. */
async function usedFor(definition: Definition): Promise<string[]> {
  const { api } = definition;
  const used: string[] = [];
  const client = resourceClient(definition, {
    send: async ({ operation }: { operation: { method: string; path: string } }) => {
      used.push(`${operation.method} ${operation.path}`);
      throw new Error("noted");
    },
  } as never);
  const owner = isOwned(definition) ? "org_1" : undefined;
  const id = [...(owner ? [owner] : []), ...(isSetting(api) ? [] : ["x"])].join("/");
  const calls = isSetting(api)
    ? [() => client.update(id, {}), () => client.remove(id), ...(api.readable ? [() => client.get(id)] : [])]
    : [
        () => client.create(owner, {}),
        () => client.get(id),
        () => client.remove(id),
        () => client.list(owner).next(),
        ...(api.update ? [() => client.update(id, {})] : []),
        ...(api.secret ? [() => client.newSecret(id)] : []),
        ...(api.takeOut ? [() => client.takeOut(id, "x")] : []),
      ];
  for (const call of calls) await call().catch(() => undefined);
  return used;
}
