import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { isSetting } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";

const root = resolve(import.meta.dirname, "../..");

/** What an editor shows of a program that has the package as it is installed: TypeScript's own answers. */
function editorOf(source: string) {
  // A name of its own, since what is known of a file is shared.
  const file = join(root, "test", "types", `hovered-${editors++}.ts`);
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    types: ["node"],
  };
  const service = ts.createLanguageService(
    {
      getCompilationSettings: () => options,
      getScriptFileNames: () => [file],
      getScriptVersion: () => "1",
      getScriptSnapshot: (name) => {
        const text = name === file ? source : ts.sys.readFile(name);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => root,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (name) => name === file || ts.sys.fileExists(name),
      readFile: (name) => (name === file ? source : ts.sys.readFile(name)),
      directoryExists: ts.sys.directoryExists,
    },
    documents,
  );
  return {
    /** All that is shown over the first `text`, its comments too. */
    hover(text: string): string {
      const info = service.getQuickInfoAtPosition(file, source.indexOf(text));
      const tags = (info?.tags ?? []).map(({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`);
      return [ts.displayPartsToString(info?.displayParts), ts.displayPartsToString(info?.documentation), ...tags].join(
        "\n",
      );
    },
    /** What is wrong, with the places that each message points to. */
    problems: (): string[] =>
      service.getSemanticDiagnostics(file).map(({ messageText, relatedInformation = [] }) => {
        const all = [messageText, ...relatedInformation.map((related) => related.messageText)];
        return all.map((one) => ts.flattenDiagnosticMessageText(one, "\n")).join("\n");
      }),
  };
}
const documents = ts.createDocumentRegistry();
let editors = 0;

/** What nobody can read, and what a user knows nothing of. */
const machinery = /Simplify|ZodType|Declarations|Optionals|Definition|LookUp|FoundOf|OutputsOf|typeof |import\(/;

/** A program that names everything of a kind, and gets each argument wrong. */
function programOf(name: string, entry: string): string {
  return `import { ${[name, ...lookUpsOf(name)].join(", ")} } from "${entry}";
const made = new ${name}("made", { nonsense: 1 });
${lookUpsOf(name)
  .map((get) => `const by_${get} = ${get}(7);`)
  .join("\n")}
${name}.get("a", "b");
if (${name}.isInstance(made)) made;
`;
}

function lookUpsOf(name: string): string[] {
  const { api } = definitions[name as keyof typeof definitions];
  if (isSetting(api)) return api.readable ? [`get${name}`, `get${name}Output`] : [];
  return ["", "Output", "s", "sOutput"].map((end) => `get${name}${end}`);
}

const entries = ["pulumi-scalekit", "pulumi-scalekit/native"];

describe.each(Object.keys(definitions).flatMap((name) => entries.map((entry) => [name, entry] as const)))(
  "of %s from %s",
  (name, entry) => {
    const editor = editorOf(programOf(name, entry));

    test("the constructor shows its arguments by one name", () => {
      const shown = editor.hover(`${name}("made"`);
      expect(shown).toContain(`new ${name}(name: string, args: ${name}Args, opts?: CustomResourceOptions`);
      expect(shown).not.toMatch(machinery);
      expect(shown.length).toBeLessThan(1000);
    });

    test("a wrong argument is reported by the name of the arguments", () => {
      const [problem] = editor.problems();
      expect(problem).toMatch(new RegExp(`'nonsense' does not exist in type '${name}Args'`));
      for (const each of editor.problems()) expect(each).not.toMatch(machinery);
    });

    test("get and isInstance show the class", () => {
      expect(editor.hover(`get("a"`)).toMatch(new RegExp(`${name}\\.get\\(name: string, .*\\): ${name}\\n`));
      expect(editor.hover("isInstance(")).toContain(`isInstance(value: unknown): value is ${name}`);
    });

    test.each(lookUpsOf(name))("%s shows what it takes and what it gives", (get) => {
      const shown = editor.hover(`${get}(7)`);
      expect(shown).not.toMatch(machinery);
      expect(shown).toContain(`Get${name}Result`);
      expect(shown).toMatch(/Reads|@link/);
      expect(shown.split("\n")[0]?.length).toBeLessThan(200);
      expect(editor.hover(`by_${get}`)).not.toMatch(machinery);
    });
  },
);

const hovered = editorOf(readFileSync(join(root, "test", "types", "hovered.ts"), "utf8"));
test.each([
  ["displayName: ", "RoleArgs.displayName: Input<string>", "The name people see. 1 to 100 characters."],
  ["extends: ", "RoleArgs.extends?: Input<string>", "Once declared, it cannot be removed"],
  ["permissions: ", "RoleArgs.permissions?: Input<readonly Input<string>[]>", "At most 100, each 1 to 64 characters"],
  ["adopt: ", "RoleArgs.adopt?: Input<boolean>", "the same `name`", "@default false"],
  ["roleId", "roleId: Output<string | undefined>", "Scalekit's own id of the role."],
  ["expiry: ", "OrganizationApiClientArgs.expiry?: Input<number>", "Seconds", "1 to 2147483647", "@default 3600"],
  ["rotation: ", "OrganizationApiClientArgs.rotation?", "1 to 256 characters", "A change replaces the resource."],
  ["customClaims: ", "Record<string, Input<string>>", "Keys of 1 to 128 characters, values of at most 1024"],
  ["clientSecret", "clientSecret: Output<string>", "Pulumi keeps it as a secret."],
  ["domainType: ", 'Input<"ORGANIZATION_DOMAIN" | "ALLOWED_EMAIL_DOMAIN">', "single sign-on"],
  ["absoluteSessionTimeout: ", "Input<number>", "Minutes after which", "1 to 5256000"],
  ["permissions })", "permissions: readonly string[] | undefined", "The names of the permissions"],
  ['id: "org_1/', "(property) id: string", "What Pulumi calls it by, `org_…/DOMAIN_ID`."],
])("over %j an editor shows its type, comment, limits and default", (text, ...parts) => {
  // Comments are wrapped.
  const shown = hovered.hover(text).replaceAll("\n", " ");
  for (const part of parts) expect(shown).toContain(part);
  expect(shown).not.toMatch(machinery);
});

test.each(entries)("organizations of %s are shown alike", (entry) => {
  const editor =
    editorOf(`import { Organization, getOrganization, getOrganizationOutput, getOrganizations, getOrganizationsOutput } from "${entry}";
new Organization("a", { nonsense: 1 });
getOrganization(7); getOrganizationOutput(7); getOrganizations(7); getOrganizationsOutput(7);
`);
  expect(editor.hover('Organization("a"')).toContain("new Organization(name: string, args: OrganizationArgs, opts?:");
  for (const [get, args, result] of [
    ["getOrganization", "GetOrganizationArgs", "Promise<GetOrganizationResult>"],
    ["getOrganizationOutput", "GetOrganizationOutputArgs", "Output<GetOrganizationResult>"],
    ["getOrganizations", "GetOrganizationsArgs", "Promise<GetOrganizationResult[]>"],
    ["getOrganizationsOutput", "GetOrganizationsOutputArgs", "Output<GetOrganizationResult[]>"],
  ]) {
    expect(editor.hover(`${get}(7)`)).toMatch(new RegExp(`args\\??: ${args}`));
    expect(editor.hover(`${get}(7)`)).toContain(result);
  }
  expect(editor.problems()[0]).toContain("'nonsense' does not exist in type 'OrganizationArgs'");
  for (const each of editor.problems()) expect(each).not.toMatch(machinery);
});

describe.each(entries)("a set of %s", (entry) => {
  const editor = editorOf(`import { OrganizationSet } from "${entry}";
const made = new OrganizationSet("made", { file: "tenants.csv", nonsense: 1 });
const listed = new OrganizationSet("listed", { tenants: [{ externalId: "CUST-1", displayName: "One", formerExternalId: "X" }] });
made.idOf("CUST-1");
made.ids;
made.count;
`);

  test("shows its arguments by one name, with an example", () => {
    const shown = editor.hover('OrganizationSet("made"');
    expect(shown).toContain(
      "new OrganizationSet(name: string, args: OrganizationSetArgs, opts?: CustomResourceOptions",
    );
    expect(shown).not.toMatch(machinery);
    expect(shown.length).toBeLessThan(1000);
  });

  test.each([
    ['file: "', "file: string", "A relative path begins at the program's working directory."],
    ["tenants: [", "tenants: readonly SetTenant[]", "may be outputs, and secret"],
    ["externalId: ", "externalId: string"],
    ["formerExternalId: ", "formerExternalId?: string", "The external ID that the organization had before"],
    ["idOf(", "idOf(externalId: string): Output<ID>", "Fails if the set has none."],
    ["ids;", "ids: Output<Record<string, string>>", "by external ID"],
    ["count;", "count: OutputInstance<number>", "How many organizations the set holds."],
  ])("shows %s with its comment", (text, ...parts) => {
    const shown = editor.hover(text);
    expect(shown).not.toMatch(machinery);
    for (const part of parts) expect(shown).toContain(part);
  });

  test("names what is wrong", () => {
    expect(editor.problems()).toEqual([expect.stringContaining("'nonsense' does not exist in type")]);
  });
});
