import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { newClient } from "../../src/api/client.ts";
import { organization } from "../../src/definitions/organization.ts";
import { startEmulator } from "../../src/emulator/index.ts";
import { story } from "../support/story.ts";

const clientSecret = "client-secret-that-nobody-may-see";
const program = `
const pulumi = require("@pulumi/pulumi");
const { Organization } = require("pulumi-scalekit");
const megasoft = new Organization("megasoft", {
  displayName: "Megasoft",
  externalId: pulumi.secret("SECRET-EXTERNAL-ID"),
  metadata: { tier: "gold", account: pulumi.secret("SECRET-ACCOUNT") },
});
new Organization("twin", {
  displayName: "Twin",
  externalId: pulumi.secret("SECRET-TAKEN"),
  metadata: { account: pulumi.secret("SECRET-ACCOUNT") },
});
exports.account = megasoft.metadata.account;
`;

story("no run writes a credential, a token or a secret argument anywhere, whatever goes wrong", async ({ means }) => {
  const emulator = await means.emulate({ credentials: { clientId: "emulator", clientSecret } });
  // By the environment: at level 9 the engine itself logs every setting that it hands to a provider, secret or not.
  const stack = await means.stackOn(emulator, { source: program });
  const talkative = ["--logtostderr", "-v=9", "--diff"];
  // A server that quotes what it was sent.
  const message = "account SECRET-ACCOUNT is no good";
  emulator.fail({ method: "POST", count: 8, effect: { kind: "status", status: 422, message } });
  const runs = [await stack.up(...talkative)];
  emulator.heal();
  const elsewhere = newClient({ environmentUrl: emulator.url, clientId: "emulator", clientSecret });
  await elsewhere.of(organization).create(undefined, { displayName: "Squatter", externalId: "SECRET-TAKEN" });
  runs.push(await stack.up(...talkative), await stack.refresh(...talkative));
  expect(runs.map(({ code }) => code === 0)).toEqual([false, false, true]);
  expect(runs[0]?.text).toContain("Scalekit answered 422");
  expect(runs[1]?.text).toContain("its external ID belongs to org_");

  const written = [...runs.map(({ text }) => text), ...(await filesBelow(stack.folder))].join("\n");
  expect(leaks(written, ["Megasoft"])).toEqual(["Megasoft"]);
  expect(leaks(written, [clientSecret, ...emulator.tokens()])).toEqual([]);
  // At level 9 the engine itself logs the arguments that it sends to a provider, so only what this package says is held to this.
  const state = await stack.pulumi("stack", "export");
  const outputs = await stack.pulumi("stack", "output");
  const shown = [state.text, outputs.text, ...runs.map(({ text }) => text.split("\n").filter(isOurs).join("\n"))].join(
    "\n",
  );
  expect(
    leaks(shown, ["its external ID belongs to org_", "SECRET-EXTERNAL-ID", "SECRET-ACCOUNT", "SECRET-TAKEN"]),
  ).toEqual(["its external ID belongs to org_"]);
  await elsewhere.close();
});

const leaks = (text: string, words: readonly string[]): string[] => words.filter((word) => text.includes(word));

/** Lines of the run itself, without the engine's own log. */
const isOurs = (line: string): boolean => !/^(\{"time"|[IWEF]\d{4} )/.test(line);

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"));
  return Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), "latin1")));
}

test("a client shows no credential and no token to who inspects it", async () => {
  await using emulator = await startEmulator({ credentials: { clientId: "emulator", clientSecret } });
  const client = newClient({ environmentUrl: emulator.url, clientId: "emulator", clientSecret });
  await client.authenticate();
  const seen = inspect(client, { depth: null, showHidden: true });
  expect(seen).toContain("authenticate");
  for (const secret of [clientSecret, ...emulator.tokens()]) expect(seen).not.toContain(secret);
  await client.close();
});
