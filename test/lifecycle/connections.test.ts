import { describe, expect, test } from "vitest";
import { removalsIn } from "../../src/cli/removals.ts";
import { definitions } from "../../src/definitions/index.ts";
import type { State } from "../../src/lifecycle/state.ts";
import type { Kept } from "../support/lifecycle.ts";
import { beginWith } from "../support/lifecycle.ts";
import { requestsOf } from "../support/seed.ts";

/** What is only so of connections: no program makes or deletes one, and verbs turn it on and off. */
const { OrganizationConnection } = definitions;

test("a preview says what it will adopt and change, and what it cannot find", async () => {
  const { lifecycle, full, said, organization, writes } = await beginWith(OrganizationConnection);
  await lifecycle.previewAdoption(full, "OrganizationConnection okta");
  await lifecycle.previewAdoption({ ...full, enabled: false }, "OrganizationConnection okta");
  const before = writes();
  const id = `${organization}/${full["connectionId"]}`;
  const start = `OrganizationConnection okta will adopt the connection of the organization ${id} by its connection ID, and change `;
  expect(said).toEqual([`${start}its enabled.`, `${start}nothing.`]);
  await expect(
    lifecycle.previewAdoption({ ...full, connectionId: "conn_1" }, "OrganizationConnection okta"),
  ).rejects.toThrow(
    "Could not adopt the connection of the organization: there is none with the connection ID that is declared, and only " +
      "Scalekit's dashboard and the organization's admin portal make connections. Nothing was changed. Check the connection ID, " +
      "and whether the organization is the one that has it.",
  );
  await expect(lifecycle.create({ ...full, connectionId: "conn_1" }, "urn::one")).rejects.toThrow("there is none with");
  expect(writes()).toBe(before);
});

test("one that is as declared is adopted by a look alone, and a change takes a verb and two looks", async () => {
  const { process, full, emulator, organization, writes } = await beginWith(OrganizationConnection);
  const path = `/api/v1/organizations/${organization}/connections/${full["connectionId"]}`;
  const off = { ...full, enabled: false };
  const before = writes();
  const { id, outs } = await process().create(off, "urn::one");
  expect(writes()).toBe(before);
  expect(outs).toMatchObject({ ...off, provider: "OKTA", type: "SAML", status: "COMPLETED" });
  const requests = await requestsOf(emulator, () => process().update(id, outs, full));
  expect(requests).toEqual([`GET ${path}`, `PATCH ${path}:enable`, `GET ${path}`]);
  expect(emulator.all("connections")).toMatchObject([{ enabled: true }]);
});

test("taken out of the program it stays as it is, and nothing is sent", async () => {
  const { process, full, emulator, said } = await beginWith(OrganizationConnection);
  const { id, outs } = await process().create(full, "urn::one");
  const before = emulator.all("connections");
  expect(await requestsOf(emulator, () => process().remove(id, outs))).toEqual([]);
  expect(emulator.all("connections")).toEqual(before);
  expect(said.at(-1)).toBe(
    `Left the connection of the organization ${id} at Scalekit as it is, since no program makes or deletes one.`,
  );
});

describe.each(["status", "message"] as const)(
  "where one that is not set up is refused by a %s",
  (incompleteConnection) => {
    test("the error says so, and the resource is kept as it is", async () => {
      const { process, full, emulator, organization } = await beginWith(OrganizationConnection, {
        incompleteConnection,
      });
      const connectionId = emulator.connect(organization, { status: "IN_PROGRESS" });
      const args = { ...full, connectionId };
      const failure: Error & Kept = await process()
        .create(args, "urn::one")
        .catch((error) => error);
      expect(failure.message).toMatch(
        new RegExp(
          `^Could not enable the connection of the organization ${organization}/${connectionId}: Scalekit answered .*` +
            "connection is not configured completely.*PATCH /api/v1/organizations/\\{organization_id}/connections/\\{id}:enable",
        ),
      );
      expect(failure).toMatchObject({ properties: { enabled: false, status: "IN_PROGRESS" } });
      const { id = "", properties = {} } = failure;
      expect(await process().diff(id, properties, args)).toMatchObject({ isChanged: true, replaces: [] });
      expect(await process().diff(id, properties, { ...args, enabled: false })).toMatchObject({ isChanged: false });
    });
  },
);

test("a connection that is deleted in the dashboard is gone, and is not made again", async () => {
  const { process, full, endpoints } = await beginWith(OrganizationConnection);
  const { id, outs } = await process().create(full, "urn::one");
  await endpoints.remove(id);
  expect(await process().read(id, outs as State)).toEqual({});
  await expect(process().create(full, "urn::one")).rejects.toThrow("there is none with the connection ID");
});

test("a list has all of an organization, and none of another's even where the server lists those", async () => {
  const { endpoints, emulator, organization, hand } = await beginWith(OrganizationConnection);
  const { id: other } = await hand.create({ display_name: "Initech" });
  const theirs = emulator.connect(other, { enabled: true });
  const mine = emulator.connect(organization, { status: "DRAFT" });
  const ids = async () => {
    const found: string[] = [];
    for await (const { id } of endpoints.list(organization)) found.push(id);
    return found;
  };
  const own = await ids();
  expect(own).toHaveLength(2);
  expect(own).toContain(`${organization}/${mine}`);
  const all = await hand.call("GET", "/connections?include=all");
  expect(all.body.connections).toHaveLength(3);
  emulator.fail({
    path: "/api/v1/connections",
    effect: { kind: "garbage", status: 200, body: JSON.stringify(all.body) },
  });
  expect(await ids()).toEqual(own);
  expect(own.join()).not.toContain(theirs);
});

test("a guard takes none for deleted that goes out of the program", () => {
  const type = "pulumi-nodejs:dynamic/scalekit:OrganizationConnection";
  const urn = `urn:pulumi:s::p::${type}::okta`;
  const step = { op: "delete", urn, oldState: { type, id: "org_1/conn_1" } };
  expect(removalsIn([step as never])).toMatchObject([{ name: "okta", retained: true }]);
});
