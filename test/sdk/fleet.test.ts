import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Organization, OrganizationFleet, type OrganizationFleetArgs, type Tenant } from "../../src/index.ts";

const registered: pulumi.runtime.MockResourceArgs[] = [];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-fleet-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  registered.length = 0;
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      registered.push(args);
      return { id: args.id || `org_${args.name}`, state: args.inputs };
    },
    call: () => ({}),
  });
});

// A registration that is under way would end in the next test's mocks.
afterEach(() => pulumi.runtime.disconnect());

const known = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => void output.apply(resolve));

/** A file in the test's folder. */
async function fileOf(name: string, content: string | Buffer): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

/** The inputs of each organization of a fleet, by resource name, once all are registered. */
async function organizationsOf(args: OrganizationFleetArgs): Promise<Record<string, unknown>> {
  await known(new OrganizationFleet("customers", args).ids);
  const organizations = registered.filter(({ type }) => type === "pulumi-nodejs:dynamic/scalekit:Organization");
  return Object.fromEntries(
    organizations.map(({ name, inputs: { __provider: _, ...inputs } }) => [name, inputs] as const),
  );
}

const organizationsIn = async (name: string, content: string | Buffer) =>
  organizationsOf({ file: await fileOf(name, content) });

/** What a fleet says is wrong with it, a line for each problem, without the folder. Nothing may be registered then. */
function problemsOf(args: OrganizationFleetArgs): string[] {
  try {
    new OrganizationFleet("customers", args);
  } catch (error) {
    expect(registered).toEqual([]);
    expect(error).toMatchObject({ name: "ConfigurationError" });
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    const [title, ...lines] = (error as Error).message.replaceAll(`${folder}/`, "").split("\n  ");
    const count = lines.length === 1 ? "a problem" : `${lines.length} problems`;
    expect(title).toBe(`The fleet customers has ${count}, and none of its organizations is declared:`);
    return lines;
  }
  throw new Error("the fleet has no problem");
}

const problemsIn = async (name: string, content: string | Buffer) => problemsOf({ file: await fileOf(name, content) });

const megasoft = { externalId: "CUST-1", displayName: "Megasoft", metadata: { tier: "gold" } };
const initech = { externalId: "CUST-2", displayName: "Initech" };
const both = { "CUST-1": megasoft, "CUST-2": initech };

describe("the tenants come", () => {
  test.each([
    ["tenants.csv", "externalId,displayName,metadata.tier\nCUST-1,Megasoft,gold\nCUST-2,Initech,\n"],
    ["tenants.json", JSON.stringify([megasoft, initech], null, 2)],
    [
      "tenants.yaml",
      "- externalId: CUST-1\n  displayName: Megasoft\n  metadata: { tier: gold }\n- externalId: CUST-2\n  displayName: Initech\n",
    ],
    [
      "TENANTS.YML",
      "[{ externalId: CUST-1, displayName: Megasoft, metadata: { tier: gold } },\n{ externalId: CUST-2, displayName: Initech }]",
    ],
  ])("from %s", async (name, content) => {
    expect(await organizationsIn(name, content)).toEqual(both);
  });

  test("from the program", async () => {
    expect(await organizationsOf({ tenants: [megasoft, initech] })).toEqual(both);
  });

  test("as organizations and ids by external ID, under a component of a type of its own", async () => {
    const fleet = new OrganizationFleet("customers", { tenants: [megasoft, initech] });
    expect(await known(fleet.ids)).toEqual({ "CUST-1": "org_CUST-1", "CUST-2": "org_CUST-2" });
    expect(await known(pulumi.output(fleet.organizations["CUST-2"]?.displayName))).toBe("Initech");
    expect(registered[0]).toMatchObject({ type: "scalekit:index:OrganizationFleet", name: "customers" });
    expect(await known(pulumi.output(fleet.organizations["CUST-1"]?.urn))).toContain(
      "scalekit:index:OrganizationFleet$pulumi-nodejs:dynamic/scalekit:Organization::CUST-1",
    );
  });

  test("with any external ID, also one that every JavaScript object has a property for", async () => {
    const tenants = ["constructor", "__proto__", "valueOf"].map((externalId) => ({ externalId, displayName: "Odd" }));
    const { ids, organizations } = new OrganizationFleet("customers", { tenants });
    expect(new Map(Object.entries(await known(ids)))).toEqual(
      new Map(tenants.map(({ externalId }) => [externalId, `org_${externalId}`])),
    );
    expect(Object.keys(organizations)).toEqual(tenants.map(({ externalId }) => externalId));
  });

  test("as none, if the program says so", async () => {
    expect(await organizationsOf({ tenants: [] })).toEqual({});
  });
});

describe("a CSV file", () => {
  test.each([
    ["with a byte order mark", "\uFEFFexternalId,displayName\nCUST-2,Initech\n"],
    ["with Windows' line ends", "externalId,displayName\r\nCUST-2,Initech\r\n"],
    ["with a semicolon, as spreadsheets write it in much of Europe", "externalId;displayName\nCUST-2;Initech\n"],
    ["with tabs", "externalId\tdisplayName\nCUST-2\tInitech"],
    ["with its columns in another order", "displayName,externalId\nInitech,CUST-2\n"],
    ["with spaces around its cells", "externalId, displayName\nCUST-2, Initech \n"],
    ["with rows that are empty", "\nexternalId,displayName\n\nCUST-2,Initech\n,\n\n"],
    ["with everything in quotes", '"externalId","displayName"\n"CUST-2","Initech"\n'],
  ])("%s", async (_, content) => {
    expect(await organizationsIn("tenants.csv", content)).toEqual({ "CUST-2": initech });
  });

  test("holds commas, quotes and lines in quotes, and dots in the keys of metadata", async () => {
    const content =
      'externalId,displayName,metadata.cost.center\nCUST-1,"Smith, ""Jones"" & Co\nLtd",\nCUST-2, " Initech",42\n';
    expect(await organizationsIn("tenants.csv", content)).toEqual({
      "CUST-1": { externalId: "CUST-1", displayName: 'Smith, "Jones" & Co\nLtd' },
      "CUST-2": { externalId: "CUST-2", displayName: " Initech", metadata: { "cost.center": "42" } },
    });
  });

  test("has its problems reported by the lines on which rows begin, whatever their cells hold", async () => {
    const rows = [
      "CUST-1,Megasoft,",
      '"CUST-2","Ini\r\ntech",',
      "",
      "CUST-3,,gold",
      "CUST-1,Again,",
      `CUST-4,${"x".repeat(201)},`,
    ];
    expect(await problemsIn("tenants.csv", ["externalId,displayName,metadata.tier", ...rows].join("\r\n"))).toEqual([
      "tenants.csv:6: displayName must be a string, not missing",
      "tenants.csv:7: externalId is the same as that of tenants.csv:2",
      "tenants.csv:8: displayName must be 1 to 200 characters long; it has 201",
    ]);
  });

  test("may name each tenant's slug, logo and features", async () => {
    const header = "externalId,displayName,slug,logoUrl,features.sso,features.dirSync";
    const content = `${header}\nCUST-1,Megasoft,megasoft,https://a.example/1,TRUE,\nCUST-2,Initech,,,,\n`;
    expect(await organizationsIn("tenants.csv", content)).toEqual({
      "CUST-1": {
        externalId: "CUST-1",
        displayName: "Megasoft",
        slug: "megasoft",
        logoUrl: "https://a.example/1",
        features: { sso: true },
      },
      "CUST-2": initech,
    });
  });

  test("has what is wrong with those reported", async () => {
    const header = "externalId,displayName,slug,features.sso,features.dir_sync";
    expect(await problemsIn("tenants.csv", `${header}\nCUST-1,Megasoft,M,yes,\n`)).toEqual([
      "tenants.csv:1: features.dir_sync is not a feature; the features are sso, dirSync, domainVerification, sessionPolicy; did you mean dirSync?",
      expect.stringContaining("tenants.csv:2: slug must be lower-case letters"),
      "tenants.csv:2: features.sso must be true or false, not a string",
    ]);
  });

  test("may say for each tenant how it is managed", async () => {
    const header = "externalId,displayName,deletionProtection,metadataOwnership";
    expect(await organizationsIn("tenants.csv", `${header}\nCUST-1,true,FALSE,declared\nCUST-2,Initech,,\n`)).toEqual({
      "CUST-1": { externalId: "CUST-1", displayName: "true", deletionProtection: false, metadataOwnership: "declared" },
      "CUST-2": initech,
    });
  });

  test("has nothing but true and false taken for a flag", async () => {
    const header = "externalId,displayName,deletionProtection,metadataOwnership";
    expect(await problemsIn("tenants.csv", `${header}\nCUST-1,Megasoft,no,some\n`)).toEqual([
      'tenants.csv:2: metadataOwnership must be "all" or "declared"',
      "tenants.csv:2: deletionProtection must be true or false, not a string",
    ]);
  });

  test("has its columns checked once, not in each row", async () => {
    const header = "external_id,displayName,displayName,metdata.tier,plan,metadata.ab,metadata.__proto__,metadata,";
    const row = "1,2,3,4,5,6,7,8,9";
    const columns =
      "displayName, externalId, slug, logoUrl, metadataOwnership, deletionProtection, adopt, metadata.KEY and features.NAME";
    const which = `is none of the columns ${columns}; did you mean`;
    expect(await problemsIn("tenants.csv", `${header}\n${row}\n${row}\n`)).toEqual([
      "tenants.csv:1: the header has no column externalId",
      `tenants.csv:1: external_id ${which} externalId?`,
      "tenants.csv:1: the column displayName appears twice",
      `tenants.csv:1: metdata.tier ${which} metadata.tier?`,
      `tenants.csv:1: plan ${which} metadata.plan?`,
      "tenants.csv:1: metadata.ab its key must be 3 to 25 characters long; it has 2",
      'tenants.csv:1: metadata.__proto__ must not have the key "__proto__", which a Pulumi program cannot hold',
      `tenants.csv:1: metadata ${which} metadata.KEY?`,
      "tenants.csv:1: column 9 has no name",
    ]);
  });

  test("has its rows checked though a column is wrong, if they can be distinguished", async () => {
    expect(await problemsIn("tenants.csv", "externalId,displayName,plan\nCUST-1,,gold\n")).toEqual([
      expect.stringContaining("tenants.csv:1: plan is none of the columns"),
      "tenants.csv:2: displayName must be a string, not missing",
    ]);
  });

  test.each([
    ["a semicolon", "sep=;\nexternalId;displayName\nCUST-2;Initech\n"],
    [
      "one in quotes, after an empty line, with Windows' line ends",
      '\r\n"SEP=;"\r\nexternalId;displayName\r\nCUST-2;Initech\r\n',
    ],
    ["a tab", "sep=\t\nexternalId\tdisplayName\nCUST-2\tInitech\n"],
    ["a character that no other file has", "sep=|\nexternalId|displayName\nCUST-2|Initech\n"],
  ])("has a first line that says the delimiter, as Excel writes it: %s", async (_, content) => {
    expect(await organizationsIn("tenants.csv", content)).toEqual({ "CUST-2": initech });
  });

  test("keeps its lines' numbers when the first says the delimiter", async () => {
    expect(await problemsIn("tenants.csv", "sep=;\nexternalId;displayName\nCUST-1;\n")).toEqual([
      "tenants.csv:3: displayName must be a string, not missing",
    ]);
  });

  test.each([
    ['externalId;displayName;"metadata.City, state"\nCUST-1;Megasoft;x\n', "City, state"],
    ["externalId;displayName;metadata.City, state, zip\nCUST-1;Megasoft;x\n", "City, state, zip"],
    ['"metadata.City, ""state""";externalId;displayName\nx;CUST-1;Megasoft\n', 'City, "state"'],
    ["externalId,displayName,metadata.City; state; zip\nCUST-1,Megasoft,x\n", "City; state; zip"],
    ["externalId\tdisplayName\tmetadata.City, state; zip\nCUST-1\tMegasoft\tx\n", "City, state; zip"],
  ])("has its delimiter known by the whole header: %j", async (content, key) => {
    expect(await organizationsIn("tenants.csv", content)).toEqual({
      "CUST-1": { externalId: "CUST-1", displayName: "Megasoft", metadata: { [key]: "x" } },
    });
  });

  test.each([
    [";", "a semicolon"],
    ["\t", "a tab"],
  ])("has the delimiter that was found named with a row that it does not fit: %j", async (delimiter, name) => {
    const rows = [["externalId", "displayName"], ["CUST-1", "Megasoft", "Inc"], ["CUST-2, Initech"]];
    expect(await problemsIn("tenants.csv", rows.map((row) => row.join(delimiter)).join("\n"))).toEqual([
      `tenants.csv:2: has 3 cells, and the header has 2; a cell with ${name} in it must be in quotes`,
      `tenants.csv:3: has 1 cell, and the header has 2; the delimiter is ${name} here`,
    ]);
  });

  test.each(["externalId|displayName\nCUST-1|Megasoft\n", "sep=,\nexternalId;displayName\nCUST-1;Megasoft\n"])(
    "whose header nothing divides is refused with what could: %j",
    async (content) => {
      expect(await problemsIn("tenants.csv", content)).toEqual([
        expect.stringMatching(
          /^tenants.csv:\d: the header is a single column: commas, semicolons and tabs divide columns/,
        ),
      ]);
    },
  );

  test("has a row with too many or too few cells distinguished from the others", async () => {
    expect(await problemsIn("tenants.csv", "externalId,displayName\nCUST-1,Megasoft, Inc\nCUST-2\nCUST-3,\n")).toEqual([
      "tenants.csv:2: has 3 cells, and the header has 2; a cell with a comma in it must be in quotes",
      "tenants.csv:3: has 1 cell, and the header has 2",
      "tenants.csv:4: displayName must be a string, not missing",
    ]);
  });

  test.each([
    [
      'CUST-2,"Initech" GmbH\nCUST-3,Hooli\n',
      "a quote is inside a cell: put the whole cell in quotes, and double those inside it",
    ],
    [
      'CUST-2,Initech "Ini"\nCUST-3,\n',
      "a quote is inside a cell: put the whole cell in quotes, and double those inside it",
    ],
    ['CUST-2,"Initech\nCUST-3,Hooli\n', "a quote is opened and never closed"],
  ])("with a quote out of place is refused as such, besides what stands before: %j", async (rest, reason) => {
    expect(await problemsIn("tenants.csv", `externalId,displayName\nCUST-1,\n${rest}`)).toEqual([
      "tenants.csv:2: displayName must be a string, not missing",
      `tenants.csv:3: ${reason}`,
    ]);
  });
});

describe("a YAML or JSON file", () => {
  test("may share values by anchors", async () => {
    const content =
      "- { externalId: CUST-1, displayName: Megasoft, metadata: &gold { tier: gold } }\n- { externalId: CUST-2, displayName: Initech, metadata: *gold }\n";
    expect(await organizationsIn("tenants.yaml", content)).toMatchObject({ "CUST-2": { metadata: { tier: "gold" } } });
  });

  test("may merge objects into others, whose own keys win", async () => {
    const content = `
- &base
  externalId: CUST-1
  displayName: Megasoft
  metadata: &gold { tier: gold, plan: annual }
- <<: *base
  externalId: CUST-2
- { <<: *base, externalId: CUST-3, metadata: { <<: [*gold, { region: eu, tier: none }], plan: monthly } }
`;
    expect(await organizationsIn("tenants.yaml", content)).toEqual({
      "CUST-1": { externalId: "CUST-1", displayName: "Megasoft", metadata: { tier: "gold", plan: "annual" } },
      "CUST-2": { externalId: "CUST-2", displayName: "Megasoft", metadata: { tier: "gold", plan: "annual" } },
      "CUST-3": {
        externalId: "CUST-3",
        displayName: "Megasoft",
        metadata: { tier: "gold", region: "eu", plan: "monthly" },
      },
    });
  });

  test.each([
    ["a text", "- { <<: base }\n"],
    ["nothing", "- <<:\n  externalId: CUST-1\n"],
    ["texts", "- { metadata: { <<: [base] } }\n"],
  ])("cannot merge %s", async (_, content) => {
    expect(await problemsIn("tenants.yaml", content)).toEqual([
      "tenants.yaml:1: << takes an object or a list of objects, whose keys it adds, such as <<: *base",
    ]);
  });

  test("has a merge key in quotes taken for any other key, as in JSON", async () => {
    expect(await problemsIn("tenants.json", JSON.stringify([{ ...megasoft, metadata: { "<<": "x" } }]))).toEqual([
      'tenants.json:1: metadata["<<"] its key must be 3 to 25 characters long; it has 2',
    ]);
  });

  test("of aliases that stand for ever more aliases is refused, and not taken apart", async () => {
    const more = Array.from({ length: 12 }, (_, n) => `- &a${n + 1} [${Array(9).fill(`*a${n}`)}]\n`);
    expect(await problemsIn("tenants.yaml", `- &a0 [x]\n${more.join("")}`)).toEqual([
      expect.stringMatching(
        /^tenants.yaml:\d: the aliases up to here expand to more than 2000000 values; write fewer$/,
      ),
    ]);
  });

  test("whose alias is used inside its own anchor is refused", async () => {
    const content = "- &a { externalId: CUST-1, displayName: Megasoft, metadata: *a }\n";
    expect(await problemsIn("tenants.yaml", content)).toEqual([
      "tenants.yaml:1: the alias a is used inside its own anchor",
    ]);
  });

  test.each([
    ["too deep to look into", `- ${"[".repeat(30_000)}${"]".repeat(30_000)}\n`, /nests objects or lists too deeply/],
    ["a template that was not filled in", "- { externalId: CUST-1, displayName: {{ name }} }\n", /a key is an object/],
  ])("that is %s is refused as such", async (_, content, problem) => {
    expect(await problemsIn("tenants.yaml", content)).toEqual([expect.stringMatching(problem)]);
  });

  test.each(["- a\ns3cret\n", "- a: |s3cret\n    b\n", "- a: 'x' s3cret\n", "- s3cret\nfoo: s3cret\n"])(
    "that is no YAML has nothing of it repeated: %j",
    async (content) => {
      expect((await problemsIn("tenants.yaml", content)).join("\n")).not.toContain("s3cret");
    },
  );

  test("has values that YAML takes for numbers and booleans reported, and how to write them", async () => {
    const content =
      "- externalId: 007\n  displayName: true\n  metadata:\n    seats: 50\n    plan: no\n-\n  externalId: CUST-2\n  displayName:\n  metadata:\n";
    expect(await problemsIn("tenants.yaml", content)).toEqual([
      "tenants.yaml:1: displayName must be a string, not a boolean: put it in quotes",
      "tenants.yaml:1: externalId must be a string, not a number: put it in quotes",
      "tenants.yaml:1: metadata.seats must be a string, not a number: put it in quotes",
      "tenants.yaml:7: displayName must be a string, not null",
      "tenants.yaml:7: metadata must be an object of strings, not null",
    ]);
  });

  test("has each bad row reported by its line", async () => {
    const rows = [megasoft, { ...initech, external_id: "x" }, "CUST-3", { displayName: "Hooli" }, { ...megasoft }];
    const content = `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]`;
    expect(await problemsIn("tenants.json", content)).toEqual([
      expect.stringMatching(
        /^tenants.json:3: external_id is not an argument of Organization.* did you mean externalId\?$/,
      ),
      "tenants.json:4: must be an object with externalId, displayName and perhaps metadata",
      "tenants.json:5: externalId is missing: the resource is named after it",
      "tenants.json:6: externalId is the same as that of tenants.json:2",
    ]);
  });

  test.each([
    [
      "a key that appears twice",
      "- externalId: CUST-1\n  displayName: a\n  displayName: b\n",
      ["tenants.yaml:3: a key appears twice in one object"],
    ],
    [
      "a colon outside quotes",
      "- externalId: CUST-1\n  displayName: Acme: The Company\n",
      ["tenants.yaml:2: a value with a colon in it must be in quotes"],
    ],
    [
      "two documents",
      "- a\n---\n- b\n",
      ["tenants.yaml:2: a second document begins here; all tenants must be in one list"],
    ],
    ["an object in place of a list", "CUST-1:\n  displayName: Megasoft\n", ["tenants.yaml: must be a list of tenants"]],
    [
      "an alias without its anchor",
      "- a: b\n- *gold\n",
      expect.arrayContaining(["tenants.yaml:2: Unresolved alias (the anchor must be set before the alias): gold"]),
    ],
    ["a tag", "- !tenant {}\n", ["tenants.yaml:1: Unresolved tag: !tenant"]],
    ["a quote that is never closed", '- externalId: "CUST-1\n', ['tenants.yaml:2: Missing closing "quote']],
  ])("has %s reported", async (_, content, expected) => {
    expect(await problemsIn("tenants.yaml", content)).toEqual(expected);
  });
});

describe("a file", () => {
  test.each(["tenants.csv", "tenants.json", "tenants.yaml"])(
    "%s that holds no tenants is an accident",
    async (name) => {
      const empty = { "tenants.csv": "externalId,displayName\n", "tenants.json": "[]", "tenants.yaml": "# none\n" }[
        name
      ];
      expect(await problemsIn(name, empty ?? "")).toEqual([`${name}: holds no tenants`]);
      expect(await problemsIn(name, "")).toEqual([`${name}: holds no tenants`]);
    },
  );

  test("that does not exist is reported, with where it was looked for", () => {
    expect(problemsOf({ file: "no/such.csv" })).toEqual([
      `no/such.csv: does not exist; a relative path begins at ${process.cwd()}`,
    ]);
  });

  test("of another format is refused with those there are", async () => {
    expect(await problemsIn("tenants.xlsx", "PK")).toEqual([
      "tenants.xlsx: has no known format; its name must end in one of .csv, .json, .yaml, .yml",
    ]);
  });

  test.each([
    ["Windows-1252", Buffer.from("externalId,displayName\nCUST-1,M\xfcller\n", "latin1")],
    ["UTF-16 that was cut", Buffer.from("\uFEFFexternalId,displayName\nCUST-1,Müller\n", "utf16le").subarray(0, -1)],
  ])("in %s is refused with how to save it", async (_, content) => {
    expect(await problemsIn("tenants.csv", content)).toEqual([
      "tenants.csv: is not UTF-8; save it as “CSV UTF-8” in the spreadsheet",
    ]);
  });

  test.each([
    ["UTF-16 with a mark", Buffer.from("\uFEFFexternalId,displayName\r\nCUST-1,Müller\r\n", "utf16le")],
    ["UTF-16 without one", Buffer.from("externalId,displayName\nCUST-1,Müller\n", "utf16le")],
    ["UTF-16, the high byte first", Buffer.from("\uFEFFexternalId,displayName\nCUST-1,Müller\n", "utf16le").swap16()],
    ["UTF-8 with a mark", Buffer.from("\uFEFFexternalId,displayName\nCUST-1,Müller\n")],
  ])("in %s is read", async (_, content) => {
    expect(await organizationsIn("tenants.csv", content)).toEqual({
      "CUST-1": { externalId: "CUST-1", displayName: "Müller" },
    });
  });

  test("that is too large is not read", async () => {
    expect(await problemsIn("tenants.csv", Buffer.alloc(10_400_000, "x"))).toEqual([
      "tenants.csv: has 10.4 MB; a fleet's file may have 10 MB",
    ]);
  });
});

describe("what all tenants share", () => {
  test("may be features, each of which a tenant may have otherwise", async () => {
    const tenants: Tenant[] = [
      { externalId: "CUST-1", displayName: "Megasoft", features: { sso: false } },
      { externalId: "CUST-2", displayName: "Initech" },
    ];
    expect(await organizationsOf({ tenants, features: { sso: true, dirSync: true } })).toMatchObject({
      "CUST-1": { features: { sso: false, dirSync: true } },
      "CUST-2": { features: { sso: true, dirSync: true } },
    });
  });

  test("holds for each of them, except where its own word stands", async () => {
    const tenants = [megasoft, { ...initech, metadata: { owner: "sales" } }];
    expect(await organizationsOf({ tenants, metadata: { tier: "silver", source: "crm" } })).toEqual({
      "CUST-1": { ...megasoft, metadata: { tier: "gold", source: "crm" } },
      "CUST-2": { ...initech, metadata: { tier: "silver", source: "crm", owner: "sales" } },
    });
  });

  test("counts in each tenant's limits", async () => {
    const metadata = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`key_${n}`, "value"]));
    expect(problemsOf({ tenants: [megasoft, initech], metadata })).toEqual([
      "tenants[0]: metadata must have at most 10 pairs; it has 11",
    ]);
  });

  test("is what manages an organization, too", async () => {
    const tenants = [megasoft, { ...initech, adopt: false, deletionProtection: undefined }];
    const made = await organizationsOf({
      tenants,
      adopt: true,
      deletionProtection: false,
      metadataOwnership: "declared",
    });
    const managed = { deletionProtection: false, metadataOwnership: "declared" };
    expect(made).toMatchObject({ "CUST-1": { ...managed, adopt: true }, "CUST-2": { ...managed, adopt: false } });
  });

  test("stands where a tenant has undefined", async () => {
    const tier = undefined as unknown as string;
    const tenants = [
      { ...megasoft, metadata: { tier } },
      { ...initech, metadata: pulumi.output({ tier }) },
      { externalId: "CUST-3", displayName: "Hooli", features: { sso: undefined } },
    ];
    expect(await organizationsOf({ tenants, metadata: { tier: "silver" }, features: { sso: true } })).toMatchObject({
      "CUST-1": { metadata: { tier: "silver" } },
      "CUST-2": { metadata: { tier: "silver" } },
      "CUST-3": { features: { sso: true } },
    });
  });

  test("is itself checked, once", () => {
    const tenants = [megasoft, { ...initech, displayName: "" }];
    const adopt = "yes" as unknown as boolean;
    expect(problemsOf({ tenants, adopt, metadata: { tier: "", ab: "x" } })).toEqual([
      "metadata.tier must be 1 to 256 characters long; it has 0",
      "metadata.ab its key must be 3 to 25 characters long; it has 2",
      "adopt must be true or false, not a string",
      "tenants[1]: displayName must be 1 to 200 characters long; it has 0",
    ]);
  });
});

describe("outputs and secrets", () => {
  test("may be names and metadata, which the engine then gets as what they are", async () => {
    const tenants = [
      { externalId: "CUST-1", displayName: pulumi.secret("Megasoft"), metadata: { tier: Promise.resolve("gold") } },
      { externalId: "CUST-2", displayName: "Initech", metadata: pulumi.output({ tier: pulumi.secret("iron") }) },
    ];
    const made = await organizationsOf({ tenants, metadata: { tier: "silver", source: "crm" } });
    expect(made["CUST-1"]).toMatchObject({
      displayName: { value: "Megasoft" },
      metadata: { tier: "gold", source: "crm" },
    });
    expect(made["CUST-2"]).toMatchObject({ metadata: { value: { tier: "iron", source: "crm" } } });
  });

  test("are checked where they are known, and are never shown", () => {
    const tenants = [
      {
        externalId: "CUST-1",
        displayName: pulumi.secret(""),
        metadata: { account: pulumi.secret("s3cret"), ab: "s3cret" },
      },
    ];
    expect(problemsOf({ tenants })).toEqual([
      "tenants[0]: metadata.ab its key must be 3 to 25 characters long; it has 2",
    ]);
  });

  test("cannot be external IDs", () => {
    const tenants = [{ ...megasoft, externalId: pulumi.output("CUST-1") as unknown as string }];
    expect(problemsOf({ tenants })).toEqual([
      "tenants[0]: externalId must be a plain string: the resource is named after it",
    ]);
  });
});

test("undefined is as good as left out, wherever it stands, as in an Organization", async () => {
  const plan = undefined as unknown as string;
  const metadata = { tier: "gold", plan };
  const tenants = [{ ...megasoft, slug: undefined, metadata, features: { sso: undefined } }];
  const made = await organizationsOf({ tenants, logoUrl: undefined, features: undefined, metadata: { plan } });
  await known(new Organization("alone", { displayName: "Megasoft", metadata }).urn);
  const alone = registered.find(({ name }) => name === "alone")?.inputs;
  expect(made["CUST-1"]).toMatchObject({ metadata: { tier: "gold" } });
  expect(Object.keys((made["CUST-1"] as { metadata: object }).metadata)).toEqual(["tier"]);
  expect(alone.metadata).toEqual({ tier: "gold" });
});

test("a pair that is undefined does not count", async () => {
  const metadata = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`key_${n}`, n > 0 ? "value" : undefined]));
  await organizationsOf({ tenants: [{ ...initech, metadata: metadata as Record<string, string> }] });
});

describe("mistakes that a program without types can make", () => {
  test.each([{}, { file: "tenants.csv", tenants: [] }])("neither a file nor a list, or both: %o", (args) => {
    expect(problemsOf(args as OrganizationFleetArgs)).toEqual([
      expect.stringMatching(/^(the list|tenants.csv): give either file or tenants, not both$/),
    ]);
  });

  test("things in the list that are no tenants", () => {
    const tenants = [null, "CUST-1", [megasoft]] as unknown as Tenant[];
    expect(problemsOf({ tenants })).toHaveLength(3);
  });

  test("aliases for a tenant that is not there", () => {
    expect(problemsOf({ tenants: [megasoft], aliases: { "CUST-1": [], "CUST-l": [] } })).toEqual([
      'aliases["CUST-l"] belongs to no tenant',
    ]);
    expect(problemsOf({ file: "no/such.csv", aliases: { "CUST-1": [] } })).toHaveLength(1);
  });
});

describe("the name of a tenant's resource", () => {
  test.each([
    ["CUST-12345-MGSFT", "CUST-12345-MGSFT"],
    ["acme/eu::west$1", "acme%2Feu%3A%3Awest%241"],
    ["Müller 株式会社", "Müller%20株式会社"],
    ["100%", "100%25"],
    ["*", "%2A"],
    ["🏢", "%F0%9F%8F%A2"],
    ["a\nb", "a%0Ab"],
    ["__proto__", "__proto__"],
  ])("of %j is %j", (externalId, name) => {
    expect(OrganizationFleet.resourceName(externalId)).toBe(name);
  });

  test("can be turned back into the external ID, so that no two tenants share one", () => {
    for (let point = 0; point <= 0x10ffff; point += point < 0x3000 ? 1 : 61) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const externalId = `A${String.fromCodePoint(point)}%41`;
      const name = OrganizationFleet.resourceName(externalId);
      if (decodeURIComponent(name) !== externalId || /[:$/*?\s]/.test(name))
        expect.fail(`U+${point.toString(16)}: ${name}`);
    }
  });
});
