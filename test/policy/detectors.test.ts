import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { detect } from "../../src/policy/detectors.ts";
import { personalData } from "../../src/policy/personal-data.ts";
import { secrets } from "../../src/policy/secrets.ts";

/** Typical of the metadata of companies, and harmless. */
const benign = fixture("benign-values.json") as { key: string; value: string }[];
/**
 * Secrets and personal data, each with what it is to be taken for, or `null` where it is known to be missed. In parts,
 * so that no scanner takes the file for a leak.
 */
const sensitive = fixture("sensitive-values.json") as { is: string | null; key: string; parts: string[] }[];

const detectors = [...secrets, ...personalData];

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, "..", "fixtures", name), "utf8"));
}

test("there is no false alarm on harmless values", () => {
  const alarms = benign.flatMap(({ key, value }) => {
    const found = detect(detectors, value, key);
    return found ? [`${found.name}: ${key}=${value}`] : [];
  });
  expect(alarms).toEqual([]);
  expect(benign.length).toBe(321);
});

test("what is missed is what is said to be missed, and all else is taken for what it is", () => {
  const taken = sensitive.map(({ key, parts }) => detect(detectors, parts.join(""), key)?.name ?? null);
  expect(taken).toEqual(sensitive.map(({ is }) => is));
  expect({ of: taken.length, missed: taken.filter((name) => name === null).length }).toEqual({ of: 185, missed: 11 });
});

test("a token of 1Password is found, though it has some 900 characters", () => {
  const token = `ops${"_"}eyJ${"aGVsbG8gd29ybGQ0".repeat(56)}`;
  expect(detect(secrets, token)?.name).toBe("one-password");
});

test("every detector finds something", () => {
  const found = new Set(sensitive.map(({ is }) => is));
  expect(detectors.map(({ name }) => name).filter((name) => !found.has(name))).toEqual([]);
});

test("names are unique, so that one can be excepted", () => {
  expect(new Set(detectors.map(({ name }) => name)).size).toBe(detectors.length);
});

test("the fixture itself holds nothing that a scanner would find", () => {
  const lines = readFileSync(join(import.meta.dirname, "..", "fixtures", "sensitive-values.json"), "utf8").split("\n");
  expect(lines.filter((line) => detect(secrets, line))).toEqual([]);
});

test("a long text takes linear time", () => {
  const pieces = [
    "a",
    "1",
    "a@",
    "a.",
    "eyJ",
    "eyJa.",
    "a://",
    "a:b@",
    "+1 ",
    "sk-",
    "password=",
    "AB12",
    "-----BEGIN ",
    "0-",
    "@a.",
  ];
  for (const piece of pieces) {
    const time = (length: number) => {
      const text = piece.repeat(Math.ceil(length / piece.length));
      // The processor's time, which does not count what else the machine does.
      const started = process.cpuUsage();
      detect(detectors, text, "notes");
      const { user, system } = process.cpuUsage(started);
      return (user + system) / 1000;
    };
    time(10_000);
    // Quadratic time would be 100 times as much, some seconds at the least.
    expect(time(1_000_000), piece).toBeLessThan(Math.max(2_000, 40 * time(100_000)));
  }
});
