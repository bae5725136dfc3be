import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test } from "vitest";
import { Organization } from "../src/index.ts";

const registered: pulumi.runtime.MockResourceArgs[] = [];

beforeEach(async () => {
  registered.length = 0;
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      registered.push(args);
      return { id: args.id || "org_1", state: { ...args.inputs, regionCode: "US" } };
    },
    call: () => ({}),
  });
});

const known = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => void output.apply(resolve));

test("registers under a type of its own, with the provider as one require", async () => {
  const megasoft = new Organization("megasoft", { displayName: pulumi.output("Megasoft"), metadata: { tier: "gold" } });
  expect(await known(megasoft.id)).toBe("org_1");
  expect(await known(megasoft.regionCode)).toBe("US");
  expect(registered).toMatchObject([
    {
      type: "pulumi-nodejs:dynamic/scalekit:Organization",
      name: "megasoft",
      inputs: {
        displayName: "Megasoft",
        metadata: { tier: "gold" },
        __provider: 'exports.handler=()=>require("pulumi-scalekit/provider")',
      },
    },
  ]);
});

test("leaves the caller's arguments as they are", () => {
  const args = Object.freeze({ displayName: "Megasoft" });
  new Organization("megasoft", args);
  expect(args).toEqual({ displayName: "Megasoft" });
});

test("knows its own kind", () => {
  expect(Organization.isInstance(new Organization("megasoft", { displayName: "Megasoft" }))).toBe(true);
  expect(Organization.isInstance({ __pulumiType: Organization.__pulumiType })).toBe(false);
  expect(Organization.isInstance(undefined)).toBe(false);
});

test("get reads by id and declares nothing", async () => {
  const found = Organization.get("found", "org_7");
  expect(await known(found.id)).toBe("org_7");
  expect(Object.keys(registered.find(({ name }) => name === "found")?.inputs ?? {})).toEqual(["__provider"]);
});
