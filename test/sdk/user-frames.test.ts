import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { Organization } from "../../src/index.ts";
import { onlyUserFrames } from "../../src/sdk/user-frames.ts";

/** As Pulumi's runner has one, for every trace to be formatted here. */
const prepareStackTrace = vi.fn((error: Error, frames: NodeJS.CallSite[]) =>
  [error, ...frames].map((line) => `\n    at ${line}`).join(""),
);
const before = Error.prepareStackTrace;

beforeEach(() => {
  prepareStackTrace.mockClear();
  Error.prepareStackTrace = prepareStackTrace;
});

afterEach(() => {
  vi.unstubAllEnvs();
  Error.prepareStackTrace = before;
});

/** The frames that each trace was formatted with while an organization is declared here. */
async function tracesOf(opts?: pulumi.CustomResourceOptions): Promise<string[][]> {
  await pulumi.runtime.setMocks({ newResource: () => ({ id: "org_1", state: {} }), call: () => ({}) });
  prepareStackTrace.mockClear();
  new Organization("megasoft", { displayName: "Megasoft" }, opts);
  return prepareStackTrace.mock.calls.map(([, frames]) => frames.map((frame) => frame.getFileName() ?? ""));
}

test("the trace of a declaration ends at the constructor and the user's frames, and all others are empty", async () => {
  const traces = await tracesOf();
  const shown = traces.filter((frames) => frames.length > 0);
  expect(traces.length).toBeGreaterThan(20);
  expect(shown).toHaveLength(1);
  expect(shown[0]?.slice(0, 4).every((file) => file.includes("@pulumi"))).toBe(true);
  expect(shown[0]?.[4]).toMatch(/src\/sdk\/resource-class\.ts$/);
  expect(shown[0]?.slice(5).filter((file) => /node:|@pulumi|\/src\//.test(file))).toEqual([]);
  expect(shown[0]?.slice(5)).toContain(import.meta.filename);
  expect(Error.prepareStackTrace).toBe(prepareStackTrace);
});

test("who looks for promises that are never kept gets every trace", async () => {
  vi.stubEnv("PULUMI_DEBUG_PROMISE_LEAKS", "true");
  const traces = await tracesOf();
  expect(traces.filter((frames) => frames.length > 5).length).toBeGreaterThan(20);
});

test("a declaration that throws says where, and leaves the hook as it was", async () => {
  const wrong = { parent: "nobody" } as unknown as pulumi.CustomResourceOptions;
  const error = await tracesOf(wrong).catch((thrown: Error) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).stack).toContain(import.meta.filename);
  expect(Error.prepareStackTrace).toBe(prepareStackTrace);
});

test("the user's own traces stay as they are, also while a resource is declared", () => {
  onTestFinished(onlyUserFrames());
  expect(new Error("mine").stack).toContain(import.meta.filename);
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  expect(new Error("all of mine").stack).toMatch(/node_modules/);
  Error.stackTraceLimit = stackTraceLimit;
});

test("where Node.js maps traces to sources by itself, it goes on to", () => {
  process.setSourceMapsEnabled(true);
  onlyUserFrames();
  process.setSourceMapsEnabled(false);
  expect(Error.prepareStackTrace).toBe(prepareStackTrace);
});

test("where nobody formats traces, nobody begins to", () => {
  Reflect.deleteProperty(Error, "prepareStackTrace");
  onlyUserFrames();
  expect(Error.prepareStackTrace).toBeUndefined();
});
