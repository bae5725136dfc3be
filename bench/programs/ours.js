const { Organization } = require("pulumi-scalekit");
for (const [name, args] of Object.entries(require("./organizations.json"))) new Organization(name, args);
