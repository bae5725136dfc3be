import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { elapsed } from "./elapsed.mts";
import { output } from "./process.mts";

const module = import.meta.dirname;
const sdk = "github.com/pulumi/pulumi/sdk/v3";

export interface EngineSource {
  readonly version: string;
  /** The file in this folder that pins the modules. */
  readonly modules: string;
}

/** A hash that changes whenever the build's sources change. */
export const buildKey = (modules: string): Promise<string> =>
  keyOf([modules, modules.replace(/mod$/, "sum"), join("languagehost", "main.go")].map((file) => join(module, file)));

/** A hash that changes whenever one of the files changes. */
export async function keyOf(files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) hash.update(await readFile(file));
  return hash.digest("hex").slice(0, 12);
}

/** What keeps this machine from building the CLI, if anything does. */
export async function missingForBuild(): Promise<string | undefined> {
  return output("go", ["version"]).then(
    () => undefined,
    () => "Go is not installed",
  );
}

/** Builds the CLI and a Node.js language host from Go modules with pinned sums, and lays the provider host beside them. */
export async function buildEngine(
  { version, modules }: EngineSource,
  home: string,
  say: (line: string) => void,
): Promise<void> {
  const bin = join(home, "bin");
  await mkdir(bin, { recursive: true });
  const go = goIn(module, modules);
  const flags = ["-trimpath", "-ldflags", `-s -w -X ${sdk}/go/common/version.Version=v${version}`];
  await building(`the Pulumi CLI ${version}`, say, async () => {
    await go("build", ...flags, "-o", join(bin, "pulumi"), "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi");
    await go("build", ...flags, "-o", join(bin, "pulumi-language-nodejs"), "./languagehost");
    // A file and not a link, or each command warns of a plugin "from $PATH".
    const dist = join((await go("list", "-m", "-f", "{{.Dir}}", sdk)).trim(), "nodejs", "dist");
    const host = join(bin, "pulumi-resource-pulumi-nodejs");
    await copyFile(join(dist, "pulumi-resource-pulumi-nodejs"), host);
    await chmod(host, 0o755);
  });
}

/** The go command in the folder of a module whose sums are pinned. */
export function goIn(folder: string, modules = "go.mod"): (...args: string[]) => Promise<string> {
  const file = modules === "go.mod" ? "" : ` -modfile=${modules}`;
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: `-mod=readonly${file}` };
  return (...args) => output("go", args, { cwd: folder, env });
}

/** Says what is built, that it is still going on, and when it is done. */
export async function building(what: string, say: (line: string) => void, work: () => Promise<void>): Promise<void> {
  say(`Building ${what} from source, once for this user. This takes some minutes.`);
  const { seconds } = await elapsed("building", say, work);
  say(`Built ${what} (${seconds} s).`);
}
