import { connect, Socket } from "node:net";
import type { Gate } from "../api/gate.ts";
import { nextTurn } from "../api/next-turn.ts";

/**
 * Whether the engine that this process works for is still there.
 *
 * A killed engine leaves its provider running: the engine started a shell, which waits for the provider. No state would hold
 * what the provider does then, and it may undo what a later run has done. So the provider sends no more requests. It waits for
 * the answers that it notes for the next run, and the process ends.
 *
 * The engine holds the other end of this process's stdin, which ends with it, and listens at an address that it gives on
 * the command line. Neither sign counts alone: whoever started the process in another way may have closed its stdin. The
 * parent says nothing, for it is the shell, whatever becomes of the engine.
 */
export const engineGate: Gate = {
  async pass() {
    if (watched === undefined) return;
    // After a long wait the timers' turn comes before the end of stdin is read.
    await nextTurn();
    if (watched.channel !== "open") await look(watched);
    if (isGone) await forever();
  },
  async through(send) {
    await engineGate.pass();
    underWay++;
    try {
      return await send().finally(() => underWay--);
    } catch (error) {
      if (isGone) await forever();
      throw error;
    }
  },
  isOpen: () => !isGone,
};

interface Watched {
  readonly host: string;
  readonly port: number;
  /** Whether stdin has ended; nothing if it is no pipe. */
  channel: "open" | "ended" | "none";
  hasAnswered: boolean;
  looking: Promise<void> | undefined;
}

let watched: Watched | undefined;
let isGone = false;
let underWay = 0;

/**
 * Called by what the engine starts. In any other process it does nothing.
 *
 * @param address the engine's. Without it, this is the process of the SDK's provider host, or none of the engine's.
 */
export function watchEngine(address?: string): void {
  const found = address === undefined ? engineOf(process.argv) : partsOf(address);
  if (found === undefined || watched !== undefined) return;
  const { stdin } = process;
  const isPipe = stdin instanceof Socket && !stdin.isTTY;
  const engine: Watched = { ...found, channel: isPipe ? "open" : "none", hasAnswered: false, looking: undefined };
  watched = engine;
  if (!isPipe) {
    keepLooking(engine);
    return;
  }
  const ended = () => {
    if (engine.channel === "ended") return;
    engine.channel = "ended";
    keepLooking(engine);
  };
  stdin.on("end", ended).on("error", ended).on("close", ended).resume();
  // The host's server keeps the process alive; the watch must not.
  stdin.unref();
}

/** The engine's address, if this is the dynamic provider's host: the last argument after those of logging. */
function engineOf([, script = "", ...args]: readonly string[]): Pick<Watched, "host" | "port"> | undefined {
  return /[\\/]cmd[\\/]dynamic-provider([\\/]index\.js)?$/.test(script) ? partsOf(args.at(-1) ?? "") : undefined;
}

function partsOf(address: string): Pick<Watched, "host" | "port"> | undefined {
  const [, host = "", port] = /^(127\.0\.0\.1|localhost|\[::1\]):(\d+)$/.exec(address) ?? [];
  return port === undefined ? undefined : { host: host.replace(/[[\]]/g, ""), port: Number(port) };
}

function keepLooking(engine: Watched): void {
  void look(engine);
  setInterval(() => void look(engine), interval).unref();
}

const interval = 1000;

/** Looks whether the engine still listens. */
function look(engine: Watched): Promise<void> {
  engine.looking ??= (async () => {
    let answer = await call(engine);
    if (answer === "refused") {
      // A system may refuse one connection of many and accept the next.
      await new Promise((resolve) => setTimeout(resolve, 100));
      answer = await call(engine);
    }
    engine.hasAnswered ||= answer === "answered";
    // An address that never answered is no engine's, unless there was an engine at the other end of stdin.
    const wasThere = engine.hasAnswered || engine.channel === "ended";
    if (answer === "refused" && wasThere) end();
  })().finally(() => {
    engine.looking = undefined;
  });
  return engine.looking;
}

function call({ host, port }: Watched): Promise<"answered" | "refused" | "unknown"> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const ended = (answer: "answered" | "refused" | "unknown") => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => ended("answered"));
    socket.once("timeout", () => ended("unknown"));
    socket.once("error", ({ code }: NodeJS.ErrnoException) => ended(code === "ECONNREFUSED" ? "refused" : "unknown"));
  });
}

/** Ends the process once the last answer has come and is noted. Each answer has a deadline of its own. */
function end(): void {
  if (isGone) return;
  isGone = true;
  let quiet = 0;
  setInterval(() => {
    quiet = underWay === 0 ? quiet + 1 : 0;
    if (quiet >= 10) process.exit(1);
  }, 100);
}

const forever = (): Promise<never> => new Promise(() => {});
