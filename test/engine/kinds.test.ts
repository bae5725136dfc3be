import { expect } from "vitest";
import { command } from "../support/command.ts";
import { endAt, unlock, ways } from "../support/crash.ts";
import { furnish } from "../support/furnish.ts";
import { connect } from "../support/plain-client.ts";
import { requestsOf, seed } from "../support/seed.ts";
import { expectSuccess } from "../support/stack.ts";
import { story } from "../support/story.ts";

story.concurrent(
  "what hangs on organizations comes in whole by export and import, and up then changes and sends nothing",
  async ({ means }) => {
    const emulator = await means.emulate();
    const [organization = ""] = await seed(emulator, [
      { display_name: "Megasoft Inc", external_id: "CUST-1" },
      { display_name: "Initech", external_id: "CUST-2" },
    ]);
    const { call } = await connect(emulator.url);
    await furnish(call, organization);
    emulator.connect(organization, { enabled: true });
    const stack = await means.stackOn(emulator, {
      source: 'require("./environment.ts"); require("./organizations.ts");',
    });
    const scalekit = (...args: string[]) => command(args, { cwd: stack.folder, env: stack.env });
    expect(await scalekit("export", "--include", "all", "--predefined")).toMatchObject({ code: 0, stderr: "" });

    const requests = await requestsOf(emulator, async () => {
      await expectSuccess(stack.pulumi("import", "--file", "import.json", "--yes", "--generate-code=false"));
      await expectSuccess(stack.preview("--expect-no-changes"));
      await expectSuccess(stack.up("--expect-no-changes"));
      await expectSuccess(stack.refresh("--expect-no-changes"));
    });
    expect(requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
    expect(await scalekit("drift", "--unmanaged", "all", "--fail-on", "unmanaged")).toMatchObject({ code: 0 });
    await call("DELETE", `/organizations/${organization}/roles/auditor`);
    expect(await scalekit("drift")).toMatchObject({ code: 2, stdout: expect.stringContaining("OrganizationRole") });
  },
);

const size = 12;

/** Some of everything for several organizations. */
const everything = `
const scalekit = require("pulumi-scalekit");
const pulumi = require("@pulumi/pulumi");
const secrets = [];
for (let n = 0; n < ${size}; n++) {
  new scalekit.Permission("p-" + n, { name: "thing:" + n });
  const role = { name: "role_" + n, displayName: "Role " + n, permissions: ["sk_org_users_read"] };
  new scalekit.Role("r-" + n, role, { deleteBeforeReplace: true });
  const { id: organizationId } = new scalekit.Organization("o-" + n, { displayName: "O " + n, externalId: "o-" + n });
  const domain = "o-" + n + ".com";
  new scalekit.OrganizationRole("o-" + n, { organizationId, name: "auditor", displayName: "Auditor" });
  new scalekit.OrganizationDomain("o-" + n, { organizationId, domain, domainType: "ORGANIZATION_DOMAIN" });
  new scalekit.OrganizationSessionPolicy("o-" + n, { organizationId, absoluteSessionTimeout: 600 });
  new scalekit.OrganizationUserManagement("o-" + n, { organizationId, maxAllowedUsers: 5 });
  secrets.push(new scalekit.OrganizationApiClient("o-" + n, { organizationId, name: "Robot " + n }).clientSecret);
}
exports.secrets = pulumi.all(secrets);
`;

story.concurrent(
  "a killed run of every kind without checkpoints is finished by the next, with nothing doubled",
  { timeout: 300_000 },
  async ({ means }) => {
    const emulator = await means.emulate();
    const unsaved = { PULUMI_SKIP_CHECKPOINTS: "true", PULUMI_EXPERIMENTAL: "true" };
    const stack = await means.stackOn(emulator, {
      source: everything,
      env: { ...unsaved, SCALEKIT_MAX_REQUESTS_PER_MINUTE: "1000000" },
    });
    const writes = () =>
      emulator.requests.filter(({ method, path }) => method !== "GET" && path.startsWith("/api")).length;
    await endAt(size * 5, ways["kill -9 of the CLI, the program and the provider"], stack, writes);
    await unlock(stack);

    const { call } = await connect(emulator.url);
    const finish = () => command(["up", "--", "--yes", "--non-interactive"], { cwd: stack.folder, env: stack.env });
    let up = await finish();
    // An API client whose answer was under way at the kill cannot be proved to be the stack's, and is named.
    const doubtful = [...up.stdout.matchAll(/It may be the API client of the organization (org_\d+)\/(m2morg_\d+),/g)];
    for (const [, id, client] of doubtful) await call("DELETE", `/organizations/${id}/clients/${client}`);
    if (doubtful.length > 0) up = await finish();
    expect(up, up.stdout).toMatchObject({ code: 0 });
    expect(emulator.organizations()).toHaveLength(size);
    const own = ({ name }: { name: string }) => /^(thing:|role_)/.test(name);
    expect((await call("GET", "/permissions?page_size=100")).body.permissions.filter(own)).toHaveLength(size);
    expect((await call("GET", "/roles")).body.roles.filter(own)).toHaveLength(size);
    const clients = new Set<string>();
    for (const { id } of emulator.organizations()) {
      const within = async (path: string) => (await call("GET", `/organizations/${id}/${path}`)).body;
      expect((await within("domains")).domains).toHaveLength(1);
      expect((await within("session-policy")).policy).toMatchObject({ policy_source: "CUSTOM" });
      const made = (await within("clients")).clients;
      expect(made).toHaveLength(1);
      // One that was made by the killed run got another secret when it was taken over.
      clients.add(made[0].secrets.at(-1).secret_suffix);
    }
    // The secrets that the stack has are those of the clients that there are.
    const outputs = await stack.pulumi("stack", "output", "--json", "--show-secrets");
    const secrets = JSON.parse(outputs.text).secrets as string[];
    expect(new Set(secrets.map((secret) => secret.slice(-4)))).toEqual(clients);
    await expectSuccess(stack.up("--expect-no-changes"));

    const replaced = await stack.up("--replace", "**Role::r-0");
    expect(replaced.code).not.toBe(0);
    expect(replaced.text.replaceAll(/\s+/g, " ")).toMatch(/The role role_0 is not replaced .* It was not deleted/);
  },
);
