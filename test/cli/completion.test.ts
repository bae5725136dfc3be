import { execFile, spawn, spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { workplace } from "../support/workplace.ts";

const kinds = [
  "permissions",
  "roles",
  "organization-roles",
  "domains",
  "api-clients",
  "connections",
  "session-policies",
];

/** What is typed, with what a shell then offers. */
const cases: readonly [typed: string, offered: readonly string[]][] = [
  ["", ["export", "import", "drift", "up", "guard", "doctor", "probe", "emulator", "completion", "help"]],
  ["gu", ["guard"]],
  ["help em", ["emulator"]],
  ["export --la", ["--language"]],
  ["export --out folder --pre", ["--predefined"]],
  ["export --language ", ["typescript", "yaml", "none"]],
  ["export --include ", [...kinds, "all"]],
  ["export --include roles do", ["domains"]],
  ["export --include roles --native --la", ["--language"]],
  ["import --kind ", kinds],
  ["drift --stack ", ["dev", "team.prod"]],
  ["up --stack team", ["team.prod"]],
  ["guard --kind organizations --kind ro", ["roles"]],
  ["completion ", ["bash", "zsh", "fish"]],
  ["drift --state an", ["answers.json", "another"]],
  ["export --out an", ["another"]],
  ["export --external-id-prefix an", []],
  ["up -- --", []],
  ["nonsense --la", []],
];

const isThere = (shell: string): boolean => spawnSync(shell, ["--version"]).error === undefined;

async function begin(shell: string) {
  const { run, folder } = await workplace();
  await Promise.all(
    ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.team.prod.yml", "answers.json"].map((name) =>
      writeFile(join(folder, name), ""),
    ),
  );
  await mkdir(join(folder, "another"));
  const ended = await run("completion", shell);
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  await writeFile(join(folder, `.completion.${shell}`), ended.stdout);
  return { folder, script: join(folder, `.completion.${shell}`), text: ended.stdout };
}

const output = (file: string, args: readonly string[], cwd: string) =>
  new Promise<string>((done, fail) => {
    const env = { PATH: process.env["PATH"], HOME: cwd, TERM: "dumb" };
    execFile(file, args, { cwd, env }, (_, stdout, stderr) => (stderr ? fail(new Error(stderr)) : done(stdout)));
  });

const sorted = (words: readonly string[]): string[] => [...words].sort();

/** What a shell makes of keys that are pressed at its prompt. */
async function pressed(shell: string, start: readonly string[], setup: string, keys: readonly string[]) {
  const { folder, script } = await begin(shell);
  const child = spawn("script", ["-qec", [shell, ...start].join(" "), "/dev/null"], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, TERM: "dumb" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (more: Buffer) => {
    text += more.toString();
  });
  const shown = (what: string) => expect.poll(() => text, { timeout: 20_000 }).toContain(what);
  child.stdin.write(
    `${setup}; source ${script}; pulumi-scalekit() { printf 'called''%s' ": $*"; echo; }; echo rea''dy\n`,
  );
  await shown("ready");
  for (const line of keys) child.stdin.write(`pulumi-scalekit ${line}\n`);
  child.stdin.write("echo ov''er; exit\n");
  await shown("over");
  child.kill();
  return [...text.matchAll(/called: (.*?)\r?$/gm)].map(([, words]) => words);
}

/** Each line of keys, and what the command is then called with. */
const keys = ["exp\t--lang\ty\t", "drift --state answ\t", "export --include roles dom\t--nat\t", "up -- --yes"];
const calledWith = [
  "export --language yaml",
  "drift --state answers.json",
  "export --include roles domains --native",
  "up -- --yes",
];

test.each([
  { shell: "bash", start: ["--norc", "-i"], setup: "PS1=" },
  { shell: "zsh", start: ["-f", "-i"], setup: "PS1=; autoload -U compinit; compinit -u" },
])("completion $shell completes what is typed at its prompt", async ({ shell, start, setup }) => {
  if (!isThere(shell)) return;
  expect(await pressed(shell, start, setup, keys)).toEqual(calledWith);
});

describe("completion bash", () => {
  test.for(cases)("after `%s`", async ([typed, offered]) => {
    const { folder, script } = await begin("bash");
    // Readline asks so: the words up to the cursor, of which the last may be empty.
    const words = ["pulumi-scalekit", ...typed.split(" ")];
    const asked = `source "$1"; shift
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=\${#COMP_LINE}
      compopt() { case "$*" in *"-o dirnames"*) dirs=yes ;; esac; plain=yes; }
      _pulumi_scalekit
      if [[ -n $dirs ]]; then compgen -d -- "\${COMP_WORDS[COMP_CWORD]}"
      elif [[ -z $plain && \${#COMPREPLY[@]} == 0 ]]; then compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"
      else printf '%s\\n' "\${COMPREPLY[@]}"; fi`;
    const answered = await output("bash", ["--norc", "-c", asked, "bash", script, ...words], folder);
    expect(sorted(answered.split("\n").filter(Boolean))).toEqual(sorted(offered));
  });

  test("completes what follows = too", async () => {
    const { folder, script } = await begin("bash");
    const asked = `source ${script}; COMP_WORDS=(pulumi-scalekit export --language = ya) COMP_CWORD=4; _pulumi_scalekit; echo "$COMPREPLY"`;
    expect(await output("bash", ["--norc", "-c", asked], folder)).toBe("yaml\n");
  });
});

describe.skipIf(!isThere("fish"))("completion fish", () => {
  test.for(cases)("after `%s`", async ([typed, offered]) => {
    const { folder, script } = await begin("fish");
    const asked = `source ${script}; complete -C 'pulumi-scalekit ${typed}'`;
    const answered = await output("fish", ["--no-config", "-c", asked], folder);
    const words = answered
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split("\t")[0]?.replace(/\/$/, "") ?? "");
    expect(sorted(words)).toEqual(sorted(offered));
  });
});
