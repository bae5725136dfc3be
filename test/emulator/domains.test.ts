import { expect, test } from "vitest";
import type { EmulatorOptions } from "../../src/emulator/index.ts";
import { begin } from "../support/plain-client.ts";

async function prepared(options: EmulatorOptions = {}) {
  const session = await begin(options);
  const { id } = await session.create({ display_name: "Megasoft" });
  const other = (await session.create({ display_name: "Other" })).id;
  const add = (domain: string, domain_type?: string, organization = id) =>
    session.call("POST", `/organizations/${organization}/domains`, { domain, domain_type });
  return { ...session, id, other, path: `/organizations/${id}/domains`, add };
}

test("a domain is added, read and deleted, verified because an API client says so", async () => {
  const { call, add, path, id, emulator } = await prepared();
  const made = await add("megasoft.com");
  expect(made).toMatchObject({
    status: 200,
    body: {
      domain: {
        id: expect.stringMatching(/^dom_\d+$/),
        domain: "megasoft.com",
        domain_type: "ORGANIZATION_DOMAIN",
        organization_id: id,
        environment_id: expect.stringMatching(/^env_\d+$/),
        verification_status: "AUTO_VERIFIED",
        verification_method: "ADMIN",
      },
    },
  });
  expect(made.body.domain).not.toHaveProperty("txt_record_secret");
  const one = `${path}/${made.body.domain.id}`;
  expect(await call("GET", one)).toMatchObject({ status: 200, body: made.body });
  expect(emulator.all("domains")).toMatchObject([{ domain: "megasoft.com" }]);
  expect((await call("PATCH", one, {})).status).toBe(501);
  expect(await call("DELETE", one)).toMatchObject({ status: 200, body: {} });
  for (const method of ["GET", "DELETE"]) expect((await call(method, one)).body.message).toBe("domain not found");
});

test("an allowed email domain needs no verification", async () => {
  const { add } = await prepared();
  const { domain } = (await add("megasoft.com", "ALLOWED_EMAIL_DOMAIN")).body;
  expect(domain).toMatchObject({ domain_type: "ALLOWED_EMAIL_DOMAIN", verification_method: "NOT_APPLICABLE" });
});

test("domainVerification dns: a domain waits for its TXT record", async () => {
  const { add, call, path } = await prepared({ semantics: { domainVerification: "dns" } });
  const made = await add("megasoft.com");
  expect(made.body.domain).toMatchObject({
    verification_status: "PENDING",
    verification_method: "DNS",
    txt_record_key: "scalekit-domain-verification",
    txt_record_secret: expect.stringMatching(/^sk_dom_verify_/),
  });
  expect((await call("GET", `${path}/${made.body.domain.id}`)).body).toEqual(made.body);
});

test("the list has numbered pages, and shows the type that is asked for", async () => {
  const { add, call, path } = await prepared();
  for (const name of ["a", "b", "c"]) await add(`${name}.example`);
  await add("d.example", "ALLOWED_EMAIL_DOMAIN");
  const list = async (query: string) => {
    const { domains, ...more } = (await call("GET", `${path}?${query}`)).body;
    return [domains.map(({ domain }: { domain: string }) => domain[0]).join(""), more];
  };
  expect(await list("")).toEqual(["dcba", { page_size: 4, page_number: 0 }]);
  expect(await list("domain_type=ORGANIZATION_DOMAIN&page_size=2")).toEqual(["cb", { page_size: 2, page_number: 0 }]);
  expect(await list("page_size=3&page_number=1")).toEqual(["a", { page_size: 1, page_number: 1 }]);
  expect(await list("domain_type=ALLOWED_EMAIL_DOMAIN")).toEqual(["d", { page_size: 1, page_number: 0 }]);
  expect((await call("GET", `${path}?domain_type=MINE`)).status).toBe(400);
});

test.each([
  ["megasoft", "invalid domain"],
  ["-mega.com", "invalid domain"],
  ["mega soft.com", "invalid domain"],
  ["gmail.com", "public and disposable domains are not allowed"],
  ["Mailinator.com", "public and disposable domains are not allowed"],
])("what is no domain of a business is refused: %s", async (domain, message) => {
  const { add, emulator } = await prepared();
  expect(await add(domain)).toMatchObject({ status: 400, body: { code: 3, message } });
  expect(emulator.all("domains")).toEqual([]);
});

test.each([
  ["environment", 400],
  ["organization", 200],
] as const)("uniqueDomain %s: another organization's is answered with %i", async (uniqueDomain, status) => {
  const { add, other } = await prepared({ semantics: { uniqueDomain } });
  await add("megasoft.com");
  expect(await add("MEGASOFT.com")).toMatchObject({ status: 400, body: { message: "domain already exists" } });
  expect((await add("megasoft.com", "ALLOWED_EMAIL_DOMAIN")).status).toBe(200);
  expect((await add("megasoft.com", "ORGANIZATION_DOMAIN", other)).status).toBe(status);
});

test.each([
  ["kept", "MegaSoft.com"],
  ["lowered", "megasoft.com"],
] as const)("domainCase %s: MegaSoft.com is shown as %s", async (domainCase, shown) => {
  const { add } = await prepared({ semantics: { domainCase } });
  expect((await add("MegaSoft.com")).body.domain.domain).toBe(shown);
});
