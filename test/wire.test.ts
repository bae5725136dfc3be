import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  type Dialect,
  encodeCreate,
  encodePageRequest,
  encodePatch,
  encodeTokenRequest,
  errorAnswer,
  organizationAnswer,
  organizationCodec,
  organizationPage,
  tokenAnswer,
} from "../src/api/answers.ts";
import type { Organization, OrganizationPatch } from "../src/schema.ts";
import { fixture } from "./support/fixtures.ts";

const withoutUndefined = (value: object): unknown => JSON.parse(JSON.stringify(value));

describe("an organization, read", () => {
  test("has every documented field", () => {
    expect(organizationAnswer.parse(fixture("organization")).organization).toEqual({
      id: "org_59615193906282635",
      displayName: "Megasoft",
      externalId: "my_unique_id",
      metadata: { tier: "gold" },
      regionCode: "US",
      createTime: "2025-02-15T06:23:44.560000Z",
      updateTime: "2025-02-15T06:23:44.560000Z",
      slug: "acme",
      logoUrl: "https://cdn.example.com/acme-logo.png",
      features: { sso: true, dirSync: false },
    });
  });

  test("has no metadata where none is sent, and nothing for what is absent", () => {
    const { organization } = organizationAnswer.parse(fixture("organization-bare"));
    expect(withoutUndefined(organization)).toEqual({
      id: "org_64444217115541813",
      displayName: "Megasoft",
      createTime: "2025-02-15T06:23:44.560000Z",
      metadata: {},
    });
  });

  test.each(["external_id", "slug", "logo_url", "region_code", "metadata", "settings"])(
    "takes a null %s for none",
    (name) => {
      const bare = fixture("organization-bare") as { organization: object };
      const { organization } = organizationAnswer.parse({ organization: { ...bare.organization, [name]: null } });
      expect(organization).toEqual(organizationAnswer.parse(bare).organization);
    },
  );

  test.each(["external_id", "slug", "logo_url"])('takes "" for no %s', (name) => {
    const bare = fixture("organization-bare") as { organization: object };
    const { organization } = organizationAnswer.parse({ organization: { ...bare.organization, [name]: "" } });
    expect(organization).toEqual(organizationAnswer.parse(bare).organization);
  });

  test("may come with fields of later versions of the API", () => {
    const bare = fixture("organization-bare") as { organization: object };
    const later = { organization: { ...bare.organization, plan: { seats: 3 } }, warnings: [] };
    expect(organizationAnswer.parse(later).organization).toEqual(organizationAnswer.parse(bare).organization);
  });

  test.each([
    ["no id", { id: undefined }],
    ["an empty id", { id: "" }],
    ["a number for a name", { display_name: 7 }],
    ["a list for metadata", { metadata: [] }],
    ["a number in metadata", { metadata: { seats: 3 } }],
  ])("is not one with %s", (_, changed) => {
    const { organization } = fixture("organization") as { organization: object };
    expect(organizationAnswer.safeParse({ organization: { ...organization, ...changed } }).success).toBe(false);
  });
});

test("an organization of any content comes back from the wire as it went", () => {
  const random = numbersFrom(42);
  for (let round = 0; round < 300; round++) {
    const organization = anyOrganization(random);
    const wire = JSON.parse(JSON.stringify(organizationCodec.encode(organization)));
    expect(withoutUndefined(organizationCodec.decode(wire))).toEqual(withoutUndefined(organization));
  }
});

/** The same numbers from 0 to 1 in every run (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function anyOrganization(random: () => number): Organization {
  const letters = [..."aZ0_-./\\\"'%?# \t\n\u0000é漢🙂\u2028"];
  const text = () =>
    Array.from({ length: 1 + Math.floor(random() * 12) }, () => letters[Math.floor(random() * letters.length)]).join(
      "",
    );
  const maybe = <T>(value: () => T): T | undefined => (random() < 0.5 ? value() : undefined);
  const pairs = <T>(value: () => T) =>
    Object.fromEntries(Array.from({ length: 1 + Math.floor(random() * 4) }, () => [text(), value()]));
  return {
    id: text(),
    displayName: text(),
    externalId: maybe(text),
    metadata: maybe(() => pairs(text)) ?? {},
    regionCode: maybe(text),
    createTime: maybe(text),
    updateTime: maybe(text),
    slug: maybe(text),
    logoUrl: maybe(text),
    features: maybe(() => pairs(() => random() < 0.5)),
  };
}

describe("other answers", () => {
  test("a page has organizations and the token of the next", () => {
    const page = organizationPage.parse(fixture("page"));
    expect(page.organizations?.map(({ id }) => id)).toEqual(["org_64444217115541813"]);
    expect(page.next_page_token).toBe("<next_page_token>");
    expect(organizationPage.parse(fixture("last-page")).next_page_token).toBe("");
    expect(() => organizationPage.parse({})).toThrow("it has no organizations, and nothing else of a page");
  });

  test("a token has a life, and an hour of it where the server does not say", () => {
    expect(tokenAnswer.parse(fixture("token"))).toMatchObject({ expires_in: 86_399 });
    expect(tokenAnswer.parse({ access_token: "token" })).toMatchObject({ expires_in: 3600 });
    expect(tokenAnswer.safeParse({ access_token: "", expires_in: 60 }).success).toBe(false);
    expect(tokenAnswer.safeParse({ access_token: "token", expires_in: -1 }).success).toBe(false);
  });

  test("an error has its code, its words and each rule that was broken", () => {
    expect(errorAnswer.parse(fixture("error-unauthenticated"))).toMatchObject({
      code: 16,
      message: "Token empty",
      details: [{ error_code: "UNAUTHENTICATED" }],
    });
    const [detail] = errorAnswer.parse(fixture("error-validation")).details ?? [];
    expect(detail?.request_info?.request_id).toBe("req_0123456789");
    expect(detail?.validation_error_info?.field_violations).toMatchObject([
      { field: "organization.display_name", description: "value length must be at most 200 characters" },
    ]);
  });

  test("an error of another make is still read as far as it goes", () => {
    expect(errorAnswer.parse({ code: "E_NO", message: 7, details: "none", error: "invalid_client" })).toEqual({
      code: undefined,
      message: undefined,
      details: undefined,
      error: "invalid_client",
    });
  });
});

describe("a patch, written", () => {
  const everything: OrganizationPatch = { displayName: "Megasoft", externalId: "CUST-1", metadata: { tier: "gold" } };
  const cleared: OrganizationPatch = { externalId: null, metadata: {} };
  const written = { display_name: "Megasoft", external_id: "CUST-1", metadata: { tier: "gold" } };

  test.each<[string, Dialect, OrganizationPatch, string[], unknown, unknown]>([
    ["values", "plain", everything, [], written, {}],
    ["values", "mask", everything, [], written, { update_mask: "display_name,external_id,metadata" }],
    ["values", "null", everything, [], written, {}],
    ["one field", "plain", { displayName: "Megasoft" }, [], { display_name: "Megasoft" }, {}],
    ["one field", "mask", { displayName: "M" }, [], { display_name: "M" }, { update_mask: "display_name" }],
    ["nothing", "plain", {}, [], {}, {}],
    ["clearing", "plain", cleared, ["tier"], { external_id: "", metadata: {} }, {}],
    ["clearing", "mask", cleared, ["tier"], { metadata: {} }, { update_mask: "external_id,metadata" }],
    ["clearing", "null", cleared, ["tier"], { external_id: null, metadata: { tier: null } }, {}],
    ["removing a key", "plain", { metadata: { plan: "a" } }, ["tier"], { metadata: { plan: "a" } }, {}],
    ["removing a key", "null", { metadata: { plan: "a" } }, ["tier"], { metadata: { plan: "a", tier: null } }, {}],
  ])("%s in %s", (_, dialect, patch, goners, body, query) => {
    expect(encodePatch(patch, dialect, goners)).toEqual({ body, query });
  });
});

describe("other requests", () => {
  test("a creation holds what is declared and nothing else", () => {
    expect(encodeCreate({ displayName: "Megasoft" })).toEqual({ display_name: "Megasoft" });
    expect(encodeCreate({ displayName: "Megasoft", externalId: "CUST-1", metadata: {} })).toEqual({
      display_name: "Megasoft",
      external_id: "CUST-1",
      metadata: {},
    });
  });

  test("a page is asked for by size, by token and by external ID", () => {
    expect(encodePageRequest({ size: 100, token: undefined, externalId: undefined })).toEqual({ page_size: "100" });
    expect(encodePageRequest({ size: 30, token: "t", externalId: "CUST 1" })).toEqual({
      page_size: "30",
      page_token: "t",
      external_id: "CUST 1",
    });
  });

  test("credentials go as a form, whatever characters they have", () => {
    expect(encodeTokenRequest("skc_1", "a&b=c d+é")).toBe(
      "grant_type=client_credentials&client_id=skc_1&client_secret=a%26b%3Dc+d%2B%C3%A9",
    );
  });
});

/** Beside the checkout, or beside the folder of its worktrees; it is no part of the product. */
const [document = ""] = ["../..", "../../.."]
  .map((up) => resolve(import.meta.dirname, up, "shared/openapi-organizations.json"))
  .filter(existsSync);

describe.skipIf(document === "")("by the official OpenAPI document", () => {
  const { components, paths } = document === "" ? {} : JSON.parse(readFileSync(document, "utf8"));
  /** The named schema with what it refers to, closed to fields that it does not name. */
  const schemaOf = (name: string) =>
    z.fromJSONSchema(
      JSON.parse(
        JSON.stringify({
          ...components.schemas[name],
          additionalProperties: false,
          $defs: components.schemas,
        }).replaceAll("#/components/schemas/", "#/$defs/"),
      ),
    );

  test("a creation is one", () => {
    const args = { displayName: "Megasoft", externalId: "CUST-1", metadata: { tier: "gold" } };
    expect(schemaOf("v1organizationsCreateOrganization").safeParse(encodeCreate(args)).error).toBeUndefined();
  });

  test.each<Dialect>(["plain", "mask"])("a patch in %s is one", (dialect) => {
    const schema = schemaOf("v1organizationsUpdateOrganization");
    for (const patch of [{ displayName: "M", externalId: "C", metadata: { tier: "gold" } }, { externalId: null }]) {
      expect(schema.safeParse(encodePatch(patch, dialect, []).body).error).toBeUndefined();
    }
  });

  test("the fixtures are what it promises, and so is what is read", () => {
    const { organization } = fixture("organization") as { organization: object };
    expect(schemaOf("organizationsOrganization").safeParse(organization).error).toBeUndefined();
    const known = Object.keys(components.schemas.organizationsOrganization.properties);
    expect(Object.keys(organizationCodec.encode(organizationCodec.decode(organization as never))).sort()).toEqual(
      known.sort(),
    );
  });

  test("the pages' parameters are its own", () => {
    const named = paths["/api/v1/organizations"].get.parameters.map(({ name }: { name: string }) => name);
    expect(named).toEqual(
      expect.arrayContaining(Object.keys(encodePageRequest({ size: 1, token: "t", externalId: "e" }))),
    );
  });
});
