import { expect } from "vitest";
import { story } from "../support/story.ts";

const N = Number(process.env.N ?? 60), PAR = process.env.PAR, KIND = process.env.KIND ?? "far";
const target = (i: number) => KIND === "far" ? N - 1 - i : KIND === "rotate" ? (i + 1) % N : KIND === "back" ? (i + N - 1) % N : i ^ 1;
story("swap", async ({ means }) => {
  const emulator = await means.emulate();
  const stack = await means.stackOn(emulator, { env: { SCALEKIT_MAX_REQUESTS_PER_MINUTE: "100000" } });
  const par = PAR ? ["--parallel", PAR] : [];
  const program = (of: (i: number) => number) => Object.fromEntries(Array.from({ length: N }, (_, i) => [`o-${i}`, { args: { displayName: `O ${i}`, externalId: `C-${of(i)}` } }]));
  await stack.write(program((i) => i));
  expect(await stack.up()).toMatchObject({ code: 0 });
  await stack.write(program(target));
  const before = emulator.requests.length;
  const t = Date.now();
  const up = await stack.up(...par);
  console.log(KIND, N, PAR, Date.now() - t, up.code, up.changes, up.text.length, emulator.requests.length - before);
  if (up.code) console.log(up.text.slice(-3000));
  expect(up.code).toBe(0);
  for (const o of emulator.organizations()) expect(o.external_id).toBe(`C-${target(Number(o.display_name.slice(2)))}`);
  console.log((await stack.organizations()).filter((o) => o.outputs.owed).length, "owed");
  const again = await stack.preview("--expect-no-changes");
  console.log(again.code, again.changes);
  const r = await stack.preview("--refresh", "--expect-no-changes");
  console.log("preview refresh", r.code, r.changes);
  const r2 = await stack.refresh("--expect-no-changes");
  console.log("refresh", r2.code, r2.changes);
});
