import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as rpc from "@pulumi/pulumi/proto/provider_pb.js";
import { expect, onTestFinished, test } from "vitest";
import { nativeService } from "../../src/host/native/native.ts";
import { originIn } from "../../src/host/native/origin.ts";
import { problemWithPlainSecret } from "../../src/host/native/plain-secret.ts";
import { isSecretIn, structOf, valuesOf } from "../../src/host/native/struct.ts";

const urn = "urn:pulumi:production::customers::pulumi:providers:scalekit::default";

/** A plugin's answer to one request of the engine's. */
function ask<Answer>(verb: string, request: object): Promise<Answer> {
  const service = nativeService({ schema: "{}", log: { at: (_, work) => work(), log: () => {} } });
  const handler = service[verb] as unknown as (call: object, answer: (error: unknown, found: Answer) => void) => void;
  return new Promise((resolve, reject) =>
    handler({ request }, (error, found) => (error ? reject(error) : resolve(found))),
  );
}

const checkConfig = (settings: object): Promise<rpc.CheckResponse> =>
  ask("checkConfig", new rpc.CheckRequest().setUrn(urn).setNews(structOf({ ...settings })));

const complete = { environmentUrl: "https://acme.scalekit.com", clientId: "id", clientSecret: "s3cret" };

test("a provider's client secret goes into the state as a secret, whatever the program says", async () => {
  const answer = await checkConfig(complete);
  expect(answer.getFailuresList()).toEqual([]);
  expect(isSecretIn(answer.getInputs(), "clientSecret")).toBe(true);
  expect(isSecretIn(answer.getInputs(), "clientId")).toBe(false);
  expect(valuesOf(answer.getInputs())).toEqual(complete);
});

test("a setting that there is not is refused by its name, without its value", async () => {
  const answer = await checkConfig({ ...complete, clientSecrte: "s3cret" });
  const reasons = answer.getFailuresList().map((failure) => [failure.getProperty(), failure.getReason()]);
  expect(reasons).toEqual([["", expect.stringContaining("clientSecrte is not a setting")]]);
  expect(JSON.stringify(reasons)).not.toContain("s3cret");
});

test("a provider of its own may name the test servers that it calls over plain HTTP", async () => {
  const emulator = { ...complete, environmentUrl: "http://emulator:8080" };
  const [refused] = (await checkConfig(emulator)).getFailuresList();
  expect(refused?.getReason()).toContain("scalekit:insecureHosts (or SCALEKIT_INSECURE_HOSTS)");
  expect((await checkConfig({ ...emulator, insecureHosts: "emulator" })).getFailuresList()).toEqual([]);
});

test.each([
  ["scalekit:clientSecret: s3cret", true],
  ["scalekit:clientSecret: 's3cret'", true],
  ['"scalekit:clientSecret":   "s3cret"  ', true],
  ["scalekit:clientSecret: another", false],
  ["scalekit:clientSecret:\n    secure: AAABAO", false],
  ["scalekit:clientSecret: { secure: AAABAO }", false],
  ["scalekit:clientId: s3cret", false],
  ["# nothing", false],
])("a client secret that the stack's file has in plain text is refused: %s", async (line, isPlain) => {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-plain-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "Pulumi.yaml"), "name: customers\n");
  await writeFile(join(folder, "Pulumi.production.yaml"), `config:\n  ${line}\n  scalekit:clientId: id\n`);
  const problem = problemWithPlainSecret(urn, "s3cret", folder);
  if (isPlain) expect(problem).toContain("pulumi config set --secret scalekit:clientSecret");
  else expect(problem).toBeUndefined();
  expect(problem ?? "").not.toContain("s3cret");
  expect(problemWithPlainSecret(urn.replace("production", "other"), "s3cret", folder)).toBeUndefined();
});

test("the origin that the classes add to the arguments is separated from them", () => {
  const origin = { guarantee: { ledger: "ledger.jsonl", among: 2 } };
  expect(originIn({ displayName: "A", __origin: origin })).toEqual({ origin, declared: { displayName: "A" } });
  expect(originIn({ displayName: "A" })).toEqual({ origin: {}, declared: { displayName: "A" } });
});
