import { type Process, processTree } from "./processes.mts";

/** What one part of a run has used. */
export interface Usage {
  readonly cpuSeconds: number;
  /** The peaks of its processes, added up. */
  readonly peakBytes: number;
}

export type Role = "engine" | "program" | "provider";

/**
 * Watches what a Pulumi command and all that it starts use, until somebody stops it. A process that ends takes along what
 * it has used since the last look, a tenth of a second at most.
 */
export function startMeter(root: number) {
  const tree = processTree(root);
  const last = new Map<number, Process>();
  const look = () => {
    for (const one of tree()) {
      const before = last.get(one.pid);
      // A process that has ended and is still listed has no memory and no command.
      const bytes = Math.max(one.bytes, before?.bytes ?? 0);
      last.set(one.pid, { ...one, bytes, command: one.command || (before?.command ?? "") });
    }
  };
  const timer = setInterval(look, 100);
  look();
  return {
    stop(): Record<Role, Usage> & { largestProcessBytes: number } {
      clearInterval(timer);
      const usage = (role: Role): Usage => {
        const mine = [...last.values()].filter(({ command }) => roleOf(command) === role);
        return {
          cpuSeconds: round(mine.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)),
          peakBytes: mine.reduce((sum, { bytes }) => sum + bytes, 0),
        };
      };
      return {
        engine: usage("engine"),
        program: usage("program"),
        provider: usage("provider"),
        largestProcessBytes: Math.max(...[...last.values()].map(({ bytes }) => bytes)),
      };
    },
  };
}

/** The language host counts as the engine: it only starts the program and waits for it. What needs no engine is a program. */
function roleOf(command: string): Role {
  if (/dynamic-provider|pulumi-resource-(pulumi-nodejs|scalekit)|terraform-provider/.test(command)) return "provider";
  return /[\\/]cmd[\\/]run\b|(^|[\s\\/])program\.mjs\b/.test(command) ? "program" : "engine";
}

const round = (seconds: number): number => Math.round(seconds * 100) / 100;
