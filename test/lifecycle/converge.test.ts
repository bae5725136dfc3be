import { describe, expect, test } from "vitest";
import type { Live } from "../../src/api/codec.ts";
import type { Definition } from "../../src/definitions/definition.ts";
import { organization } from "../../src/definitions/organization.ts";
import { role } from "../../src/definitions/role.ts";
import { isRemoval, type Wants, wantedValue } from "../../src/definitions/want.ts";
import { ApiError } from "../../src/errors.ts";
import { convergerOf } from "../../src/lifecycle/converge.ts";

const noAnswer = { code: undefined, grpcCode: 3, reason: "not like this", requestId: "req_1", violations: [] };
const refusal = (status = 400) =>
  new ApiError({ what: "update it", method: "PATCH", path: "/x" }, { ...noAnswer, status });

/** What a server does with a request, once it is asked. Nothing means that it does as it is asked. */
type Ruling = (names: readonly string[], way: string, wants: Wants) => Error | "ignore" | "gone" | undefined;

/** A server with one object. It writes down each request: the fields and the dialect, or the endpoint. */
function server(definition: Definition, object: Omit<Live, "id">, rule: Ruling = () => undefined) {
  let live: Live = { id: "org_1", ...object };
  const asked: string[] = [];
  const waits: number[] = [];

  function apply(names: readonly string[], way: string, wants: Wants): Live | undefined {
    asked.push(`${names.join("+")} ${way}`);
    const ruling = rule(names, way, wants);
    if (ruling instanceof Error) throw ruling;
    if (ruling === "gone") return undefined;
    if (ruling !== "ignore") {
      const now = names.map((name) => [name, wantedValue(definition.fields[name], wants[name] ?? {}, live[name])]);
      live = { ...live, ...Object.fromEntries(now) };
    }
    return live;
  }

  const converge = convergerOf(
    definition,
    {
      get: async () => {
        asked.push("get");
        return live;
      },
      update: async (_, wants, way = "plain") => apply(Object.keys(wants), way, wants),
      updateField: async (_, name, want) => apply([name], "endpoint", { [name]: want }),
      removeEntry: async (_, entry) => {
        asked.push(`remove ${entry}`);
        const left = (live["permissions"] as string[]).filter((one) => one !== entry);
        live = { ...live, permissions: left };
      },
    },
    { sleep: async (milliseconds) => void waits.push(milliseconds), serverNow: () => 0 },
  );
  const seen: Live[] = [];
  return {
    asked,
    /** Without the reads. */
    written: () => asked.filter((one) => one !== "get"),
    waits,
    seen,
    live: () => live,
    reach: (wants: Wants, isFresh?: boolean) => converge(wants, live, (answer) => void seen.push(answer), isFresh),
    from: (known: Live, wants: Wants) => converge(wants, known, (answer) => void seen.push(answer)),
  };
}

const removing = ([name = ""]: readonly string[], wants: Wants) => isRemoval(wants[name] ?? {}, "x");

describe("an organization", () => {
  test("that is as wanted is asked for nothing", async () => {
    const { reach, asked, seen } = server(organization, { displayName: "A", slug: "a" });
    await reach({ displayName: { set: "A" } });
    expect([asked, seen]).toEqual([[], []]);
  });

  test("gets all fields in one request, and features after them by their own endpoint", async () => {
    const { reach, asked, seen, live } = server(organization, { displayName: "A" });
    const wants = { features: { set: { sso: true } }, displayName: { set: "B" }, slug: { set: "b" } };
    expect(await reach(wants, true)).toMatchObject({ displayName: "B", slug: "b", features: { sso: true } });
    expect(asked).toEqual(["displayName+slug plain", "features endpoint"]);
    expect(seen.at(-1)).toEqual(live());
    expect(seen).toHaveLength(2);
  });

  test("has its features read before they are set, unless an answer of this run has shown them", async () => {
    const before = server(organization, { displayName: "A", features: { sso: false } });
    await before.reach({ features: { set: { sso: true } } });
    expect(before.asked).toEqual(["get", "features endpoint"]);
    const shown = server(organization, { displayName: "A", features: { sso: false } });
    await shown.reach({ displayName: { set: "B" }, features: { set: { sso: true } } });
    expect(shown.asked).toEqual(["displayName plain", "features endpoint"]);
    const leftOut = server(organization, { displayName: "A" });
    await leftOut.reach({ displayName: { set: "B" }, features: { set: { sso: true } } });
    expect(leftOut.asked).toEqual(["displayName plain", "get", "features endpoint"]);
  });

  test("is cleared in one dialect after the other, where success alone proves nothing", async () => {
    const plainDoesNot = server(organization, { slug: "a" }, (_, way) => (way === "plain" ? "ignore" : undefined));
    expect((await plainDoesNot.reach({ slug: { unset: true } }))["slug"]).toBeUndefined();
    expect(plainDoesNot.written()).toEqual(["slug plain", "slug mask"]);
    const nullAlone = server(organization, { slug: "a" }, (_, way) => (way === "null" ? undefined : refusal()));
    await nullAlone.reach({ slug: { unset: true } });
    expect(nullAlone.asked).toEqual(["slug plain", "slug mask", "slug null"]);
  });

  test("is asked in the dialect that worked for that field, the next time", async () => {
    const { reach, written } = server(organization, { slug: "a" }, (names, way, wants) =>
      removing(names, wants) && way !== "mask" ? "ignore" : undefined,
    );
    await reach({ slug: { unset: true } });
    await reach({ slug: { set: "b" } });
    await reach({ slug: { unset: true } });
    expect(written()).toEqual(["slug plain", "slug mask", "slug plain", "slug mask"]);
  });

  test("has each field tried by itself where several are refused together, and then gets all others", async () => {
    const { reach, asked, live } = server(
      organization,
      { displayName: "A", slug: "a", logoUrl: "https://a" },
      (names, way) => (names.includes("slug") && way !== "null" ? refusal() : undefined),
    );
    const wants = { displayName: { set: "B" }, slug: { unset: true }, logoUrl: { unset: true } } as const;
    await reach(wants);
    expect(live()).toMatchObject({ displayName: "B", slug: undefined, logoUrl: undefined });
    expect(asked).toEqual([
      "displayName+slug+logoUrl plain",
      "displayName plain",
      "slug plain",
      "slug mask",
      "slug null",
      "logoUrl plain",
    ]);
  });

  test("fails at once where nothing is to be cleared, or where no dialect would help", async () => {
    for (const [wants, status] of [
      [{ displayName: { set: "B" } }, 400],
      [{ slug: { unset: true } }, 403],
      [{ slug: { unset: true } }, 429],
    ] as const) {
      const { reach, asked } = server(organization, { displayName: "A", slug: "a" }, () => refusal(status));
      await expect(reach(wants)).rejects.toThrow(`answered ${status}`);
      expect(asked).toHaveLength(1);
    }
    for (const status of [400, 409, 422, 501]) {
      const { reach, asked } = server(organization, { slug: "a" }, (_, way) =>
        way === "null" ? undefined : refusal(status),
      );
      await reach({ slug: { unset: true } });
      expect(asked).toHaveLength(3);
    }
  });

  test("that keeps another value says so, and how to go on", async () => {
    const rewritten = server(organization, { displayName: "A" }, () => "ignore");
    await expect(rewritten.reach({ displayName: { set: "B" } })).rejects.toThrow(
      "Organization org_1 is not what the program declares: Scalekit answered with success and has another value for displayName. " +
        "Declare the value as Scalekit keeps it, which `pulumi refresh` shows.",
    );
    expect(rewritten.written()).toEqual(["displayName plain"]);
    const stuck = server(organization, { slug: "a", logoUrl: "https://a" }, () => "ignore");
    await expect(stuck.reach({ slug: { unset: true }, logoUrl: { unset: true } })).rejects.toThrow(
      "Scalekit answered with success and did not clear slug and logoUrl. Declare the value that it has, or clear it in " +
        "Scalekit's dashboard and run `pulumi refresh`.",
    );
  });

  test("that refuses every dialect says why in the server's words, where nothing was accepted", async () => {
    const { reach, seen } = server(organization, { slug: "a" }, () => refusal());
    const error = await reach({ slug: { unset: true } }).catch((one: Error) => one);
    expect(error).toMatchObject({
      message: expect.stringMatching(/declares: Scalekit did not clear slug\. Could not update it: .*not like this/),
      cause: { message: expect.stringContaining("answered 400") },
    });
    expect(seen).toEqual([]);
    const partly = server(organization, { displayName: "A", slug: "a" }, (names) =>
      names.includes("slug") ? refusal() : undefined,
    );
    await expect(partly.reach({ displayName: { set: "B" }, slug: { unset: true } })).rejects.toThrow(
      /Scalekit answered with success and did not clear slug\. Declare/,
    );
    expect(partly.seen).toHaveLength(1);
  });

  test("that may have taken what it refused is not called refused", async () => {
    const unsure = new ApiError({ what: "update it", method: "PATCH", path: "/x" }, { ...noAnswer, status: 501 }, {
      attempts: 2,
      milliseconds: 10,
      unsure: true,
    } as never);
    const { reach } = server(organization, { slug: "a" }, () => unsure);
    const ended = await reach({ slug: { unset: true } }).catch((error: unknown) => error);
    if (unsure.mayHaveActed) expect(ended).toBe(unsure);
    else expect(ended).toMatchObject({ cause: { message: unsure.message } });
  });

  test("that was made a moment ago may be missing three times, and one that was not is gone at once", async () => {
    const fresh = { displayName: "A", createTime: "1970-01-01T00:00:00Z" };
    const missing = (times: number) => {
      let left = times;
      return server(organization, fresh, () => (left-- > 0 ? "gone" : undefined));
    };
    const late = missing(3);
    await late.reach({ displayName: { set: "B" } });
    expect(late.written()).toHaveLength(4);
    const tooLate = missing(4);
    const gone =
      "Organization org_1 no longer exists at Scalekit. Run `pulumi refresh` to remove it from the state, then `pulumi up` to create it again.";
    await expect(tooLate.reach({ displayName: { set: "B" } })).rejects.toThrow(gone);
    expect(tooLate.written()).toHaveLength(4);
    const old = server(organization, { displayName: "A" }, () => "gone");
    await expect(old.reach({ displayName: { set: "B" } })).rejects.toThrow(gone);
    expect(old.asked).toEqual(["displayName plain"]);
  });

  test("is read again where an answer lags behind the write, and only then", async () => {
    const known = { id: "org_1", displayName: "A", updateTime: "1970-01-01T00:00:00Z" };
    const lagging = server(organization, { displayName: "B", updateTime: "1970-01-01T00:00:01Z" }, () => "ignore");
    expect(await lagging.from(known, { displayName: { set: "B" } })).toMatchObject({ displayName: "B" });
    expect([lagging.asked, lagging.waits]).toEqual([["displayName plain"], []]);
    const stale = server(organization, { displayName: "A", updateTime: "1970-01-01T00:00:00Z" }, () => "ignore");
    await expect(stale.from(known, { displayName: { set: "B" } })).rejects.toThrow("has another value for displayName");
    expect(stale.waits.length).toBeGreaterThan(0);
    const rewritten = server(organization, { displayName: "C", updateTime: "1970-01-01T00:00:01Z" }, () => "ignore");
    await expect(rewritten.from(known, { displayName: { set: "B" } })).rejects.toThrow("has another value");
    expect(rewritten.waits).toEqual([]);
  });
});

describe("a role, whose list of permissions loses entries by an endpoint of their own", () => {
  const has = { displayName: "Admin", permissions: ["a", "b", "c"] };

  test("has them replaced where the server does that", async () => {
    const { reach, asked } = server(role, has);
    await reach({ permissions: { set: ["a"] } });
    expect(asked).toEqual(["permissions plain"]);
  });

  test("has those removed one by one that are not wanted, where it only adds", async () => {
    const { reach, written, live } = server(role, has, (_, way) => (way === "plain" ? "ignore" : undefined));
    await reach({ permissions: { set: ["a"] } });
    expect(live()["permissions"]).toEqual(["a"]);
    expect(written()).toEqual(["permissions plain", "remove b", "remove c"]);
  });

  test("has nothing removed where entries are only added", async () => {
    const { reach, written } = server(role, has, () => "ignore");
    await expect(reach({ permissions: { set: ["a", "b", "c", "d"] } })).rejects.toThrow(
      "has another value for permissions",
    );
    expect(written()).toEqual(["permissions plain"]);
  });

  test("says of a field that no request clears how to replace the role", async () => {
    const { reach } = server(role, { ...has, description: "Old" }, () => "ignore");
    await expect(reach({ description: { unset: true } })).rejects.toThrow(
      "did not clear description. Declare the value that it has, or replace it with `pulumi up --replace`.",
    );
  });
});
