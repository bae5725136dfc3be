// The engine's own floor: a provider that sends nothing and keeps no more of an organization than its arguments, as inputs
// and as outputs. Its text in the state is as short as that of pulumi-scalekit.
const pulumi = require("@pulumi/pulumi");

const provider = "require('empty-provider/Organization')(exports)";
class Organization extends pulumi.CustomResource {
  constructor(name, args) {
    super("pulumi-nodejs:dynamic/scalekit:Organization", name, { ...args, __provider: provider });
  }
}
for (const [name, args] of Object.entries(require("./organizations.json"))) new Organization(name, args);
