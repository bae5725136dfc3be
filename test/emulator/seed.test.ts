import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readSeed, type SeedOrganization, startEmulator } from "../../src/emulator/index.ts";
import { begin } from "../support/plain-client.ts";

const seed: SeedOrganization[] = [
  { display_name: "Old", id: "org_1", external_id: "CUST-1", create_time: "2020-01-01T00:00:00.000Z" },
  {
    display_name: "New",
    metadata: { tier: "gold" },
    slug: "new",
    region_code: "EU",
    settings: { features: [{ name: "sso", enabled: true }] },
  },
];

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-scalekit-seed-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("begins with the organizations of a seed, the first the oldest", async () => {
  const { call } = await begin({ seed });
  const { organizations } = (await call("GET", "/organizations")).body;
  expect(organizations).toMatchObject([
    { ...seed[1], id: expect.stringMatching(/^org_\d+$/) },
    { ...seed[0], metadata: {}, region_code: "US" },
  ]);
});

test("a reset is a return to the seed", async () => {
  const { call, emulator } = await begin({ seed });
  await call("PATCH", "/organizations/org_1", { display_name: "Renamed" });
  await call("POST", "/organizations", { display_name: "Third" });
  emulator.reset();
  expect(emulator.organizations().map(({ display_name }) => display_name)).toEqual(["Old", "New"]);
});

test("what the list answers is a seed", async () => {
  const { call } = await begin({ seed });
  const { organizations } = (await call("GET", "/organizations")).body;
  const other = await begin({ seed: organizations.toReversed() });
  expect((await other.call("GET", "/organizations")).body.organizations).toEqual(organizations);
});

test("a state file that holds something is left alone", async () => {
  const state = join(scratch(), "organizations.db");
  const first = await startEmulator({ state, seed });
  await fetch(`${first.url}/_emulator/organizations`);
  const planted = first.organizations();
  await first.close();
  const second = await startEmulator({ state, seed: [{ display_name: "Other" }] });
  onTestFinished(() => second.close());
  expect(second.organizations()).toEqual(planted);
});

test.each<[unknown, string]>([
  [{}, "it must be an array of organizations"],
  [[5], "[0]: an organization must be an object"],
  [[seed[0], {}], "[1]: display_name: value length must be at least 1 characters"],
  [[seed[0], { display_name: "X", metadata: { ab: "x" } }], '[1]: metadata["ab"]: key length must be at least 3'],
  [[{ display_name: "X", displayName: "X" }], '[0]: could not find field "displayName"'],
  [[{ display_name: "X", id: "conn_1" }], "[0]: id: value does not have prefix `org_`"],
  [[{ display_name: "X", create_time: "yesterday" }], "[0]: create_time must be a time such as"],
  [[{ display_name: "X", region_code: 5 }], "[0]: region_code must be a string"],
  [
    [{ display_name: "X", settings: { features: [{ name: "x" }] } }],
    "[0]: settings.features[0].name: value must be in",
  ],
  [[seed[0], { display_name: "X", external_id: "CUST-1" }], "names one organization twice: external_id already exists"],
  [[seed[0], { display_name: "X", id: "org_1" }], "names one organization twice: id already exists"],
])("says what is wrong with a seed, and where: %j", async (wrong, message) => {
  await expect(startEmulator({ seed: wrong as SeedOrganization[] })).rejects.toThrow(message);
});

test("says where a seed file is no JSON, and that there is none", () => {
  const file = join(scratch(), "seed.json");
  expect(() => readSeed(file)).toThrow(`the seed file ${file} cannot be used: ENOENT`);
  writeFileSync(file, '[\n  { "display_name": "X" },\n  { "display_name" }\n]');
  expect(() => readSeed(file)).toThrow(/cannot be used: .*line 3 column/);
  writeFileSync(file, '[{"display_name":"X","metadata":{"__proto__":"kept"}}]');
  expect(JSON.stringify(readSeed(file)[0]?.metadata)).toBe('{"__proto__":"kept"}');
});
