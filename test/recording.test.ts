import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { framesOf } from "../tools/recording/frames.mts";
import { svgOf } from "../tools/recording/svg.mts";
import { repository } from "./support/stack.ts";

const size = { columns: 30, rows: 5 };
const texts = (frames: Awaited<ReturnType<typeof framesOf>>): string[] =>
  frames.map((frame) =>
    frame
      .map((row) => row.map(({ text }) => text).join("|"))
      .join("\n")
      .trim(),
  );

test("frames are what the screen shows, with colours, and not each second of a clock", async () => {
  const frames = await framesOf(
    [
      "$ run\r\n",
      "\u001b[32mcreating\u001b[0m (1s)\r\n",
      "\u001b[A\u001b[2K\u001b[32mcreating\u001b[0m (2s)\r\n",
      "done\r\n",
    ],
    size,
  );
  expect(texts(frames)).toEqual(["$ run", "$ run\ncreating|(2s)", "$ run\ncreating|(2s)\ndone"]);
  expect(frames.at(-1)?.[1]).toMatchObject([
    { text: "creating", at: 0, colour: "green" },
    { text: "(2s)", at: 9, colour: undefined },
  ]);
});

test("frames end where the screen is full, and show much at once in some steps", async () => {
  const lines = Array.from({ length: 12 }, (_, n) => `line ${n}\r\n`).join("");
  const frames = texts(await framesOf([lines], { columns: 30, rows: 10 }));
  expect(frames).toEqual([
    "line 0\nline 1\nline 2\nline 3",
    "line 0\nline 1\nline 2\nline 3\nline 4\nline 5\nline 6\nline 7",
  ]);
});

test("the picture escapes what it shows, has both themes, and stands still where nothing may move", async () => {
  const frames = await framesOf(["<b> & \u001b[1mbold\u001b[0m"], size);
  const svg = svgOf(frames, { ...size, seconds: 1, title: 'a "title"' });
  expect(svg).toContain("&lt;b&gt; &amp;</tspan>");
  expect(svg).toMatch(/class="b">bold</);
  expect(svg).toContain('aria-label="a &quot;title&quot;"');
  expect(svg).toContain("@media (prefers-color-scheme: dark)");
  expect(svg).toContain("@media (prefers-reduced-motion: reduce)");
});

test("the recording in the README is of a whole run, small, and names no machine and no registry", () => {
  const svg = readFileSync(join(repository, "docs", "quickstart.svg"), "utf8");
  expect(readFileSync(join(repository, "README.md"), "utf8").slice(0, 1500)).toContain("(docs/quickstart.svg)");
  expect(svg.length).toBeLessThan(60_000);
  for (const shown of [
    "$ npm run quickstart",
    "Organization",
    "+ 4 created",
    "The organizations, as the API has them:",
  ]) {
    expect(svg.replaceAll(/<[^>]*>/g, "")).toContain(shown);
  }
  for (const path of [repository, homedir(), "/tmp/", "/home/", "/Users/"]) expect(svg).not.toContain(path);
  const hosts = [...svg.matchAll(/https?:\/\/([^/:"<\s]+)/g)].map(([, host]) => host);
  expect([...new Set(hosts)].sort()).toEqual(["127.0.0.1", "www.w3.org"]);
});
