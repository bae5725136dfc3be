import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { workplace } from "../support/workplace.ts";

const one = [{ display_name: "Megasoft", external_id: "CUST-1" }];

/** Each command that writes files, and a file that it writes to where it is called as said. */
describe.each([
  ["export", ["export"], "organizations.ts"],
  ["export --out", ["export", "--out", "adopted"], "adopted/import.json"],
  ["export --group-by", ["export", "--group-by", "metadata.tier"], "organizations/others.ts"],
  ["import", ["import", "CUST-1"], "import.json"],
  ["import --out", ["import", "CUST-1", "--out", "one.json"], "one.json"],
])("%s", (_, args, name) => {
  async function place() {
    const { run, folder } = await workplace(one);
    const file = join(folder, name);
    mkdirSync(join(file, ".."), { recursive: true });
    return { run, folder, file, force: () => run(...args, "--force") };
  }

  /** Everything in a folder but what Pulumi has of its own there, with what it is. */
  const all = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((entry) => !/^(home|\.pulumi)/.test(entry))
      .map((entry) => `${entry} ${lstatSync(join(folder, entry)).mode.toString(8)}`)
      .sort();

  test.each<[what: string, put: (file: string, folder: string) => void, reason: string]>([
    ["a pipe", (file) => execFileSync("mkfifo", [file]), "it is a device, a pipe or a socket"],
    ["a link to a device", (file) => symlinkSync("/dev/null", file), "it is a device, a pipe or a socket"],
    ["a folder", (file) => mkdirSync(file), "it is a folder"],
    ["a link to a folder", (file, folder) => symlinkSync(folder, file), "it is a folder"],
    [
      "a link to nothing",
      (file, folder) => symlinkSync(join(folder, "nowhere"), file),
      "it is a link to a missing file",
    ],
    ["a link to itself", (file) => symlinkSync(file, file), "ELOOP"],
  ])("does not replace %s, with --force or without", async (_, put, reason) => {
    const { run, folder, file, force } = await place();
    put(file, folder);
    const before = all(folder);
    for (const ended of [await force(), await run(...args)]) {
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toMatch(`Could not write ${name}: ${reason}`);
      expect(ended.stderr).toContain("Nothing was written.");
    }
    expect(all(folder)).toEqual(before);
  });

  test("replaces what a link leads to, and keeps the link, and who may read it", async () => {
    const { run, folder, file, force } = await place();
    const target = join(folder, "target");
    writeFileSync(target, "mine");
    chmodSync(target, 0o600);
    symlinkSync(target, file);
    expect((await run(...args)).stderr).toContain(`${name} already exists. Nothing was written`);
    expect(readFileSync(target, "utf8")).toBe("mine");
    expect(await force()).toMatchObject({ code: 0, stderr: "" });
    expect(readlinkSync(file)).toBe(target);
    expect(readFileSync(target, "utf8")).toContain("Megasoft");
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(all(folder).join("\n")).not.toContain("tmp");
  });

  test("tells where a folder cannot be", async () => {
    const { run, folder } = await workplace(one);
    writeFileSync(join(folder, "file"), "mine");
    const out = args[0] === "export" ? "file/folder" : "file/import.json";
    const ended = await run(...args.filter((arg, at) => arg !== "--out" && args[at - 1] !== "--out"), "--out", out);
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toMatch(/Could not write file\/\S+: .*Nothing was written\./);
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("mine");
  });
});
