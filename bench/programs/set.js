const { OrganizationSet } = require("pulumi-scalekit");
new OrganizationSet("customers", { file: "tenants.csv" });
