import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { journalPath } from "../../src/config/paths.ts";
import { plainSecretsIn, readSettings } from "../../src/config/settings.ts";
import { ConfigurationError } from "../../src/errors.ts";

const whole = {
  SCALEKIT_ENVIRONMENT_URL: "https://acme.scalekit.com",
  SCALEKIT_CLIENT_ID: "skc_1",
  SCALEKIT_CLIENT_SECRET: "s3cret",
};

const read = (config: Record<string, string>, environment: Record<string, string> = whole) =>
  readSettings({ get: (key) => config[key] }, environment);

/** The one error's message. */
function refusal(config: Record<string, string>, environment?: Record<string, string>): string {
  try {
    read(config, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error("It was taken.");
}

describe("where settings come from", () => {
  test("the environment, where the stack's configuration says nothing", () => {
    expect(read({})).toEqual({
      environmentUrl: "https://acme.scalekit.com",
      clientId: "skc_1",
      clientSecret: "s3cret",
    });
  });

  test("the stack's configuration, setting by setting", () => {
    expect(read({ "scalekit:clientId": "skc_2" })).toMatchObject({ clientId: "skc_2", clientSecret: "s3cret" });
  });

  test("neither blanks around a value nor a slash after the host count", () => {
    expect(
      read({ "scalekit:environmentUrl": " https://acme.scalekit.com/ ", "scalekit:clientId": "skc_2\n" }),
    ).toMatchObject({
      environmentUrl: "https://acme.scalekit.com",
      clientId: "skc_2",
    });
  });

  test("all that is missing is named at once, with the command that sets it", () => {
    const message = refusal({}, { SCALEKIT_CLIENT_ID: "  " });
    expect(message).toContain("scalekit:environmentUrl is missing: run `pulumi config set scalekit:environmentUrl");
    expect(message).toContain("scalekit:clientId is missing");
    expect(message).toContain("`pulumi config set --secret scalekit:clientSecret`, or set SCALEKIT_CLIENT_SECRET");
  });
});

describe("the environment's URL", () => {
  test.each(["http://localhost:8080", "http://127.0.0.1:8080", "http://127.9.9.9", "http://[::1]:8080"])(
    "may be %s",
    (url) => {
      expect(read({ "scalekit:environmentUrl": url }).environmentUrl).toBe(url);
    },
  );

  test.each([
    ["acme.scalekit.com", "must be the whole URL"],
    ["ftp://acme.scalekit.com", "must be the whole URL"],
    ["http://acme.scalekit.com", "must begin with https://"],
    ["http://127.0.0.1.example.com", "must begin with https://"],
    ["http://localhost.example.com", "must begin with https://"],
    ["https://user:s3cret@acme.scalekit.com", "must not hold a user name or password"],
    ["https://acme.scalekit.com/api", "must end after the host"],
    ["https://acme.scalekit.com?x=1", "must end after the host"],
    ["https://acme.scalekit.com#x", "must end after the host"],
  ])("may not be %s", (url, problem) => {
    const message = refusal({ "scalekit:environmentUrl": url });
    expect(message).toContain(`scalekit:environmentUrl (or SCALEKIT_ENVIRONMENT_URL) ${problem}`);
    expect(message).not.toContain("s3cret");
  });
});

describe("plain HTTP to another host", () => {
  const emulator = "http://emulator:8080";
  const at = (url: string, insecureHosts: string) => ({
    "scalekit:environmentUrl": url,
    "scalekit:insecureHosts": insecureHosts,
  });

  test("is refused with the name of the setting that would allow it", () => {
    expect(refusal({ "scalekit:environmentUrl": emulator })).toMatch(
      /must begin with https:\/\/; http:\/\/ is for this machine, and for a test server that scalekit:insecureHosts \(or SCALEKIT_INSECURE_HOSTS\) names/,
    );
  });

  test.each([
    [emulator, "emulator"],
    [emulator, "emulator:8080"],
    [emulator, "other, EMULATOR"],
    [emulator, " other emulator\n"],
    ["http://emulator", "emulator:80"],
    ["http://10.0.0.7:8080", "10.0.0.7"],
    ["http://[fd00::7]:8080", "[fd00::7]"],
  ])("may go to %s where the setting is %j", (url, hosts) => {
    expect(read(at(url, hosts)).environmentUrl).toBe(url);
    const variables = { ...whole, SCALEKIT_ENVIRONMENT_URL: url, SCALEKIT_INSECURE_HOSTS: hosts };
    expect(read({}, variables)).toMatchObject({ environmentUrl: url, insecureHosts: expect.any(Array) });
  });

  test.each([
    ["http://emulator:8081", "emulator:8080"],
    ["http://emulator:8080", "emulator:80"],
    ["http://a.emulator.test", "emulator.test"],
    ["http://emulator.test", "emulator"],
    ["http://emulator", ""],
  ])("may not go to %s where the setting is %j", (url, hosts) => {
    expect(refusal(at(url, hosts))).toContain("must begin with https://");
  });

  test.each(["*", "*.test", "http://emulator", "emulator/", "user@emulator", "emulator:x", '["emulator"]'])(
    "is not what the setting can say as %j",
    (hosts) => {
      const message = refusal(at(emulator, hosts));
      expect(message).toContain(
        "scalekit:insecureHosts (or SCALEKIT_INSECURE_HOSTS) must be host names with commas between them, such as emulator, ci-emulator:8080",
      );
    },
  );

  test.each(["acme.scalekit.com", "acme.scalekit.dev", "ACME.scalekit.com:80", "acme.scalekit.com."])(
    "never goes to Scalekit itself: %s",
    (host) => {
      expect(refusal(at(`http://${host}`, host))).toMatch(/insecureHosts .* must not name a host of Scalekit's own/);
      expect(refusal({ "scalekit:insecureHosts": host })).toMatch(/must not name a host of Scalekit's own/);
    },
  );
});

describe("secrets in plain text in the stack's configuration", () => {
  const found = (config: Record<string, string>, ...marked: string[]) =>
    plainSecretsIn(config, (key) => marked.includes(key));

  test.each<[string, string, RegExp]>([
    [
      "the client secret",
      "scalekit:clientSecret",
      /is not marked as a secret: run `pulumi config set --secret scalekit:/,
    ],
    [
      "one by another name",
      "scalekit:client_secret",
      /`pulumi config rm scalekit:client_secret`, and `pulumi config set --s/,
    ],
    ["a token that no setting is", "scalekit:apiToken", /is not a setting: run `pulumi config rm scalekit:apiToken`/],
  ])("are found: %s", (_, key, mend) => {
    expect(found({ [key]: "s3cret" })).toEqual([expect.stringMatching(mend)]);
    expect(found({ [key]: "s3cret" }).join()).not.toContain("s3cret");
    expect(found({ [key]: "s3cret" }, key)).toEqual([]);
  });

  test.each(["https://user:s3cret@acme.scalekit.com", "https://s3cret@acme.scalekit.com", "//u:s3cret@acme"])(
    "are found in a URL: %s",
    (url) => {
      expect(found({ "scalekit:environmentUrl": url })).toEqual([
        expect.stringMatching(/user name or password in it: run `pulumi config set scalekit:environmentUrl https:/),
      ]);
    },
  );

  test("are not what is no secret, is nothing, or is not of this provider", () => {
    const config = {
      "scalekit:environmentUrl": "https://acme.scalekit.com/@a",
      "scalekit:clientId": "skc_1",
      "scalekit:clientSecret": " ",
      "scalekit:operationTimeout": "300",
      "app:clientSecret": "theirs",
    };
    expect(found(config)).toEqual([]);
  });
});

describe("limits", () => {
  test("are taken from either place, the timeout in seconds", () => {
    const environment = { ...whole, SCALEKIT_OPERATION_TIMEOUT: "60", SCALEKIT_MAX_CONCURRENT_REQUESTS: "4" };
    expect(read({ "scalekit:maxRequestsPerMinute": "90" }, environment)).toMatchObject({
      maxRequestsPerMinute: 90,
      maxConcurrentRequests: 4,
      operationTimeout: 60_000,
    });
  });

  test("are absent where they are not set, even to nothing", () => {
    const settings = read({}, { ...whole, SCALEKIT_OPERATION_TIMEOUT: "" });
    expect(Object.keys(settings).sort()).toEqual(["clientId", "clientSecret", "environmentUrl"]);
  });

  test.each(["0", "-1", "1.5", "1e3", "ten", "99999999999"])("may not be %s", (value) => {
    const message = refusal({
      "scalekit:maxRequestsPerMinute": value,
      "scalekit:maxConcurrentRequests": value,
      "scalekit:operationTimeout": value,
    });
    expect(message).toContain(
      "scalekit:maxRequestsPerMinute (or SCALEKIT_MAX_REQUESTS_PER_MINUTE) must be a whole number from 1 to",
    );
    expect(message).toContain("scalekit:maxConcurrentRequests (or SCALEKIT_MAX_CONCURRENT_REQUESTS) must be");
    expect(message).toContain("scalekit:operationTimeout (or SCALEKIT_OPERATION_TIMEOUT) must be");
  });

  test("are named in one error with whatever else is wrong", () => {
    const message = refusal({ "scalekit:operationTimeout": "soon" }, { HTTPS_PROXY: "ftp://proxy" });
    for (const part of ["clientId is missing", "operationTimeout (or", "HTTPS_PROXY must be"]) {
      expect(message).toContain(part);
    }
  });
});

describe("proxies", () => {
  test("are none where none is set", () => {
    expect(read({}, { ...whole, NO_PROXY: "*", HTTPS_PROXY: "" })).not.toHaveProperty("proxies");
  });

  test("are read by either spelling, the small one first, with or without a scheme", () => {
    const environment = {
      ...whole,
      HTTP_PROXY: "http://one:3128",
      HTTPS_PROXY: "http://big:3128",
      https_proxy: "small:3128",
      NO_PROXY: "example.com",
    };
    expect(read({}, environment).proxies).toEqual({
      http: "http://one:3128/",
      https: "http://small:3128/",
      none: "example.com",
    });
  });

  test("that make no sense are refused without showing them", () => {
    const message = refusal({}, { ...whole, HTTPS_PROXY: "socks9://user:s3cret@proxy:1" });
    expect(message).toContain("HTTPS_PROXY must be the URL of a proxy, such as http://proxy.example.com:3128");
    expect(message).not.toMatch(/s3cret|user/);
  });

  const socks = { HTTPS_PROXY: "socks5h://user:s3cret@proxy:1", HTTP_PROXY: "socks4://user:s3cret@proxy:1" };

  test.each<Record<string, string>>([
    { SCALEKIT_ENVIRONMENT_URL: "http://127.0.0.1:8080" },
    { SCALEKIT_ENVIRONMENT_URL: "http://localhost:8080" },
    { NO_PROXY: "*" },
    { NO_PROXY: "internal, .scalekit.com" },
    { no_proxy: "acme.scalekit.com:443" },
    { SCALEKIT_ENVIRONMENT_URL: "https://10.1.2.3", NO_PROXY: "10.0.0.0/8" },
  ])("that are not the environment's may be anything (%o)", (environment) => {
    expect(read({}, { ...whole, ...socks, ...environment })).not.toHaveProperty("proxies");
  });

  test("for plain HTTP may be anything where there is one for HTTPS", () => {
    expect(read({}, { ...whole, ...socks, HTTPS_PROXY: "proxy:1" }).proxies).toMatchObject({
      https: "http://proxy:1/",
    });
  });

  test.each([socks, { HTTPS_PROXY: socks.HTTPS_PROXY }, { HTTP_PROXY: socks.HTTP_PROXY }])(
    "of SOCKS are refused as such, with a way out (%o)",
    (environment) => {
      const message = refusal({}, { ...whole, ...environment });
      expect(message).toMatch(
        /HTTPS?_PROXY must be the URL of a proxy, such as http:.*; SOCKS proxies are not supported/,
      );
      expect(message).toContain("NO_PROXY=acme.scalekit.com connects without a proxy");
      expect(message.match(/must be/g)).toHaveLength(1);
      expect(message).not.toMatch(/s3cret|user/);
    },
  );
});

describe("a stack's journal", () => {
  const file = (project: string, environment: NodeJS.ProcessEnv = {}) =>
    journalPath("acme/customers/production", project, {
      SCALEKIT_JOURNAL: "/journal",
      PULUMI_HOME: "/home",
      ...environment,
    });

  async function project(backend: string) {
    const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-project-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "Pulumi.yaml"), `name: customers\n${backend}runtime: nodejs\n`);
    return folder;
  }

  test("is one for all checkouts of a project whose state is in one place", async () => {
    const [a, b] = [await project(""), await project("")];
    for (const url of ["", "https://pulumi.example.com", "file:///state", "file://~", "s3://state"]) {
      expect(file(a, { PULUMI_BACKEND_URL: url })).toBe(file(b, { PULUMI_BACKEND_URL: url }));
    }
  });

  test.each([
    ["the environment", "", { PULUMI_BACKEND_URL: "file://./state" }],
    ["the project's file", "backend:\n  url: file://./state\n", {}],
    ["the project's file in one line", 'backend: { url: "file://state" }\n', {}],
  ])("is another for each checkout whose state is beside it, by %s", async (_, backend, environment) => {
    const [a, b] = [await project(backend), await project(backend)];
    expect(file(a, environment)).not.toBe(file(b, environment));
    expect(file(a, environment)).toBe(file(a, environment));
  });

  test("is another for each log-in", async () => {
    const folder = await project("");
    const other = await project("");
    const login = (url: string) => writeFile(join(other, "credentials.json"), JSON.stringify({ current: url }));
    await login("file:///one");
    const one = file(folder, { PULUMI_HOME: other });
    await login("file:///two");
    expect(file(folder, { PULUMI_HOME: other })).not.toBe(one);
    await login("file:///one");
    expect(file(folder, { PULUMI_HOME: other })).toBe(one);
  });
});
