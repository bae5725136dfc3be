import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { processTree } from "./processes.mts";

/** Requests by what they ask for. */
export type Requests = Record<(typeof kinds)[number], number>;

const kinds = ["token", "create", "get", "list", "update", "delete"] as const;

/**
 * The emulator as a process of its own, so that its work is not the measuring process's.
 *
 * @param latency milliseconds that each answer takes longer, as over a network
 */
export async function startEmulatorProcess(latency: number) {
  const main = join(import.meta.dirname, "..", "..", "dist", "cli", "main.js");
  const child = spawn(process.execPath, [main, "emulator", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, "line"), ended.then(() => [undefined])])) as [string | undefined];
  if (line === undefined) throw new Error("the emulator did not start: is `npm run build` done?");
  const { url, environment } = JSON.parse(line) as { url: string; environment: Record<string, string> };
  const tree = processTree(child.pid ?? 0);
  const ask = async (path: string) => (await fetch(`${url}/_emulator${path}`)).json();

  async function slowDown(path: string): Promise<void> {
    const fault = { path, count: Number.MAX_SAFE_INTEGER, effect: { kind: "delay", milliseconds: latency } };
    const headers = { "content-type": "application/json" };
    await fetch(`${url}/_emulator/faults`, { method: "POST", headers, body: JSON.stringify(fault) });
  }
  if (latency > 0) for (const path of ["/api/", "/oauth/"]) await slowDown(path);

  let counted = 0;
  return {
    environment,
    cpuSeconds: (): number => tree()[0]?.cpuSeconds ?? 0,
    organizations: async (): Promise<number> => ((await ask("/organizations")) as unknown[]).length,
    /** What has been asked since this was last called, all of it with success. */
    async requests(): Promise<Requests> {
      const all = (await ask("/requests")) as Request[];
      const news = all.slice(counted);
      counted = all.length;
      const failed = news.find(({ status }) => status < 200 || status > 299);
      if (failed) throw new Error(`${failed.method} ${failed.path} was answered with ${failed.status}`);
      const count = (kind: string) => news.filter((one) => kindOf(one) === kind).length;
      return Object.fromEntries(kinds.map((kind) => [kind, count(kind)])) as Requests;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      child.kill();
      await ended;
    },
  };
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

function kindOf({ method, path }: Request): keyof Requests {
  if (path === "/oauth/token") return "token";
  if (method === "GET") return path === "/api/v1/organizations" ? "list" : "get";
  return ({ POST: "create", PATCH: "update", DELETE: "delete" } as const)[method] ?? "get";
}
