import { expect, onTestFinished, test } from "vitest";
import { newClient } from "../../src/api/client.ts";
import type { Live } from "../../src/api/codec.ts";
import { type Definition, makerOf, type Values } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { startEmulator } from "../../src/emulator/index.ts";
import { declaredBy } from "../../src/lifecycle/declaration.ts";
import { openJournal } from "../../src/lifecycle/journal.ts";
import { newLifecycle } from "../../src/lifecycle/lifecycle.ts";
import { statesOf } from "../../src/lifecycle/state.ts";
import { inMemory } from "../support/journal-storage.ts";
import { requestsOf, seed } from "../support/seed.ts";

type Name = keyof typeof definitions;

interface Row {
  /** Each another one. */
  readonly args: (n: number, organizationId: string) => Values;
  /** The requests that their refresh may take: a page for each hundred, and the GETs before it is known how many there are. */
  readonly most: number;
  /** @default 1000 */
  readonly size?: number;
}

/** Nothing is one of many: the organization has one. */
const alone = "no list";

const rows: Record<Name, Row | typeof alone> = {
  Organization: {
    args: (n) => ({ displayName: `Customer ${n}`, externalId: `CUST-${n}`, metadata: { tier: "gold" } }),
    most: 12,
  },
  Permission: { args: (n) => ({ name: `invoices:read${n}`, description: `Invoices ${n}` }), most: 12 },
  // The list of roles has no pages.
  Role: { args: (n) => ({ name: `role_${n}`, displayName: `Role ${n}` }), most: 3, size: 200 },
  OrganizationRole: {
    args: (n, organizationId) => ({ organizationId, name: `role_${n}`, displayName: `Role ${n}` }),
    most: 3,
    size: 200,
  },
  // Its pages have numbers, and a full one does not say whether it is the last.
  OrganizationDomain: {
    args: (n, organizationId) => ({ organizationId, domain: `d${n}.example.com`, domainType: "ORGANIZATION_DOMAIN" }),
    most: 13,
  },
  OrganizationApiClient: {
    args: (n, organizationId) => ({ organizationId, name: `Robot ${n}`, scopes: ["read"], rotation: "1" }),
    most: 12,
  },
  // No more has its list.
  OrganizationConnection: {
    args: (n, organizationId) => ({ organizationId, connectionId: `conn_${n}`, enabled: n % 2 === 0 }),
    most: 3,
    size: 200,
  },
  OrganizationSessionPolicy: alone,
  OrganizationUserManagement: alone,
};

test("every definition says what a refresh of many takes", () => {
  expect(Object.keys(rows)).toEqual(Object.keys(definitions));
  for (const [name, definition] of Object.entries<Definition>(definitions)) {
    expect(rows[name as Name] === alone).toBe(!("many" in definition.api));
  }
});

test.each(Object.entries(rows).flatMap(([name, row]) => (row === alone ? [] : [[name as Name, row] as const])))(
  "a refresh of many of %s shares the pages of the list, and shows each as it is",
  async (name, { args, most, size = 1000 }) => {
    const definition: Definition = definitions[name];
    const emulator = await startEmulator();
    const caps = { maxRequestsPerMinute: 1_000_000, maxConcurrentRequests: 50 };
    const client = newClient({ environmentUrl: emulator.url, ...emulator.credentials, ...caps });
    onTestFinished(async () => {
      await client.close();
      await emulator.close();
    });
    const [organizationId = ""] = await seed(emulator, [{ display_name: "Megasoft" }]);
    const journal = openJournal(emulator.url, inMemory);
    const lifecycle = newLifecycle(definition, client, { journal });
    const { stateOf } = statesOf(definition);

    const endpoints = client.of(definition);
    const make = async (given: Values) => {
      if (makerOf(definition) === undefined)
        return endpoints.create(given["organizationId"] as string | undefined, given);
      const { connectionId: id, enabled } = given as { connectionId: string; enabled: boolean };
      return (await endpoints.get(`${organizationId}/${emulator.connect(organizationId, { id, enabled })}`)) as Live;
    };
    const declared = Array.from({ length: size }, (_, n) => args(n, organizationId));
    const states = await Promise.all(
      declared.map(async (given) => {
        const made = await make(given);
        return { id: made.id, state: stateOf(made, declaredBy(definition, given), given) };
      }),
    );

    const left = [...states];
    const readNext = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        expect((await lifecycle.read(next.id, next.state)).props).toEqual(next.state);
      }
    };
    // As many at a time as the engine has under way.
    const requests = await requestsOf(emulator, () => Promise.all(Array.from({ length: 16 }, readNext)));
    expect(requests.length).toBeLessThanOrEqual(most);
  },
);
