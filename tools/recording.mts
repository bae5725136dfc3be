import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { framesOf } from "./recording/frames.mts";
import { columns, rows, runOnTerminal } from "./recording/run.mts";
import { svgOf } from "./recording/svg.mts";

/** Writes docs/quickstart.svg: the quickstart as it ran just now, on the real CLI and the emulator. */
const root = join(import.meta.dirname, "..");
const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-recording-"));
try {
  const env = { ...process.env, PULUMI_SCALEKIT_QUICKSTART: folder };
  const command = "npm run quickstart";
  // Getting the engine first takes a while, and does not belong in the recording.
  await runOnTerminal(`${command} -- stack ls`, { cwd: root, env });
  const pieces = await runOnTerminal(`${command} --silent`, { cwd: root, env });
  const frames = await framesOf([`\u001b[1m$ ${command}\u001b[0m\r\n`, ...pieces], { columns, rows });
  const title = "npm run quickstart: pulumi up creates three organizations, and the API shows them";
  const file = join(root, "docs", "quickstart.svg");
  const svg = svgOf(frames, { columns, rows, seconds: 0.8, title });
  await writeFile(file, svg);
  process.stderr.write(`${file}: ${frames.length} frames, ${Math.round(svg.length / 1000)} kB\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
