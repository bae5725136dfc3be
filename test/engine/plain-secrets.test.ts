import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { type Means, type Stack, story } from "../support/story.ts";

const clientSecret = "client-secret-that-nobody-may-see";

/** A stack whose settings are in its configuration, all but the secret. */
async function begin({ emulate, stackOn }: Means, source: string) {
  const emulator = await emulate({ credentials: { clientId: "emulator", clientSecret } });
  const stack = await stackOn(emulator, { source, env: { SCALEKIT_CLIENT_SECRET: "" } });
  return { emulator, stack };
}

/** Tries every way in which a program comes to Scalekit: each class, to declare and to read, and each look-up. */
const everyWay = `
const scalekit = require("pulumi-scalekit");
const args = { displayName: "A", externalId: "A", tenants: [{ displayName: "A", externalId: "A" }] };
const ways = Object.entries(scalekit).flatMap(([name, way]) => {
  if (/^get/.test(name)) return /Output$/.test(name) ? [] : [[name, () => way(/s$|Policy$/.test(name) ? { organizationId: "1" } : { id: "1" })]];
  const reads = way.get ? [[name + ".get", () => way.get(name + " that is read", "1")]] : [];
  return [[name, () => new way(name, args)], ...reads];
});
module.exports = async () => {
  const came = {};
  for (const [name, act] of ways) {
    came[name] = await Promise.resolve().then(act).then(() => "taken", (error) => error.message);
  }
  console.log("CAME " + JSON.stringify(came));
  throw new Error("enough");
};`;

/** A dynamic resource of the program's own, with which Pulumi saves all of the configuration. */
const foreign = `
const create = async () => ({ id: "1", outs: {} });
const provider = { create };
new (class extends require("@pulumi/pulumi").dynamic.Resource {})(provider, "foreign", {});
`;

const one = `new (require("pulumi-scalekit").Organization)("a", { displayName: "A" });`;

/** All that Pulumi keeps of the stack: its state, that and its backups in files, and its record of updates. */
async function kept(stack: Stack): Promise<{ state: string; files: string; history: string }> {
  const state = (await stack.pulumi("stack", "export")).text;
  const entries = await readdir(join(stack.folder, ".pulumi"), { recursive: true, withFileTypes: true });
  const texts = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => [entry.name, await readFile(join(entry.parentPath, entry.name), "latin1")] as const);
  const all = await Promise.all(texts);
  const record = /\.history\.json/;
  const joined = (which: (name: string) => boolean) =>
    all.flatMap(([name, text]) => (which(name) ? [text] : [])).join();
  return { state, files: joined((name) => !record.test(name)), history: joined((name) => record.test(name)) };
}

describe.concurrent("a client secret that is not marked as one", () => {
  story("is refused by every way in, before anything is sent or saved", async ({ means }) => {
    const { emulator, stack } = await begin(means, everyWay);
    await stack.pulumi("config", "set", "scalekit:clientSecret", clientSecret);
    const acts = [() => stack.preview(), () => stack.pulumi("up", "--yes"), () => stack.up()];
    for (const act of acts) {
      const run = await act();
      expect(run.code).not.toBe(0);
      const came = JSON.parse(/CAME (.*)/.exec(run.text)?.[1] ?? "{}") as Record<string, string>;
      expect(Object.keys(came).length).toBeGreaterThan(28);
      expect(Object.keys(came)).toEqual(
        expect.arrayContaining(["Organization", "Organization.get", "getOrganization"]),
      );
      for (const [way, message] of Object.entries(came)) {
        expect(message, way).toContain("pulumi config set --secret scalekit:clientSecret");
      }
      expect(run.text).not.toContain(clientSecret);
      const { state, files, history } = await kept(stack);
      expect(state).not.toMatch(/pulumi:providers|OrganizationFleet/);
      expect(state + files).not.toContain(clientSecret);
      // Pulumi's own record of an update's settings, which it begins before any program runs; a preview has none.
      if (act !== acts.at(-1)) expect(history).not.toContain(clientSecret);
    }
    expect(emulator.requests).toEqual([]);
  });

  story("is reported in plain words; marked as one, it works and is nowhere in plain text", async ({ means }) => {
    const { stack } = await begin(means, one);
    await stack.pulumi("config", "set", "scalekit:clientSecret", clientSecret);
    const refused = await stack.preview();
    expect(refused.code).not.toBe(0);
    expect(refused.text).toMatch(/plain text.*rotate/is);
    expect(refused.text).not.toMatch(/node_modules|\.js:\d|unhandled/);
    await stack.pulumi("config", "set", "--secret", "scalekit:clientSecret", clientSecret);
    expect(await stack.up()).toMatchObject({ code: 0, changes: { create: 1 } });
    const { state, files, history } = await kept(stack);
    expect(state).toContain("pulumi:providers:pulumi-nodejs");
    expect(state + files + history).not.toContain(clientSecret);
  });

  story("that is in a state since before is out of it with the next update, once it is marked", async ({ means }) => {
    const { stack } = await begin(means, one);
    await writeFile(join(stack.folder, "index.js"), foreign);
    await stack.pulumi("config", "set", "scalekit:clientSecret", clientSecret);
    expect(await stack.up()).toMatchObject({ code: 0 });
    expect((await kept(stack)).state.split(clientSecret)).toHaveLength(3);
    await writeFile(join(stack.folder, "index.js"), foreign + one);
    const refused = await stack.preview();
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("the state and the stack's history have it too");
    await stack.pulumi("config", "set", "--secret", "scalekit:clientSecret", clientSecret);
    expect(await stack.up()).toMatchObject({ code: 0 });
    expect((await kept(stack)).state).not.toContain(clientSecret);
  });
});
