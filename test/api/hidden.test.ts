import { describe, expect, test } from "vitest";
import { withoutHidden } from "../../src/api/hidden.ts";

const value = 'Söhne & "Co" 4711/x?>';
const secret = "Zq7-s3cret_Ab9~xyz";
const hide = (text: string) => withoutHidden(text, { values: [{ metadata: { key: value } }], credentials: [secret] });

const html = (text: string, quote: string) =>
  text.replaceAll("&", "&amp;").replaceAll(">", "&gt;").replaceAll('"', quote);

const ways: [string, (text: string) => string][] = [
  ["as it is", (text) => text],
  ["in capitals", (text) => text.toUpperCase()],
  ["in small letters", (text) => text.toLowerCase()],
  ["in JSON", (text) => JSON.stringify(text)],
  [
    "in JSON of ASCII",
    (text) => JSON.stringify(text).replaceAll("ö", "\\u00f6").replaceAll("&", "\\u0026").replaceAll(">", "\\u003e"),
  ],
  ["in a URL", encodeURIComponent],
  ["in a URL of small digits", (text) => encodeURIComponent(text).toLowerCase()],
  ["in a form", (text) => new URLSearchParams({ text }).toString().replace("text=", "")],
  ["in HTML", (text) => html(text, "&quot;")],
  ["in HTML of numbers", (text) => html(text, "&#34;")],
  ["in hex", (text) => Buffer.from(text).toString("hex")],
  ["in base64", (text) => Buffer.from(text).toString("base64")],
  ["in base64 for URLs", (text) => Buffer.from(text).toString("base64url")],
  ["in base64 after a user's name", (text) => Buffer.from(`user:${text}`).toString("base64")],
  ["in base64 after one letter", (text) => Buffer.from(`x${text}`).toString("base64")],
  ["in base64 after two letters", (text) => Buffer.from(`xy${text}`).toString("base64")],
];

describe.each([
  ["an argument's value", value],
  ["a credential", secret],
])("%s", (_, hidden) => {
  test.each(ways)("is not shown %s", (__, written) => {
    const echo = written(hidden);
    const shown = hide(`before ${echo} after`);
    expect(shown).toMatch(/^before .*\[hidden\].* after$/);
    // What is left is at most what base64 mixes with its neighbours and pads with, and quotes.
    const left = shown.replace(/^before | after$/g, "").replace("[hidden]", "");
    expect(left.length).toBeLessThan(10);
    for (let at = 0; at + 6 <= hidden.length; at++) expect(shown).not.toContain(hidden.slice(at, at + 6));
  });

  test.each(["", "…", "...", '"', "'", ")"])("is not shown cut, before %j", (mark) => {
    expect(hide(`no ${hidden.slice(0, 10)}${mark}`)).toBe(`no [hidden]${mark}`);
  });
});

test("a part of a credential is not shown, wherever it is cut", () => {
  expect(hide(`no …${secret.slice(6)} there`)).toBe("no …[hidden] there");
  expect(hide(`no ${secret.slice(4, 13)} there`)).toBe("no [hidden] there");
});

test("what begins like a value and goes on in another way is a word of the server's", () => {
  const values = ["Organization One"];
  expect(withoutHidden("no organization of that id", { values, credentials: [] })).toBe("no organization of that id");
  expect(withoutHidden("no 'Organization O…'", { values, credentials: [] })).toBe("no '[hidden]…'");
});

test("short words, numbers and names of fields are shown", () => {
  const values = [{ tier: "gold", seats: 100, features: [true] }, undefined, null, ""];
  const text = "the tier gold has 100 features";
  expect(withoutHidden(text, { values, credentials: [""] })).toBe(text);
});

test("a value of broken characters is hidden too", () => {
  expect(withoutHidden("no a\ud800bcde", { values: ["a\ud800bcde"], credentials: [] })).toBe("no [hidden]");
});
