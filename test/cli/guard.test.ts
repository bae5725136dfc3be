import { expect, test } from "vitest";
import { organizationType } from "../support/stack.ts";
import { workplace } from "../support/workplace.ts";

const urn = (name: string, type = organizationType) => `urn:pulumi:prod::billing::${type}::${name}`;

const step = (op: string, name: string, more: object = {}) => ({
  op,
  urn: urn(name),
  oldState: { type: organizationType, id: `org_${name}`, ...more },
});

/** As `pulumi preview --json` writes it. */
const preview = (steps: object[], more: object = {}) => JSON.stringify({ steps, changeSummary: {}, ...more });

test("deleted and replaced organizations are counted, each once, and nothing else", async () => {
  const { run, write } = await workplace();
  const bucket = { ...step("delete", "bucket"), oldState: { type: "aws:s3/bucket:Bucket", id: "bucket" } };
  const steps = [
    step("delete", "one"),
    step("create-replacement", "two"),
    step("replace", "two"),
    step("delete-replaced", "two"),
    step("same", "three"),
    step("update", "four"),
    { op: "create", urn: urn("five") },
    step("discard", "six"),
    bucket,
  ];
  await write("preview.json", preview(steps));
  const refused = await run("guard", "--preview", "preview.json", "--max-deletes", "1", "--json");
  expect(refused.code).toBe(2);
  expect(JSON.parse(refused.stdout)).toEqual({
    maxDeletes: 1,
    tooMany: true,
    removals: [
      { kind: "Organization", name: "one", id: "org_one", action: "delete", retained: false },
      { kind: "Organization", name: "two", id: "org_two", action: "replace", retained: false },
    ],
  });
  const passed = await run("guard", "--preview", "preview.json", "--max-deletes", "2");
  expect(passed.code).toBe(0);
  expect(passed.stdout).toMatch(/would delete or replace 2 organizations, as --max-deletes allows/);
  expect(passed.stdout).toMatch(/^ACTION +KIND +NAME +ID\ndelete +Organization +one +org_one$/m);
});

/** A step for something of another kind. */
const stepOf = (op: string, kind: string, name: string, id: string) => {
  const type = `pulumi-nodejs:dynamic/scalekit:${kind}`;
  return { op, urn: urn(name, type), oldState: { type, id } };
};

/** One of everything, two roles, and something of a package whose name is alike. */
const everything = preview([
  step("delete", "one"),
  stepOf("delete", "Permission", "write", "invoices:write"),
  stepOf("delete", "Role", "billing", "billing"),
  stepOf("replace", "Role", "sales", "sales"),
  stepOf("delete", "OrganizationRole", "auditor", "org_one/auditor"),
  stepOf("delete", "OrganizationDomain", "one.com", "org_one/dom_1"),
  stepOf("delete", "OrganizationApiClient", "robot", "org_one/m2morg_1"),
  stepOf("delete", "OrganizationSessionPolicy", "one", "org_one"),
  stepOf("delete", "OrganizationUserManagement", "one", "org_one"),
  stepOf("delete", "OrganizationFleet", "all", ""),
]);

test("every kind counts, and is reported", async () => {
  const { run, write } = await workplace();
  await write("preview.json", everything);
  const refused = await run("guard", "--preview", "preview.json", "--max-deletes", "8");
  expect(refused).toEqual({
    code: 2,
    stderr: "",
    stdout: `The update would delete or replace 9 resources (1 organization, 1 permission, 2 roles, 1 organization role, 1 domain, 1 api client, 1 session policy and 1 user management), more than the 8 that --max-deletes allows.
ACTION   KIND                        NAME     ID
delete   Organization                one      org_one
delete   Permission                  write    invoices:write
delete   Role                        billing  billing
replace  Role                        sales    sales
delete   OrganizationRole            auditor  org_one/auditor
delete   OrganizationDomain          one.com  org_one/dom_1
delete   OrganizationApiClient       robot    org_one/m2morg_1
delete   OrganizationSessionPolicy   one      org_one
delete   OrganizationUserManagement  one      org_one
`,
  });
  const passed = await run("guard", "--preview", "preview.json", "--max-deletes", "9", "--json");
  expect(passed.code).toBe(0);
  const { removals } = JSON.parse(passed.stdout);
  expect(removals).toHaveLength(9);
  expect(removals[3]).toEqual({ kind: "Role", name: "sales", id: "sales", action: "replace", retained: false });
});

test.each([
  [["--kind", "organizations"], ["Organization"]],
  [
    ["--kind", "roles", "--kind", "user-managements"],
    ["Role", "Role", "OrganizationUserManagement"],
  ],
  [
    ["--kind", "organization-roles", "api-clients"],
    ["OrganizationRole", "OrganizationApiClient"],
  ],
])("%j counts and tells no others", async (kinds, expected) => {
  const { run, write } = await workplace();
  await write("preview.json", everything);
  const guard = (max: number) =>
    run("guard", ...kinds, "--preview", "preview.json", "--json", "--max-deletes", String(max));
  const passed = await guard(expected.length);
  expect(passed.code).toBe(0);
  expect(JSON.parse(passed.stdout).removals.map(({ kind }: { kind: string }) => kind)).toEqual(expected);
  expect(await guard(expected.length - 1)).toMatchObject({ code: 2 });
});

test("--kind all is every kind, and none that there is not", async () => {
  const { run, write } = await workplace();
  await write("preview.json", everything);
  expect(await run("guard", "--kind", "all", "--preview", "preview.json", "--max-deletes", "8")).toMatchObject({
    code: 2,
  });
  const mistaken = await run("guard", "--kind", "buckets", "--preview", "preview.json", "--max-deletes", "9");
  expect(mistaken).toMatchObject({ code: 1, stdout: "" });
  expect(mistaken.stderr).toMatch(/Allowed choices are organizations, permissions, roles, .*user-managements, all/);
});

test("organizations that one resource has had are counted one by one", async () => {
  const { run, write } = await workplace();
  // An earlier run replaced it, and did not come to delete the one that was replaced.
  const earlier = { ...step("delete", "one"), oldState: { type: organizationType, id: "org_before" } };
  await write("preview.json", preview([step("delete", "one"), earlier]));
  const { code, stdout } = await run("guard", "--preview", "preview.json", "--max-deletes", "1");
  expect(code, stdout).toBe(2);
});

test("none may go unless it is said how many", async () => {
  const { run, runWith, write } = await workplace();
  await write("preview.json", preview([step("delete", "one")]));
  const { code, stdout } = await run("guard", "--preview", "preview.json");
  expect(code).toBe(2);
  expect(stdout).toContain("would delete or replace 1 organization, more than the 0");
  expect(await runWith(preview([step("same", "one")]), "guard", "--preview", "-")).toMatchObject({ code: 0 });
});

test("one that stays at Scalekit is reported, and not counted", async () => {
  const { run, write } = await workplace();
  await write("preview.json", preview([step("delete", "one", { retainOnDelete: true })]));
  const { code, stdout } = await run("guard", "--preview", "preview.json");
  expect(code).toBe(0);
  expect(stdout).toMatch(/would delete or replace 0 resources/);
  expect(stdout).toMatch(/leave at Scalekit +Organization +one/);
});

test("one that was only read, and that the program is to make now, is not lost", async () => {
  const { run, write } = await workplace();
  await write("preview.json", preview([step("replace", "one", { external: true })]));
  const { code, stdout } = await run("guard", "--preview", "preview.json");
  expect(code, stdout).toBe(0);
  expect(stdout).not.toContain("org_one");
});

test.each([
  ["{", /preview\.json is not a preview: give what `pulumi preview --json` writes/],
  ["{}", /is not a preview/],
  ["null", /is not a preview/],
  [
    preview([], { diagnostics: [{ severity: "error", message: "error: preview failed\n" }] }),
    /The preview in preview\.json failed, and may not name all that would change: preview failed/,
  ],
])("what tells nothing of the update fails the guard: %s", async (text, problem) => {
  const { run, write } = await workplace();
  await write("preview.json", text);
  const ended = await run("guard", "--preview", "preview.json", "--max-deletes", "9");
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(problem);
});

test.each(["-1", "1.5", "many", ""])("--max-deletes %s is no number", async (number) => {
  const { run } = await workplace();
  const ended = await run("guard", `--max-deletes=${number}`);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toContain("It must be a whole number, such as 5.");
});

test("what is given to the preview is not repeated where it fails, for it may hold a secret", async () => {
  const { run } = await workplace();
  const ended = await run("guard", "--", "--config", "scalekit:clientSecret=hush-hush");
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(/`pulumi preview --json` ended with/);
  expect(ended.stderr).not.toContain("hush-hush");
});

test.each([[["--stack", "dev"]], [["-s", "dev"]], [["-rsdev"]]])(
  "a second stack after the -- is refused, whichever of the two was meant: %j",
  async (more) => {
    const { run } = await workplace();
    const ended = await run("guard", "--stack", "prod", "--", ...more);
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain("There is a stack before the -- and another after it");
  },
);

test.each([
  ["--stack", "prod"],
  ["--", "--refresh"],
])("a preview that was saved takes no %s", async (...more) => {
  const { run, write } = await workplace();
  await write("preview.json", preview([]));
  const ended = await run("guard", "--preview", "preview.json", ...more);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toContain("--preview");
});

test("a file that is not there is named", async () => {
  const { run } = await workplace();
  const ended = await run("guard", "--preview", "nowhere.json");
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/Could not read the preview: .*nowhere\.json/);
});

/** What would be passed over if nothing but its own fields were looked at. */
const s3cret = "s3cret";
test.each<[string, unknown]>([
  ["steps[0].oldState", { op: "delete", urn: urn("one"), oldState: s3cret }],
  ["steps[0].oldState", { op: "delete", urn: urn("one"), oldState: [] }],
  ["steps[0].oldState", { op: "delete", urn: urn("one"), oldState: null }],
  ["steps[0].oldState.type", { op: "delete", urn: urn("one"), oldState: { id: "org_one" } }],
  ["steps[0].oldState.type", { op: "delete", urn: urn("one"), oldState: { type: [s3cret] } }],
  ["steps[0].oldState.id", step("delete", "one", { id: 5 })],
  ["steps[0].oldState.external", step("delete", "one", { external: "true" })],
  ["steps[0].oldState.retainOnDelete", step("delete", "one", { retainOnDelete: s3cret })],
  ["steps[0].oldState.inputs", step("delete", "one", { inputs: s3cret })],
  ["steps[0].newState", { op: "replace", urn: urn("one"), newState: s3cret }],
  ["steps[0].op", { urn: urn("one"), oldState: { type: organizationType } }],
  ["steps[0].op", { op: ["delete"], urn: urn("one") }],
  ["steps[0].urn", { op: "delete", urn: 5, oldState: { type: organizationType } }],
  ["steps[0]", s3cret],
  ["steps[0]", null],
])("a preview that is not as Pulumi writes it fails the guard, which says where: %s in %j", async (place, wrong) => {
  const { run, write } = await workplace();
  await write("preview.json", JSON.stringify({ steps: [wrong], duration: 1 }));
  expect(await run("guard", "--preview", "preview.json", "--max-deletes", "9")).toEqual({
    code: 1,
    stdout: "",
    stderr: `pulumi-scalekit: preview.json is not a preview (${place} is not as Pulumi writes it): give what \`pulumi preview --json\` writes.\n`,
  });
});

test.each([
  ["that does not say of what", { op: "delete", urn: urn("one") }],
  ["of a kind that nobody knows", step("vanish", "one")],
  [
    "of a kind that nobody knows, with what is to be",
    { op: "vanish", urn: urn("one"), newState: { type: organizationType } },
  ],
])("a step %s fails the guard", async (_, wrong) => {
  const { run, write } = await workplace();
  await write("preview.json", preview([wrong]));
  const ended = await run("guard", "--preview", "preview.json", "--max-deletes", "9");
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toContain(`The preview does not say what its step "${wrong.op}" would do with one`);
});

test("a step of a kind that nobody knows, of something else, is no matter", async () => {
  const { run, write } = await workplace();
  const bucket = { type: "aws:s3/bucket:Bucket", id: "bucket" };
  await write("preview.json", preview([{ op: "vanish", urn: urn("bucket", bucket.type), oldState: bucket }]));
  expect(await run("guard", "--preview", "preview.json")).toMatchObject({ code: 0 });
});

test("what is protected from deletion is reported before, with what to do", async () => {
  const { run, write } = await workplace();
  const displayName = "Megasoft";
  const steps = [
    step("delete", "one", { inputs: { displayName } }),
    step("delete", "two", { inputs: { displayName, deletionProtection: true } }),
    step("delete", "three", { inputs: { displayName, deletionProtection: false } }),
    step("delete", "four", { inputs: { displayName }, retainOnDelete: true }),
  ];
  await write("preview.json", preview(steps));
  const reported = await run("guard", "--preview", "preview.json", "--max-deletes", "9");
  expect(reported.code).toBe(0);
  expect(reported.stdout).toContain(
    "The update would fail: 2 of these are protected from deletion. To delete one, set",
  );
  expect(reported.stdout).toContain(
    "run `pulumi config set scalekit:deletionProtection false`, `pulumi up` and `pulumi destroy`",
  );
  const { stdout } = await run("guard", "--preview", "preview.json", "--max-deletes", "9", "--json");
  const names = JSON.parse(stdout).removals.filter((one: { isProtected?: true }) => one.isProtected);
  expect(names).toMatchObject([{ name: "one" }, { name: "two" }]);
});
