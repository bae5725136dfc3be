import { describe, expect, test } from "vitest";
import { byHand, requestsOf } from "../support/seed.ts";
import { organizationType } from "../support/stack.ts";
import { workplace } from "../support/workplace.ts";

const secret = (known: object) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ...known,
});

/** A stack's state with organizations, by name: id, inputs and what else the engine says of them. */
const stateOf = (resources: Record<string, { id: string; inputs: object; external?: boolean }>) =>
  JSON.stringify({
    version: 3,
    deployment: {
      resources: Object.entries(resources).map(([name, resource]) => ({
        urn: `urn:pulumi:prod::app::${organizationType}::${name}`,
        type: organizationType,
        ...resource,
      })),
    },
  });

const withSecret = (known: object) =>
  JSON.parse(stateOf({ one: { id: "org_1", inputs: { metadata: { tier: secret(known) } } } }));

const names = ["Megasoft", "Initech", "Sandbox"];
const begin = async (count = 3) => {
  const bodies = Array.from({ length: count }, (_, n) => ({
    display_name: names[n] ?? `Customer ${n}`,
    external_id: `CUST-${n}`,
    metadata: { tier: "gold" },
  }));
  const place = await workplace(bodies);
  const [megasoft = "", initech = "", sandbox = ""] = place.ids;
  return { ...place, megasoft, initech, sandbox };
};

describe("pulumi-scalekit drift", () => {
  test("reads a state from stdin, however late it comes", async () => {
    const { runWith, megasoft } = await begin(1);
    const state = stateOf({ megasoft: { id: megasoft, inputs: { displayName: "Megasoft" } } });
    expect(await runWith(state, "drift", "--state", "-")).toMatchObject({ code: 0, stderr: "" });
  });

  test("says that all is as declared, with exit code 0, in one request a hundred organizations", async () => {
    const { emulator, write, run, ids } = await begin(250);
    const state = Object.fromEntries(
      ids.map((id, n) => [
        `customer-${n}`,
        { id, inputs: { displayName: names[n] ?? `Customer ${n}`, __provider: "" } },
      ]),
    );
    await write("state.json", stateOf(state));
    const requests = await requestsOf(emulator, async () => {
      expect(await run("drift", "--state", "state.json")).toEqual({
        code: 0,
        stdout: `${emulator.url}: 250 as declared, 0 changed, 0 gone, 0 unmanaged\n`,
        stderr: "",
      });
    });
    expect(requests).toEqual(Array(3).fill("GET /api/v1/organizations"));
  });

  test("shows what changed, what is gone and what nobody manages, with exit code 2, and changes nothing", async () => {
    const { emulator, write, run, megasoft, initech, sandbox } = await begin();
    await write(
      "state.json",
      stateOf({
        megasoft: {
          id: megasoft,
          inputs: { displayName: "Megasoft Inc", externalId: "CUST-0", metadata: { plan: "annual" } },
        },
        株式会社: { id: initech, inputs: { displayName: "Initech" } },
        lost: { id: "org_9", inputs: { displayName: "Lost" } },
        looked: { id: sandbox, inputs: {}, external: true },
      }),
    );
    const ended = await run("drift", "--state", "state.json");
    const pad = (text: string) => text.padEnd(megasoft.length);
    expect(ended).toEqual({
      code: 2,
      stderr: "",
      stdout: `${emulator.url}: 1 as declared, 1 changed, 1 gone, 1 unmanaged

ORGANIZATION  ${pad("ID")}  FIELD          IN CODE         LIVE
megasoft      ${megasoft}  displayName    Megasoft Inc    Megasoft
megasoft      ${megasoft}  metadata.plan  annual          (not set)
megasoft      ${megasoft}  metadata.tier  (not declared)  gold
lost          ${pad("org_9")}                 declared        (gone)

\`pulumi refresh\` and then \`pulumi up\` restore what the program declares.

At Scalekit, and in none of the stacks:
${pad("ID")}  DISPLAY NAME  EXTERNAL ID
${sandbox}  Sandbox       CUST-2
`,
    });
    expect(emulator.requests.filter(({ method, path }) => method !== "GET" && path !== "/oauth/token")).toHaveLength(3);
  });

  test("compares slug, logo and features, as far as they are declared", async () => {
    const { emulator, write, run, megasoft } = await begin(1);
    const declared = {
      slug: "megasoft",
      logoUrl: secret({ plaintext: '"https://a.example/1"' }),
      features: { sso: true },
    };
    await write(
      "state.json",
      stateOf({ megasoft: { id: megasoft, inputs: { displayName: "Megasoft", ...declared } } }),
    );
    const settings = { features: [{ name: "dir_sync", enabled: true }] };
    await byHand(emulator, "PATCH", `/${megasoft}/settings`, settings);
    const { code, stdout } = await run("drift", "--state", "state.json", "--json");
    expect(code).toBe(2);
    expect(JSON.parse(stdout).changed[0].differences).toEqual([
      { field: "slug", declared: "megasoft", live: null },
      { field: "logoUrl", declared: "[secret]", live: null },
      { field: "features.sso", declared: "true", live: "false" },
    ]);
  });

  test("gives the same as JSON", async () => {
    const { write, run, megasoft } = await begin(1);
    await write("state.json", stateOf({ megasoft: { id: megasoft, inputs: { displayName: "Megasoft Inc" } } }));
    const { code, stdout } = await run("drift", "--state", "state.json", "--json");
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      managed: 1,
      changed: [
        {
          source: "state.json",
          name: "megasoft",
          id: megasoft,
          differences: [{ field: "displayName", declared: "Megasoft Inc", live: "Megasoft" }],
        },
      ],
      gone: [],
      unmanaged: [],
      uncompared: [],
    });
  });

  test("leaves other metadata alone where only the declared keys are the program's", async () => {
    const { write, run, megasoft } = await begin(1);
    const inputs = { displayName: "Megasoft", metadata: {}, metadataOwnership: "declared" };
    await write("state.json", stateOf({ megasoft: { id: megasoft, inputs } }));
    expect(await run("drift", "--state", "state.json")).toMatchObject({ code: 0 });
  });

  test("counts organizations of every given state as managed, and fails on the rest when asked to", async () => {
    const { write, run, runWith, megasoft, initech } = await begin(2);
    await write("a.json", stateOf({ megasoft: { id: megasoft, inputs: { displayName: "Megasoft" } } }));
    const other = stateOf({ initech: { id: initech, inputs: { displayName: "Initech" } } });
    expect(await run("drift", "--state", "a.json")).toMatchObject({ code: 0 });
    expect(await run("drift", "--state", "a.json", "--fail-on", "unmanaged")).toMatchObject({ code: 2 });
    const both = ["drift", "--state", "a.json", "--state", "-", "--fail-on", "unmanaged"];
    expect(await runWith(other, ...both)).toMatchObject({ code: 0 });
  });

  test("tells of an organization that two states have", async () => {
    const { write, run, megasoft } = await begin(1);
    for (const file of ["a.json", "b.json"]) {
      await write(file, stateOf({ [`of-${file}`]: { id: megasoft, inputs: { displayName: "Megasoft" } } }));
    }
    const both = ["drift", "--state", "a.json", "--state", "b.json"];
    const ended = await run(...both);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain(`${megasoft}  a.json  of-a.json\n${megasoft}  b.json  of-b.json\n`);
    expect(await run(...both, "--fail-on", "shared")).toMatchObject({ code: 2 });
  });

  test.each([
    ["one by itself", 1, ["GET one"]],
    ["a few by themselves once a page has not shown them", 2, ["GET page", "GET page", "GET one", "GET one"]],
    ["many by the page", 250, ["GET page", "GET page", "GET page"]],
  ])("reads %s when only the stack's are asked for", async (_, size, expected) => {
    const { emulator, write, run, ids } = await begin(250);
    const oldest = ids.slice(0, size).map((id, n) => [`n-${n}`, { id, inputs: { metadata: { tier: "gold" } } }]);
    await write("state.json", stateOf(Object.fromEntries(oldest)));
    const requests = await requestsOf(emulator, async () => {
      const ended = await run("drift", "--state", "state.json", "--managed-only");
      expect(ended).toMatchObject({ code: 0, stdout: `${emulator.url}: ${size} as declared, 0 changed, 0 gone\n` });
    });
    expect(
      requests.map((path) => path.replace(/ .*organizations(\/.*)?/, (_, one) => (one ? " one" : " page"))),
    ).toEqual(expected);
  });

  test("compares no encrypted value, says so, and prints no secret that is decrypted", async () => {
    const { write, run, megasoft } = await begin(1);
    const declared = (value: object) => ({ displayName: "Megasoft", externalId: value, metadata: { tier: value } });
    const encrypted = stateOf({ megasoft: { id: megasoft, inputs: declared(secret({ ciphertext: "v1:x" })) } });
    await write("state.json", encrypted);
    const blind = await run("drift", "--state", "state.json");
    expect(blind.code).toBe(0);
    expect(blind.stdout).toMatch(/Not compared[\s\S]*\nmegasoft {6}externalId, metadata\.tier\n/);
    expect(await run("drift", "--state", "state.json", "--fail-on", "uncompared")).toMatchObject({ code: 2 });

    const known = declared(secret({ plaintext: JSON.stringify("the-secret") }));
    await write("state.json", stateOf({ megasoft: { id: megasoft, inputs: known } }));
    for (const format of [[], ["--json"]]) {
      const seeing = await run("drift", "--state", "state.json", ...format);
      expect(seeing.code).toBe(2);
      expect(seeing.stdout).toContain("[secret]");
      expect(seeing.stdout).not.toMatch(/the-secret|CUST-0|gold/);
    }
  });

  test("asks once more for what a list left out", async () => {
    const { emulator, write, run, megasoft, initech } = await begin(2);
    const state = { megasoft: { id: megasoft, inputs: { displayName: "Megasoft" } } };
    await write("state.json", stateOf({ ...state, initech: { id: initech, inputs: { displayName: "Initech" } } }));
    const { organizations } = await byHand<{ organizations: object[] }>(emulator, "GET", "?page_size=100");
    const body = JSON.stringify({ organizations: organizations.slice(0, 1), next_page_token: "" });
    emulator.fail({ method: "GET", effect: { kind: "garbage", body } });
    expect(await run("drift", "--state", "state.json")).toMatchObject({ code: 0 });
  });

  test("doubts the environment when not one organization is there", async () => {
    const { write, run } = await begin(1);
    await write("state.json", stateOf({ lost: { id: "org_9", inputs: { displayName: "Lost" } } }));
    const ended = await run("drift", "--state", "state.json");
    expect(ended).toMatchObject({ code: 2, stdout: expect.stringContaining("Is it the environment of the stack?") });
  });

  test.each<[string, unknown]>([
    ["deployment", { deployment: "s3cret" }],
    ["deployment.resources", { deployment: { resources: { s3cret: 1 } } }],
    ["deployment.resources[0]", { deployment: { resources: ["s3cret"] } }],
    ["deployment.resources[0]", { deployment: { resources: [null] } }],
    ["deployment.resources[0].type", { deployment: { resources: [{ urn: "s3cret", id: "s3cret" }] } }],
    ["deployment.resources[0].urn", { deployment: { resources: [{ type: organizationType, urn: 5, id: "s3cret" }] } }],
    [
      "deployment.resources[0].id",
      { deployment: { resources: [{ type: organizationType, urn: "", id: ["s3cret"] }] } },
    ],
    [
      "deployment.resources[0].inputs",
      { deployment: { resources: [{ type: organizationType, urn: "", inputs: "s3cret" }] } },
    ],
    ["the id of one", { deployment: { resources: [{ type: organizationType, urn: "a::b::c::one", inputs: {} }] } }],
    ["a secret of one", withSecret({ plaintext: "s3cret" })],
    ["a secret of one", withSecret({ plaintext: '"s3cret' })],
    ["a secret of one", withSecret({ plaintext: { s3cret: 1 } })],
  ])(
    "says where a state is not as Pulumi writes it, and nothing of what stands there: %s in %j",
    async (place, state) => {
      const { run, write } = await begin(0);
      await write("state.json", JSON.stringify(state));
      expect(await run("drift", "--state", "state.json")).toEqual({
        code: 1,
        stdout: "",
        stderr: `pulumi-scalekit: state.json is not a stack's state (${place} is not as Pulumi writes it): give what \`pulumi stack export\` writes.\n`,
      });
    },
  );

  test.each([
    ['{"deployment": s3cret}', "it is not JSON"],
    ['{"deployment":\n"s3cret" "s3cret"}', "it is not JSON at line 2 column 10"],
    ['{"deployment": "s3cret', "it is not JSON at line 1 column 23"],
    ["", "it is not JSON: it ends too early"],
  ])("says where a state is no JSON, and nothing of what stands there: %j", async (text, why) => {
    const { run, write } = await begin(0);
    await write("state.json", text);
    expect(await run("drift", "--state", "state.json")).toMatchObject({
      code: 1,
      stderr: `pulumi-scalekit: state.json is not a stack's state (${why}): give what \`pulumi stack export\` writes.\n`,
    });
  });

  test.each<[object, string]>([
    [{ displayName: 5 }, "displayName"],
    [{ displayName: { a: secret({ plaintext: '"s3cret"' }) } }, "displayName"],
    [{ metadata: null }, "metadata"],
    [{ metadata: "s3cret" }, "metadata"],
    [{ metadata: { tier: { a: secret({ plaintext: '"s3cret"' }) } } }, "metadata.tier"],
    [{ metadata: secret({ plaintext: "5" }) }, "metadata"],
    [{ features: "on" }, "features"],
  ])("takes what no program can declare for drift, and not to heart: %j", async (inputs, field) => {
    const { run, write, megasoft } = await begin(1);
    await write("state.json", stateOf({ megasoft: { id: megasoft, inputs } }));
    for (const format of [[], ["--json"]]) {
      const ended = await run("drift", "--state", "state.json", ...format);
      expect(ended).toMatchObject({ code: 2, stderr: "", stdout: expect.stringContaining(field) });
      if (JSON.stringify(inputs).includes("plaintext")) expect(ended.stdout).not.toContain("s3cret");
    }
  });

  test("fails with exit code 1 on what is no state, and when Scalekit says no", async () => {
    const { emulator, write, run } = await begin(1);
    await write("state.json", "{}");
    const notState = await run("drift", "--state", "state.json");
    expect(notState).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("is not a stack's state") });
    await write("state.json", stateOf({}));
    emulator.fail({ method: "GET", effect: { kind: "status", status: 403 } });
    expect(await run("drift", "--state", "state.json")).toMatchObject({ code: 1, stdout: "" });
  });
});
