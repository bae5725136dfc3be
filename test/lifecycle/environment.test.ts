import { expect, test } from "vitest";
import { readEnvironment } from "../../src/config/settings.ts";
import { organization } from "../../src/definitions/organization.ts";
import { newEnvironment } from "../../src/lifecycle/environment.ts";
import { newLifecycle } from "../../src/lifecycle/lifecycle.ts";
import { notesIn, withNotes } from "../../src/lifecycle/state.ts";
import { begin, full } from "../support/lifecycle.ts";

/** An organization made in one environment, and the lifecycle of a run on another, where it is not found. */
async function moved(formerHost?: string) {
  const { client, lifecycle, emulator, writes } = await begin();
  const { journal } = lifecycle;
  const home = newLifecycle(organization, client, { journal, environment: { host: "acme.scalekit.com" } });
  const { id, outs } = await home.create({ ...full, deletionProtection: false });
  const away = newLifecycle(organization, client, { journal, environment: { host: "other.scalekit.com", formerHost } });
  return { emulator, writes, home, away, id, outs };
}

test("an organization of another environment is neither taken for gone nor changed nor deleted, and nothing is sent", async () => {
  const { emulator, away, id, outs } = await moved();
  expect(outs).toMatchObject({ __notes: { environment: "acme.scalekit.com" } });
  const before = emulator.requests.length;
  const message =
    /is in the environment acme\.scalekit\.com, and this run works on other\.scalekit\.com.*SCALEKIT_FORMER_HOST/;
  for (const call of [
    () => away.read(id, outs),
    () => away.update(id, outs, { ...full, displayName: "Renamed" }),
    () => away.remove(id, outs),
  ]) {
    await expect(call()).rejects.toThrow(message);
  }
  expect(emulator.requests.length).toBe(before);
});

test("an environment that has a new address is the same, and states learn it as they are refreshed", async () => {
  const { away, id, outs } = await moved("acme.scalekit.com");
  expect((await away.read(id, outs)).props).toMatchObject({ __notes: { environment: "other.scalekit.com" } });
  const { outs: state } = await away.update(id, outs, { ...full, displayName: "Renamed" });
  expect(state).toMatchObject({ __notes: { environment: "other.scalekit.com" } });
});

test("a state that says nothing of its environment is taken to be here, and a refresh alone does not change that", async () => {
  const { home, id, outs } = await moved();
  const imported = withNotes(outs, { environment: undefined });
  expect(notesIn((await home.read(id, imported)).props ?? {})).not.toHaveProperty("environment");
  expect((await home.update(id, imported, { ...full, displayName: "Renamed" })).outs).toMatchObject({
    __notes: { environment: "acme.scalekit.com" },
  });
});

test("an emulator, which has another port each time, is no environment of its own", () => {
  const config = { get: () => undefined };
  for (const url of ["http://127.0.0.1:8080", "http://emulator:8080"]) {
    expect(readEnvironment(url, config, {})).toEqual({ host: undefined, formerHost: undefined });
  }
  const variables = { SCALEKIT_FORMER_HOST: "old.scalekit.com" };
  expect(readEnvironment("https://acme.scalekit.com", config, variables)).toEqual({
    host: "acme.scalekit.com",
    formerHost: "old.scalekit.com",
  });
});

test("a state is here without a note, in the environment by either of its names, and everywhere on an emulator", () => {
  const environmentOf = (known: { host?: string; formerHost?: string }) => newEnvironment(known, (id) => `one ${id}`);
  const moved = environmentOf({ host: "new.scalekit.com", formerHost: "old.scalekit.com" });
  expect(moved.mark).toEqual({ environment: "new.scalekit.com" });
  for (const environment of [undefined, "new.scalekit.com", "old.scalekit.com"]) {
    expect(() => moved.requireHere("org_1", { environment })).not.toThrow();
  }
  expect(() => moved.requireHere("org_1", { environment: "other.scalekit.com" })).toThrow(
    "One org_1 is in the environment other.scalekit.com, and this run works on new.scalekit.com. Nothing was sent. ",
  );
  const emulator = environmentOf({ formerHost: "old.scalekit.com" });
  expect(emulator.mark).toEqual({});
  expect(() => emulator.requireHere("org_1", { environment: "other.scalekit.com" })).not.toThrow();
});
