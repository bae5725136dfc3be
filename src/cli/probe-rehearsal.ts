import { probe } from "../probe/probe.ts";

/** What the probe would ask, as it asks the embedded emulator. */
export interface Rehearsal {
  readonly organizations: number;
  readonly questions: readonly { readonly name: string; readonly asks: string; readonly requests: readonly string[] }[];
}

/** Plays the probe on an emulator in this process. Nothing leaves the machine. */
export async function rehearse(only: readonly string[] | undefined): Promise<Rehearsal> {
  const { startEmulator } = await import("../emulator/index.ts");
  const emulator = await startEmulator();
  const settings = { environmentUrl: emulator.url, ...emulator.credentials, maxRequestsPerMinute: 1_000_000 };
  const playing = probe({ settings, only, prefix: "pulumi-scalekit-probe-00000000" });
  const { answers, organizations } = await playing.finally(() => emulator.close());
  return {
    organizations,
    questions: answers.map(({ name, asks, exchanges }) => ({
      name,
      asks,
      requests: exchanges.map(({ request: { method, path, body } }) =>
        [method, path, ...(body === undefined ? [] : [JSON.stringify(body)])].join(" "),
      ),
    })),
  };
}

/** For a person. */
export function programme({ organizations, questions }: Rehearsal, environment: string): string {
  const count = questions.reduce((sum, { requests }) => sum + requests.length, 0);
  const parts = questions.map(
    ({ name, asks, requests }) => `\n${name}: ${asks}\n${requests.map((request) => `  ${request}\n`).join("")}`,
  );
  return (
    `The probe would ask ${environment} with some ${count} requests, on ${organizations} organizations that it makes and deletes. With an\n` +
    `environment that is like the emulator, these would be the requests. Nothing was sent.\n${parts.join("")}`
  );
}
