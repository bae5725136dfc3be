// What the creates themselves take: one token, and as many requests at once as the provider sends by default.
import { readFile } from "node:fs/promises";
import { Agent, request } from "undici";

const { SCALEKIT_ENVIRONMENT_URL: url, SCALEKIT_CLIENT_ID: id, SCALEKIT_CLIENT_SECRET: secret } = process.env;
const dispatcher = new Agent();

async function post(path, headers, body) {
  const answer = await request(`${url}${path}`, { method: "POST", headers, body, dispatcher });
  if (answer.statusCode > 299) throw new Error(`${path} was answered with ${answer.statusCode}`);
  return answer.body.json();
}

const form = new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: secret });
const { access_token } = await post(
  "/oauth/token",
  { "content-type": "application/x-www-form-urlencoded" },
  form.toString(),
);
const headers = { authorization: `Bearer ${access_token}`, "content-type": "application/json" };
const left = Object.values(JSON.parse(await readFile("organizations.json", "utf8"))).values();

async function work() {
  for (const { displayName, externalId, metadata } of left) {
    const body = JSON.stringify({ display_name: displayName, external_id: externalId, metadata });
    await post("/api/v1/organizations", headers, body);
  }
}
await Promise.all(Array.from({ length: 10 }, work));
await dispatcher.close();
