import { endpointsOf } from "../../src/api/endpoints.ts";
import { type Definition, isOwned, isSetting, keyFieldsOf, keysOf } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";

/** The endpoints that the provider uses, each with the resource that it is for. */
export async function usedEndpoints(): Promise<ReadonlyMap<string, string>> {
  const used = new Map<string, string>();
  for (const definition of Object.values(definitions)) {
    for (const endpoint of await usedFor(definition)) used.set(endpoint, definition.name);
  }
  return used;
}

/** Makes every call of a resource's client, and notes where it goes instead of sending it. */
async function usedFor(definition: Definition): Promise<string[]> {
  const { api, fields } = definition;
  const used: string[] = [];
  const endpoints = endpointsOf(definition, {
    send: async ({ operation }: { operation: { method: string; path: string } }) => {
      used.push(`${operation.method} ${operation.path}`);
      throw new Error("noted");
    },
  } as never);
  const owner = isOwned(definition) ? "org_1" : undefined;
  const id = [...(owner ? [owner] : []), ...(isSetting(api) ? [] : ["x"])].join("/");
  const [field] = Object.keys(fields).filter((name) => fields[name]?.endpoint);
  const key = Object.fromEntries((keyFieldsOf(definition) ?? []).map((name) => [name, "x"]));
  const calls = isSetting(api)
    ? [
        () => endpoints.update({ id }, {}),
        () => endpoints.remove(id),
        ...(api.readable ? [() => endpoints.get(id)] : []),
      ]
    : [
        () => endpoints.get(id),
        ...(keysOf(definition)[0]?.find ? [() => endpoints.findByKey(key)] : []),
        ...(api.madeBy ? [] : [() => endpoints.create(owner, {}), () => endpoints.remove(id)]),
        () => endpoints.list(owner).next(),
        ...(api.update ? [() => endpoints.update({ id }, {})] : []),
        ...(field ? [{}, true].map((set) => () => endpoints.updateField({ id }, field, { set })) : []),
        ...(api.secret ? [() => endpoints.newSecret(id)] : []),
        ...(api.removeEntry ? [() => endpoints.removeEntry(id, "x")] : []),
      ];
  for (const call of calls) await call().catch(() => undefined);
  return used;
}
