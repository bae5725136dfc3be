import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { SemVer } from "semver";
import { elapsed } from "./elapsed.mts";

/** Long enough for any network that could carry the download, and a short wait if there is no network. */
const probeMilliseconds = 4000;

/** Installs the official release of the CLI into `home`, by the SDK's own installer. False if its server is out of reach. */
export async function downloadEngine(version: string, home: string, say: (line: string) => void): Promise<boolean> {
  try {
    const answer = await fetch("https://get.pulumi.com/", {
      method: "HEAD",
      signal: AbortSignal.timeout(probeMilliseconds),
    });
    if (!answer.ok) return false;
    say(`Downloading the Pulumi CLI ${version}, once for this user.`);
    await elapsed("downloading", say, () => PulumiCommand.install({ version: new SemVer(version), root: home }));
    return true;
  } catch {
    return false;
  }
}
