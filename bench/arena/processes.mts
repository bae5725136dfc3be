import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** One process as it is now. What it has used is what it has used since it began. */
export interface Process {
  readonly pid: number;
  readonly command: string;
  readonly cpuSeconds: number;
  /** The most memory that it has held: since it began where the system remembers that, else now. */
  readonly bytes: number;
}

/** Looks at a process and all that it has started, and what those have. Each call looks again. */
export const processTree = (root: number): (() => Process[]) =>
  existsSync("/proc/self/stat") ? treeInProc(root) : treeFromPs(root);

function treeInProc(root: number): () => Process[] {
  const family = new Set([root]);
  const strangers = new Set<number>();
  return () => {
    // In ascending order, so that a parent is known before its child; and each process is asked for its parent once.
    const news = readdirSync("/proc")
      .map(Number)
      .filter((pid) => pid > 0 && !family.has(pid) && !strangers.has(pid));
    for (const pid of news.sort((a, b) => a - b)) {
      const parent = Number(statOf(pid)?.[1]);
      (family.has(parent) ? family : strangers).add(pid);
    }
    return [...family].flatMap((pid) => inProc(pid) ?? []);
  };
}

/** Linux counts processor time in hundredths of a second, whatever its timer does. */
const ticksPerSecond = 100;

function inProc(pid: number): Process | undefined {
  const stat = statOf(pid);
  if (stat === undefined) return undefined;
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? "")?.[1];
  return {
    pid,
    command: (read(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " "),
    cpuSeconds: (Number(stat[11]) + Number(stat[12])) / ticksPerSecond,
    bytes: Number(peak ?? 0) * 1024,
  };
}

/** What stands after the command's name, which may hold spaces and brackets itself: the state first. */
const statOf = (pid: number): string[] | undefined =>
  read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, "")
    .split(" ");

/** A process may be gone between two looks. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return undefined;
  }
}

const treeFromPs = (root: number) => (): Process[] => {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss=,time=,command="], { encoding: "utf8" }).split("\n");
  const all = lines.flatMap((line) => {
    const [, pid, parent, kilobytes, time = "", command = ""] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined) return [];
    return [
      {
        parent: Number(parent),
        pid: Number(pid),
        command,
        cpuSeconds: secondsOf(time),
        bytes: Number(kilobytes) * 1024,
      },
    ];
  });
  const family = new Set([root]);
  for (let before = 0; before < family.size; ) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid)).map(({ parent: _, ...one }) => one);
};

/** `1-02:03:04`, `02:03:04` or `2:03.45`, as the systems write it. */
const secondsOf = (time: string): number => {
  const [clock = "", days = "0"] = time.split("-").reverse();
  return clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400;
};
