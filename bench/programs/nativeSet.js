const { OrganizationSet } = require("pulumi-scalekit/native");
new OrganizationSet("customers", { file: "tenants.csv" });
