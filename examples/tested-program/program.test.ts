import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { type Emulator, startEmulator } from "pulumi-scalekit/emulator";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

let emulator: Emulator;
let stack: Stack;
let folder: string;

beforeAll(async () => {
  // What `pulumi-scalekit probe` found of your environment may stand here: { semantics: readSemantics("semantics.json") }
  emulator = await startEmulator();
  folder = await mkdtemp(join(tmpdir(), "tested-program-"));
  const envVars = {
    ...emulator.environment,
    SCALEKIT_DELETION_PROTECTION: "false",
    SCALEKIT_JOURNAL: folder,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
  };
  const program = { stackName: "vitest", workDir: import.meta.dirname };
  stack = await LocalWorkspace.createOrSelectStack(program, { envVars });
}, 300_000);

afterAll(async () => {
  await stack?.destroy();
  await stack?.workspace.removeStack("vitest");
  await emulator?.close();
  await rm(folder, { recursive: true, force: true });
}, 300_000);

beforeEach(() => emulator.heal());

const organizations = () =>
  emulator.organizations().map(({ display_name, external_id, metadata }) => ({ display_name, external_id, metadata }));

const wanted = [
  { display_name: "Megasoft Inc", external_id: "CUST-10001", metadata: { tier: "gold" } },
  { display_name: "Initech GmbH", external_id: "CUST-10002", metadata: { tier: "silver" } },
];

test("a create whose answer is lost is made once all the same", { timeout: 300_000 }, async () => {
  emulator.fail({ method: "POST", path: "/api/v1/organizations", effect: { kind: "cut", when: "after" } });
  // Whether this run or the next one finds it again, nothing is there twice.
  await stack.up().catch(() => stack.up());
  expect(organizations()).toHaveLength(wanted.length);
  expect(organizations()).toEqual(expect.arrayContaining(wanted));
});

test("a second run changes nothing", { timeout: 300_000 }, async () => {
  const before = emulator.requests.length;
  const { summary } = await stack.up({ expectNoChanges: true });
  expect(Object.keys(summary.resourceChanges ?? {})).toEqual(["same"]);
  expect(emulator.requests.slice(before).filter(({ method }) => method === "PATCH")).toEqual([]);
});

test("what somebody changed by hand is put back", { timeout: 300_000 }, async () => {
  const { access_token } = await (
    await fetch(`${emulator.url}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: emulator.credentials.clientId,
        client_secret: emulator.credentials.clientSecret,
      }),
    })
  ).json();
  const id = emulator.organizations().find(({ external_id }) => external_id === "CUST-10001")?.id;
  await fetch(`${emulator.url}/api/v1/organizations/${id}`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${access_token}` },
    body: JSON.stringify({ metadata: { tier: "bronze" } }),
  });
  await stack.refresh();
  await stack.up();
  expect(organizations()).toEqual(expect.arrayContaining(wanted));
});
