import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  encodePageNumber,
  encodePageRequest,
  encodeTokenRequest,
  errorAnswer,
  tokenAnswer,
} from "../../src/api/answers.ts";
import { codecOf } from "../../src/api/codec.ts";
import type { Definition, Dialect, Values } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import type { Organization } from "../../src/definitions/organization.ts";
import type { Wants } from "../../src/definitions/want.ts";
import { fixture } from "../support/fixtures.ts";

const codec = codecOf(definitions.Organization);
const answer = codec.answerOf(undefined);
const read = (what: unknown) => answer.parse(what);

const withoutUndefined = (value: object): unknown => JSON.parse(JSON.stringify(value));

describe("an organization, read", () => {
  test("has every documented field", () => {
    expect(read(fixture("organization"))).toEqual({
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
    expect(withoutUndefined(read(fixture("organization-bare")))).toEqual({
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
      expect(read({ organization: { ...bare.organization, [name]: null } })).toEqual(read(bare));
    },
  );

  test.each(["external_id", "slug", "logo_url"])('takes "" for no %s', (name) => {
    const bare = fixture("organization-bare") as { organization: object };
    expect(read({ organization: { ...bare.organization, [name]: "" } })).toEqual(read(bare));
  });

  test("has a name, be it an empty one", () => {
    expect(read({ organization: { id: "org_1", display_name: "" } })["displayName"]).toBe("");
  });

  test("may come with fields of later versions of the API", () => {
    const bare = fixture("organization-bare") as { organization: object };
    const later = { organization: { ...bare.organization, plan: { seats: 3 } }, warnings: [] };
    expect(read(later)).toEqual(read(bare));
  });

  test.each([
    ["no id", { id: undefined }],
    ["an empty id", { id: "" }],
    ["a number for a name", { display_name: 7 }],
    ["a list for metadata", { metadata: [] }],
    ["a number in metadata", { metadata: { seats: 3 } }],
    ["no name", { display_name: undefined }],
    ["a number for an external ID", { external_id: 7 }],
    ["a word for settings", { settings: "sso" }],
    ["a word for features", { settings: { features: "sso" } }],
    ["a feature that is none", { settings: { features: [null] } }],
    ["a word for on", { settings: { features: [{ name: "sso", enabled: "yes" }] } }],
  ])("is not one with %s", (_, changed) => {
    const { organization } = fixture("organization") as { organization: object };
    const { error } = answer.safeParse({ organization: { ...organization, ...changed } });
    const [name = ""] = Object.keys(changed);
    expect(error?.message).toContain(`organization.${name}`);
  });
});

describe("of every definition", () => {
  /** What the API has to show for one to be one: its id, and of an organization its name. */
  const least: Record<keyof typeof definitions, Values> = {
    Organization: { id: "org_1", display_name: "M" },
    Permission: { name: "invoices" },
    Role: { name: "clerk" },
    OrganizationRole: { name: "clerk" },
    OrganizationDomain: { id: "dom_1" },
    OrganizationApiClient: { client_id: "m2morg_1" },
    OrganizationConnection: { id: "conn_1" },
    OrganizationSessionPolicy: {},
    OrganizationUserManagement: {},
  };
  const cases = (Object.keys(least) as (keyof typeof definitions)[]).map((name) => {
    const definition: Definition = definitions[name];
    const owner = "organizationId" in definition.fields ? "org_1" : undefined;
    return [name, definition, owner, least[name]] as const;
  });
  const names = Object.keys(definitions);

  test("there is a row", () => {
    expect(Object.keys(least)).toEqual(names);
  });

  test.each(cases)(
    "%s: an answer with the least that there can be is one, alone and in a list",
    (_, one, owner, wire) => {
      const { answerOf, pageOf } = codecOf(one);
      const live = answerOf(owner).parse({ [one.api.one]: wire });
      expect(live.id).not.toBe("");
      if (!("many" in one.api)) return;
      const own = { is_org_role: one.api.listFilter?.["isOrgRole"], ...wire };
      const { items } = pageOf(owner).parse({ [one.api.many]: [own], next_page_token: "" });
      expect(items.map(({ live: listed }) => listed)).toEqual([live]);
      for (const [missing, path] of Object.keys(wire).map((key) => [key, `[0].${key} is missing`] as const)) {
        const { error } = pageOf(owner).safeParse({ [one.api.many]: [{ ...own, [missing]: undefined }] });
        expect(error?.message).toContain(path);
        const lenient = pageOf(owner, { isLenient: true }).parse({
          [one.api.many]: [{ ...own, [missing]: null }, own, 7],
        });
        expect(lenient.items).toHaveLength(1);
      }
    },
  );

  test.each(cases)("%s: no value of another type is taken", (_, one, owner, wire) => {
    const parse = (path: string[], value: unknown) => {
      const part = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
      return codecOf(one)
        .answerOf(owner)
        .safeParse({ [one.api.one]: { ...wire, ...(part as object) } });
    };
    const read = Object.entries({ ...one.fields, ...one.outputs }).filter(
      ([name, field]) =>
        name !== "organizationId" && !("providerOnly" in field && field.providerOnly) && !("createOnly" in field),
    );
    for (const [name, field] of read) {
      const path = (field.wire ?? name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)).split(".");
      const { error } = parse(path, { some: { thing: "s3cret" } });
      expect(error?.message, name).toContain(`${[one.api.one, ...path].join(".")} has another type than documented`);
      expect(error?.message, name).not.toContain("s3cret");
      for (const empty of [null, undefined]) {
        if (path[0] !== undefined && path[0] in wire) continue;
        expect(parse(path, empty).data?.[name] || undefined, name).toEqual(
          "rule" in field && field.rule.type === "map" ? {} : undefined,
        );
      }
    }
  });
});

test("an organization of any content comes back from the wire as it went", () => {
  const random = numbersFrom(42);
  for (let round = 0; round < 300; round++) {
    const organization = anyOrganization(random);
    const wire = JSON.parse(JSON.stringify(wireOf(organization)));
    expect(withoutUndefined(read({ organization: wire }))).toEqual(withoutUndefined(organization));
  }
});

/** As the API would show it, written out for itself. */
const wireOf = (one: Organization) => ({
  id: one.id,
  display_name: one.displayName,
  external_id: one.externalId,
  metadata: one.metadata,
  region_code: one.regionCode,
  create_time: one.createTime,
  update_time: one.updateTime,
  slug: one.slug,
  logo_url: one.logoUrl,
  settings: one.features && {
    features: Object.entries(one.features).map(([name, enabled]) => ({ name, enabled })),
  },
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
    const page = codec.pageOf(undefined);
    const { items, next } = page.parse(fixture("page"));
    expect(items.map(({ live }) => live.id)).toEqual(["org_64444217115541813"]);
    expect(next).toBe("<next_page_token>");
    expect(page.parse(fixture("last-page")).next).toBeUndefined();
    expect(() => page.parse({})).toThrow("it is not a page of organizations");
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
  const live = { metadata: { tier: "silver" } };
  const everything: Wants = {
    displayName: { set: "Megasoft" },
    externalId: { set: "CUST-1" },
    metadata: { set: { tier: "gold" }, unset: "others" },
  };
  const cleared: Wants = { externalId: { unset: true }, metadata: { set: {}, unset: "others" } };
  const removed: Wants = { metadata: { set: { plan: "a" }, unset: "others" } };
  const written = { display_name: "Megasoft", external_id: "CUST-1", metadata: { tier: "gold" } };
  const named: Wants = { displayName: { set: "M" } };

  test.each<[string, Dialect, Wants, unknown, unknown]>([
    ["values", "plain", everything, written, {}],
    ["values", "mask", everything, written, { update_mask: "display_name,external_id,metadata" }],
    ["values", "null", everything, written, {}],
    ["one field", "plain", named, { display_name: "M" }, {}],
    ["one field", "mask", named, { display_name: "M" }, { update_mask: "display_name" }],
    ["nothing", "plain", {}, {}, {}],
    ["clearing", "plain", cleared, { external_id: "", metadata: {} }, {}],
    ["clearing", "mask", cleared, { metadata: {} }, { update_mask: "external_id,metadata" }],
    ["clearing", "null", cleared, { external_id: null, metadata: { tier: null } }, {}],
    ["removing a key", "plain", removed, { metadata: { plan: "a" } }, {}],
    ["removing a key", "null", removed, { metadata: { plan: "a", tier: null } }, {}],
  ])("%s in %s", (_, dialect, wants, body, query) => {
    expect(codec.encodeUpdate(wants, live, dialect)).toEqual({ body, query });
  });

  test.each<[string, Wants, Dialect, unknown]>([
    ["stays", { metadata: { set: { plan: "a" } } }, "plain", { plan: "a", tier: "silver" }],
    ["stays where it is removed by null", { metadata: { set: { plan: "a" } } }, "null", { plan: "a", tier: "silver" }],
    ["goes where it was given up", { metadata: { set: { plan: "a" }, unset: ["tier"] } }, "plain", { plan: "a" }],
    ["is null where it was given up", { metadata: { unset: ["tier"] } }, "null", { tier: null }],
    ["goes with all of them", { metadata: { unset: true } }, "plain", {}],
    ["is null with all of them", { metadata: { unset: true } }, "null", { tier: null }],
  ])("a key that is not named %s", (_, wants, dialect, metadata) => {
    expect(codec.encodeUpdate(wants, live, dialect).body).toEqual({ metadata });
  });

  test("features are named as the API names them, with those that nobody changes, and unknown ones as they came", () => {
    const features = { dirSync: true, somethingNew: true, something_else: false };
    const { body } = codec.encodeUpdate({ features: { set: { sso: true, dirSync: false } } }, { features }, "plain");
    expect(body).toEqual({
      features: [
        { name: "dir_sync", enabled: false },
        { name: "somethingNew", enabled: true },
        { name: "something_else", enabled: false },
        { name: "sso", enabled: true },
      ],
    });
  });
});

describe("other requests", () => {
  test("a creation holds what is declared and nothing else", () => {
    expect(codec.encodeCreate({ displayName: "Megasoft" })).toEqual({ display_name: "Megasoft" });
    expect(codec.encodeCreate({ displayName: "Megasoft", externalId: "CUST-1", metadata: {} })).toEqual({
      display_name: "Megasoft",
      external_id: "CUST-1",
      metadata: {},
    });
  });

  test("a creation does not hold what only the provider knows, nor what an endpoint of its own sets", () => {
    const args = { displayName: "M", features: { sso: true }, deletionProtection: false, metadataOwnership: "all" };
    expect(codec.encodeCreate({ ...args, adopt: true, slug: undefined })).toEqual({ display_name: "M" });
  });

  test("a page is asked for by size and by token or number", () => {
    expect(encodePageRequest(100, undefined)).toEqual({ page_size: "100" });
    expect(encodePageRequest(30, "t")).toEqual({ page_size: "30", page_token: "t" });
    expect(encodePageNumber(30, "2")).toEqual({ page_size: "30", page_number: "2" });
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
    expect(schemaOf("v1organizationsCreateOrganization").safeParse(codec.encodeCreate(args)).error).toBeUndefined();
  });

  test.each<Dialect>(["plain", "mask"])("a patch in %s is one", (dialect) => {
    const schema = schemaOf("v1organizationsUpdateOrganization");
    const everything = { displayName: { set: "M" }, externalId: { set: "C" }, metadata: { set: { tier: "gold" } } };
    for (const wants of [everything, { externalId: { unset: true } }] satisfies Wants[]) {
      expect(schema.safeParse(codec.encodeUpdate(wants, {}, dialect).body).error).toBeUndefined();
    }
  });

  test("the fixtures are what it promises, and so is what is read", () => {
    const { organization } = fixture("organization") as { organization: object };
    expect(schemaOf("organizationsOrganization").safeParse(organization).error).toBeUndefined();
    // Each property that it knows is read: without it something else is, or nothing is.
    for (const name of Object.keys(components.schemas.organizationsOrganization.properties)) {
      expect(organization).toHaveProperty(name);
      const without = answer.safeParse({ organization: { ...organization, [name]: undefined } }).data;
      expect(without, name).not.toEqual(read({ organization }));
    }
    // And nothing is read that it does not know.
    const known = Object.keys(components.schemas.organizationsOrganization.properties);
    expect(Object.keys(wireOf(read({ organization }) as unknown as Organization)).sort()).toEqual(known.sort());
  });

  test("the pages' parameters are its own", () => {
    const named = paths["/api/v1/organizations"].get.parameters.map(({ name }: { name: string }) => name);
    const { find } = definitions.Organization.keys[0];
    expect(named).toEqual(expect.arrayContaining([...Object.keys(encodePageRequest(1, "t")), find.filter]));
    expect(paths).toHaveProperty([`${definitions.Organization.api.path}${find.path}`]);
  });
});
