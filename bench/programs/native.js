const { Organization } = require("pulumi-scalekit/native");
for (const [name, args] of Object.entries(require("./organizations.json"))) new Organization(name, args);
