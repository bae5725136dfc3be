// The same organizations with alchemy, as its documentation would have a resource written.
import { readFile } from "node:fs/promises";
import alchemy, { Resource } from "alchemy";

const { SCALEKIT_ENVIRONMENT_URL: url, SCALEKIT_CLIENT_ID: id, SCALEKIT_CLIENT_SECRET: secret } = process.env;

async function call(method, path, headers, body) {
  const answer = await fetch(`${url}${path}`, { method, headers, body });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}

let token;
async function api(method, path, body) {
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: secret });
  token ??= call("POST", "/oauth/token", {}, form);
  const authorization = `Bearer ${(await token).access_token}`;
  const headers = { authorization, "content-type": "application/json" };
  return call(method, `/api/v1/organizations${path}`, headers, body && JSON.stringify(body));
}

const Organization = Resource("scalekit::Organization", async function (_, { displayName, externalId, metadata }) {
  const body = { display_name: displayName, external_id: externalId, metadata };
  if (this.phase === "delete") {
    await api("DELETE", `/${this.output.id}`);
    return this.destroy();
  }
  const { organization } =
    this.phase === "update" ? await api("PATCH", `/${this.output.id}`, body) : await api("POST", "", body);
  return { displayName, externalId, metadata, id: organization.id };
});

const app = await alchemy("bench", { phase: process.argv.includes("--destroy") ? "destroy" : "up", quiet: true });
const declared = Object.entries(JSON.parse(await readFile("organizations.json", "utf8")));
await Promise.all(declared.map(([name, args]) => Organization(name, args)));
await app.finalize();
