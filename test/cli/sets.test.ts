import { describe, expect, test } from "vitest";
import { bothProviders } from "../support/both-types.ts";
import { workplace } from "../support/workplace.ts";

const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "x" };

const lines = ["CUST-1,One,metadata.tier=gold", "CUST-2,Two", "CUST-3,Three"];
const textOf = (count: number) => lines.slice(0, count).join("\n");

describe.each(bothProviders)("sets of $provider", ({ typeIn }) => {
  const type = typeIn("OrganizationSet");
  const organizationType = typeIn("Organization");
  const urnOf = (name: string, of = type) => `urn:pulumi:prod::app::${of}::${name}`;

  const begin = async () => {
    const place = await workplace([
      { display_name: "One", external_id: "CUST-1", metadata: { tier: "gold" } },
      { display_name: "Two", external_id: "CUST-2" },
      { display_name: "Three", external_id: "CUST-3" },
    ]);
    const idList = place.ids.map((id, n) => `CUST-${n + 1},${id}`).join("\n");
    const outputs = { tenants: textOf(3), idList, count: 3, deletionProtection: false };
    const set = { urn: urnOf("customers"), type, id: "set_1", inputs: { tenants: textOf(3) }, outputs };
    const state = (more: object = {}) =>
      JSON.stringify({ version: 3, deployment: { resources: [{ ...set, ...more }] } });
    return { ...place, set, outputs, state };
  };

  describe("in drift", () => {
    test("are compared tenant by tenant", async () => {
      const { emulator, runWith, state, ids } = await begin();
      expect(await runWith(state(), "drift", "--state", "-")).toEqual({
        code: 0,
        stdout: `${emulator.url}: 3 as declared, 0 changed, 0 gone, 0 unmanaged\n`,
        stderr: "",
      });
      const [one = ""] = ids;
      const changed = state({ inputs: { tenants: textOf(3).replace("gold", "iron") } });
      const said = await runWith(changed, "drift", "--state", "-");
      expect(said.code).toBe(2);
      expect(said.stdout).toMatch(new RegExp(`^CUST-1 of customers +${one} +metadata.tier +iron +gold$`, "m"));
      const { stdout } = await runWith(changed, "drift", "--state", "-", "--json");
      expect(JSON.parse(stdout)).toMatchObject({
        managed: 3,
        changed: [{ kind: "Organization", name: "CUST-1", set: "customers", id: one }],
      });
    });

    test("count what a set shares, and tell what is gone", async () => {
      const { runWith, set, state } = await begin();
      const gone = {
        ...set.outputs,
        idList: `${set.outputs.idList}\nCUST-9,org_9`,
        tenants: `${textOf(3)}\nCUST-9,Nine`,
      };
      const said = await runWith(state({ outputs: gone }), "drift", "--state", "-");
      expect(said.stdout).toMatch(/^CUST-9 of customers +org_9 +declared +\(gone\)$/m);
      const declared = state({ inputs: { tenants: "CUST-1,One,metadata.other=x", metadataOwnership: "declared" } });
      const { stdout } = await runWith(declared, "drift", "--state", "-", "--json");
      expect(JSON.parse(stdout).changed[0].differences).toEqual([
        { field: "metadata.other", declared: "x", live: null },
      ]);
    });

    test("are not compared where their text is encrypted, but are not gone nor unmanaged either", async () => {
      const { runWith, set, state } = await begin();
      const hidden = state({ inputs: { tenants: secret }, outputs: { ...set.outputs, tenants: secret } });
      const said = await runWith(hidden, "drift", "--state", "-");
      expect(said).toMatchObject({ code: 0, stderr: "" });
      expect(said.stdout).toContain("3 as declared, 0 changed, 0 gone, 0 unmanaged");
      expect(said.stdout).toMatch(/^CUST-1 of customers +displayName, metadata, features$/m);
    });

    test("are refused where the state is not as Pulumi writes it", async () => {
      const { runWith, state } = await begin();
      for (const broken of [{ outputs: {} }, { inputs: { tenants: 'CUST-1,"One' } }]) {
        const said = await runWith(state(broken), "drift", "--state", "-");
        expect(said.code).toBe(1);
        expect(said.stderr).toMatch(/of customers is not as Pulumi writes it/);
      }
    });
  });

  describe("in guard", () => {
    const step = (
      op: string,
      old: object | undefined,
      news: object | undefined,
      urn = urnOf("customers"),
      of = type,
    ) => ({
      op,
      urn,
      ...(old && { oldState: { type: of, urn, id: "set_1", ...old } }),
      ...(news && { newState: { type: of, urn, ...news } }),
    });
    const preview = (...steps: object[]) => JSON.stringify({ steps, changeSummary: {} });

    test("count each tenant that leaves the list, and those of a set that goes", async () => {
      const { runWith, outputs, ids } = await begin();
      const update = preview(step("update", { outputs }, { inputs: { tenants: textOf(1) } }));
      const said = await runWith(update, "guard", "--preview", "-", "--max-deletes", "1");
      expect(said.code).toBe(2);
      expect(said.stdout).toContain("The update would delete or replace 2 organizations, more than the 1");
      expect(said.stdout).toMatch(new RegExp(`^delete +Organization +CUST-2 of customers +${ids[1]}$`, "m"));
      const all = await runWith(preview(step("delete", { outputs }, undefined)), "guard", "--preview", "-", "--json");
      expect(all.code).toBe(2);
      expect(JSON.parse(all.stdout).removals).toHaveLength(3);
      expect(JSON.parse(all.stdout).removals[0]).toEqual({
        kind: "Organization",
        name: "CUST-1",
        set: "customers",
        id: ids[0],
        action: "delete",
        retained: false,
      });
      const kept = preview(step("delete", { outputs, retainOnDelete: true }, undefined));
      expect(await runWith(kept, "guard", "--preview", "-")).toMatchObject({ code: 0 });
      const added = preview(step("update", { outputs }, { inputs: { tenants: `${textOf(3)}\nCUST-4,Four` } }));
      expect(await runWith(added, "guard", "--preview", "-")).toMatchObject({ code: 0 });
      expect(await runWith(preview(step("same", { outputs }, {})), "guard", "--preview", "-")).toMatchObject({
        code: 0,
      });
    });

    test("tell that the provider would refuse", async () => {
      const { runWith, outputs } = await begin();
      const isKept = { ...outputs, deletionProtection: true };
      const said = await runWith(preview(step("delete", { outputs: isKept }, undefined)), "guard", "--preview", "-");
      expect(said.stdout).toContain("The update would fail: 3 of these are protected from deletion.");
    });

    test("do not count one that gets another external ID, nor one that moves to another resource of its provider", async () => {
      const { runWith, outputs } = await begin();
      const renamed = `${textOf(2)}\nCUST-30,Three,formerExternalId=CUST-3`;
      const rename = preview(step("update", { outputs }, { inputs: { tenants: renamed } }));
      expect(await runWith(rename, "guard", "--preview", "-")).toMatchObject({ code: 0 });
      const single = (provider: string) =>
        step(
          "create",
          undefined,
          { inputs: { externalId: "CUST-3" }, provider },
          urnOf("three", organizationType),
          organizationType,
        );
      const shrink = step("update", { outputs, provider: "p" }, { inputs: { tenants: textOf(2) }, provider: "p" });
      expect(await runWith(preview(shrink, single("p")), "guard", "--preview", "-")).toMatchObject({ code: 0 });
      expect(await runWith(preview(shrink, single("q")), "guard", "--preview", "-")).toMatchObject({ code: 2 });
    });

    test.each([["[secret]"], ["04da6b54-80e4-46f7-96ec-b56ff0331ba9"], [undefined]])(
      "end the command where the preview does not tell the tenants: %s",
      async (tenants) => {
        const { runWith, outputs } = await begin();
        const given = preview(step("update", { outputs }, { inputs: { tenants } }));
        const said = await runWith(given, "guard", "--preview", "-");
        expect(said.code).toBe(1);
        expect(said.stderr).toContain("does not say which tenants the set customers would have");
      },
    );
  });
});
