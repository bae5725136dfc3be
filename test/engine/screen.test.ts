import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { Notes } from "../../src/lifecycle/state.ts";
import { oneOfEach, partner, partnerConnection } from "../support/one-of-each.ts";
import { connect } from "../support/plain-client.ts";
import { expectSuccess } from "../support/stack.ts";
import { story } from "../support/story.ts";

/** What only the provider has to know of a resource: each note, and the keys of this package and of the SDK. */
const internal: Readonly<Record<keyof Notes, RegExp>> = {
  undeclared: /\bundeclared\b/,
  environment: /\benvironment\b\s*:/,
  claim: /\bclaim\b/,
  unsure: /\bunsure\b/,
  owed: /\bowed\b/,
};
const patterns = [/\b__\w+/, ...Object.values(internal)];

const linesWith = (pattern: RegExp, text: string): string[] => text.split("\n").filter((line) => pattern.test(line));

story.concurrent("what only the provider has to know is on no screen", async ({ means }) => {
  const emulator = await means.emulate({ seed: [partner] });
  const stack = await means.stackOn(emulator, { source: `${oneOfEach}\nexports.organization = made.megasoft;` });
  const declare = (program: object) =>
    writeFile(join(stack.folder, "program.json"), JSON.stringify({ ...program, connection: partnerConnection }));
  const seen: [string, string][] = [];
  const see = async (name: string, ...args: string[]) => {
    const { text } = await expectSuccess(stack.pulumi(name, ...args));
    seen.push([[name, ...args].join(" "), text]);
    return text;
  };
  const yes = ["--yes", "--skip-preview"];

  await declare({ text: "First" });
  await see("preview", "--diff");
  await see("up", "--diff", "--yes");
  await declare({ text: "Second" });
  await see("preview", "--diff");
  await see("up", "--diff", ...yes);
  expect(await see("stack", "export")).toMatch(/"__notes": \{\s+"claim"/);
  seen.pop();
  // Somebody sets by hand what the program does not declare, so the notes change too.
  const megasoft = emulator.organizations().find(({ external_id }) => external_id === "CUST-1");
  const { call } = await connect(emulator.url);
  const byHand = { metadata: { tier: "gold" }, logo_url: "https://megasoft.com/logo.png", display_name: "By hand" };
  await call("PATCH", `/organizations/${megasoft?.id}`, byHand);
  await see("preview", "--diff", "--refresh");
  await see("refresh", "--diff", "--preview-only");
  await see("refresh", "--diff", ...yes);
  expect((await stack.pulumi("stack", "export")).text).toMatch(/"undeclared": \[\s+"metadata"/);
  await see("preview", "--diff", "--show-sames");
  await see("up", "--diff", ...yes);
  await see("stack", "output");
  await see("stack", "output", "organization");
  await see("stack", "output", "--json");
  await see("stack");
  await declare({ text: "Second", without: ["domain"], opts: {} });
  await see("preview", "--diff");
  await see("up", "--diff", ...yes, "--replace", "**::robot");
  await see("destroy", "--diff", "--yes");

  const shown = seen.flatMap(([command, text]) =>
    patterns.flatMap((pattern) => linesWith(pattern, text).map((line) => `${command}: ${line}`)),
  );
  expect(shown).toEqual([]);
});
