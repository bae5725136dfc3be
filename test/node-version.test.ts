import { afterEach, expect, test, vi } from "vitest";

const real = process.versions;

afterEach(() => {
  Object.defineProperty(process, "versions", { value: real });
  vi.resetModules();
});

test.each([
  ["20.20.2", false],
  ["22.18.0", false],
  ["22.19.0", true],
  ["24.0.0", true],
  ["26.1.0", true],
])("Node.js %s is new enough: %s", async (node, enough) => {
  Object.defineProperty(process, "versions", { value: { ...real, node } });
  const loading = import("../src/node-version.ts");
  if (enough) await expect(loading).resolves.toBeDefined();
  else await expect(loading).rejects.toThrow(`needs Node.js 22.19 or newer, and this is ${node}`);
});
