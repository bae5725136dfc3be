"""Two customers, the roles of their users, and an API client."""

import pulumi
import pulumi_scalekit as scalekit

# Roles that users of every organization can have, beside those that every environment has.
write = scalekit.Permission("write-invoices", name="invoices:write", description="Write and send invoices")
billing = scalekit.Role(
    "billing-admin",
    name="billing_admin",
    display_name="Billing",
    permissions=[write.name],
)
member = scalekit.get_role(name="member")

megasoft = scalekit.Organization(
    "megasoft",
    display_name="Megasoft Inc",
    external_id="CUST-12345-MGSFT",
    metadata={"tier": "gold"},
    features=scalekit.OrganizationFeaturesArgs(sso=True),
)
scalekit.OrganizationDomain(
    "megasoft.com",
    organization_id=megasoft.id,
    domain="megasoft.com",
    domain_type=scalekit.OrganizationDomainType.ORGANIZATION_DOMAIN,
)
scalekit.OrganizationSessionPolicy(
    "megasoft",
    organization_id=megasoft.id,
    absolute_session_timeout=12 * 60,
    idle_session_timeout=30,
)
robot = scalekit.OrganizationApiClient("robot", organization_id=megasoft.id, name="Robot", rotation="2026-11")

acme = scalekit.Organization("acme", display_name="Acme Corp", external_id="CUST-67890-ACME")

pulumi.export("organizationIds", [megasoft.id, acme.id])
pulumi.export("roles", [billing.name, member.name])
pulumi.export("robotSecret", robot.client_secret)
