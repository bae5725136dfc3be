import { join, relative, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { buildRelease } from "./release/build.mts";
import { canSign } from "./release/executable.mts";
import {
  allPlatforms,
  archiveName,
  checksumsName,
  isFor,
  isPlatform,
  type Platform,
  platforms,
} from "./release/platforms.mts";
import { tagRelease } from "./release/tag.mts";

const { version } = manifest;

const buildHelp = `
Each archive has one executable with Node.js in it, so whoever installs it needs no Node.js:
  $ pulumi plugin install resource scalekit ${version} --file ${archiveName(version, "linux-amd64")}
  $ pulumi plugin install resource scalekit ${version} --server https://example.com/folder-of-the-archives

Examples:
  $ npm run release:build                                all of ${allPlatforms.join(", ")}
  $ npm run release:build -- --platform linux-amd64      one, some 20 seconds
  $ npm run release:build -- --platform darwin-arm64 darwin-amd64
  $ npm run release:build -- --dry-run                   what it would write
  $ (cd release && sha256sum --check ${checksumsName(version)})

The same commit gives the same archives, byte for byte. It takes Linux or a Mac, npm and tar. Each system's Node.js comes from the npm
registry, once for this user. Only what is for this system is started. A Mac signs what is for macOS. Elsewhere that stays without
a signature, and a Mac does not start it.

Exit codes: 0 built, 1 something failed or was not understood.`;

const tagHelp = `
\`pulumi package add https://HOST/OWNER/REPOSITORY.git/plugin@${version}\` clones the tag v${version} and runs what is in its folder \`plugin\`. The build
is in no commit of a branch, so the tag names a commit of its own on top of this one, with what the build has put into \`plugin\`. Of any other
commit, \`pulumi package add\` installs all that it takes to build, and builds.

Examples:
  $ npm run release:tag
  $ git push origin v${version}
  $ npm run release:tag -- --dry-run                     what it would tag

Exit codes: 0 tagged, 1 something failed: the tag is there, or the folder has changes that no commit has.`;

const say = (line: string) => process.stderr.write(`${line}\n`);

const program = new Command("npm run");
program
  .command("build")
  .usage("-- [options]")
  .description("builds the native plugin for the systems that Pulumi runs on, as `pulumi plugin install` takes it")
  .option("--platform <names...>", "which systems", named)
  .option("--out <folder>", "where the archives and their checksums go", "release")
  .option("--dry-run", "say what would be built, and build nothing")
  .addHelpText("after", buildHelp)
  .showHelpAfterError("(run with --help for the options)")
  .action(build);
program
  .command("tag")
  .usage("-- [options]")
  .description("tags this version, with the native plugin built, as `pulumi package add` takes it from a git URL")
  .option("--dry-run", "say what would be tagged, and tag nothing")
  .addHelpText("after", tagHelp)
  .showHelpAfterError("(run with --help for the options)")
  .action(tag);
await program.parseAsync().catch((error: unknown) => {
  say(`release: ${(error as Error).message}`);
  process.exitCode = 1;
});

function named(name: string, before: readonly Platform[] = []): readonly Platform[] {
  if (!isPlatform(name)) throw new InvalidArgumentError(`It is none of ${allPlatforms.join(", ")}.`);
  return before.includes(name) ? before : [...before, name];
}

async function build(given: { platform?: readonly Platform[]; out: string; dryRun?: true }): Promise<void> {
  const chosen = given.platform ?? allPlatforms;
  const out = resolve(given.out);
  const shown = (file: string) => relative(process.cwd(), join(out, file));
  if (given.dryRun) {
    for (const platform of chosen)
      process.stdout.write(`${shown(archiveName(version, platform))}, of ${platforms[platform].package}\n`);
    process.stdout.write(`${shown(checksumsName(version))}\n`);
    return;
  }
  const built = await buildRelease({ version, chosen, out }, say);
  for (const { file, bytes } of built) process.stdout.write(`${shown(file)}  ${(bytes / 1e6).toFixed(1)} MB\n`);
  process.stdout.write(`${shown(checksumsName(version))}\n`);
  const unsigned = chosen.filter((platform) => isFor("darwin", platform) && !canSign);
  if (unsigned.length > 0)
    say(`Not signed, so a Mac will not start it: ${unsigned.join(", ")}. Build it on a Mac, which signs it.`);
}

async function tag({ dryRun = false }: { dryRun?: boolean }): Promise<void> {
  const { name, commit, files } = await tagRelease(join(import.meta.dirname, ".."), { dryRun });
  const done = dryRun ? "would be" : "is";
  process.stdout.write(`${name} ${done} ${commit}, which adds to HEAD: ${files.join(", ")}\n`);
  if (!dryRun) process.stdout.write(`Next: git push origin ${name}\n`);
}
