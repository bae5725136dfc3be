// The provider that a tutorial would have you write, as what the benchmark compares with: correct on a good day, every
// call for itself, and its code in the state of each resource.
const pulumi = require("@pulumi/pulumi");

class NaiveProvider {
  async call(method, path, body) {
    const { SCALEKIT_ENVIRONMENT_URL: url, SCALEKIT_CLIENT_ID: id, SCALEKIT_CLIENT_SECRET: secret } = process.env;
    const form = new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: secret });
    const { access_token } = await (await fetch(`${url}/oauth/token`, { method: "POST", body: form })).json();
    const answer = await fetch(`${url}/api/v1/organizations${path}`, {
      method,
      headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()).organization;
  }
  toWire(inputs) {
    return { display_name: inputs.displayName, external_id: inputs.externalId, metadata: inputs.metadata };
  }
  toOutputs(organization) {
    return {
      displayName: organization.display_name,
      externalId: organization.external_id,
      metadata: organization.metadata,
      createTime: organization.create_time,
      updateTime: organization.update_time,
    };
  }
  async create(inputs) {
    const organization = await this.call("POST", "", this.toWire(inputs));
    return { id: organization.id, outs: this.toOutputs(organization) };
  }
  async read(id) {
    return { id, props: this.toOutputs(await this.call("GET", `/${id}`)) };
  }
  async update(id, _olds, news) {
    return { outs: this.toOutputs(await this.call("PATCH", `/${id}`, this.toWire(news))) };
  }
  async delete(id) {
    await this.call("DELETE", `/${id}`);
  }
}

const provider = new NaiveProvider();
class Organization extends pulumi.dynamic.Resource {
  constructor(name, args) {
    super(provider, name, { createTime: undefined, updateTime: undefined, ...args });
  }
}
for (const [name, args] of Object.entries(require("./organizations.json"))) new Organization(name, args);
