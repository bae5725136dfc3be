// Two customers, the roles of their users, and an API client.
package main

import (
	"pulumi-scalekit/sdk/go/scalekit"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		// Roles that users of every organization can have, beside those that every environment has.
		write, err := scalekit.NewPermission(ctx, "write-invoices", &scalekit.PermissionArgs{
			Name:        pulumi.String("invoices:write"),
			Description: pulumi.String("Write and send invoices"),
		})
		if err != nil {
			return err
		}
		billing, err := scalekit.NewRole(ctx, "billing-admin", &scalekit.RoleArgs{
			Name:        pulumi.String("billing_admin"),
			DisplayName: pulumi.String("Billing"),
			Permissions: pulumi.StringArray{write.Name},
		})
		if err != nil {
			return err
		}
		member, err := scalekit.LookupRole(ctx, &scalekit.LookupRoleArgs{Name: pulumi.StringRef("member")})
		if err != nil {
			return err
		}

		megasoft, err := scalekit.NewOrganization(ctx, "megasoft", &scalekit.OrganizationArgs{
			DisplayName: pulumi.String("Megasoft Inc"),
			ExternalId:  pulumi.String("CUST-12345-MGSFT"),
			Metadata:    pulumi.StringMap{"tier": pulumi.String("gold")},
			Features:    &scalekit.OrganizationFeaturesArgs{Sso: pulumi.Bool(true)},
		})
		if err != nil {
			return err
		}
		_, err = scalekit.NewOrganizationDomain(ctx, "megasoft.com", &scalekit.OrganizationDomainArgs{
			OrganizationId: megasoft.ID(),
			Domain:         pulumi.String("megasoft.com"),
			DomainType:     scalekit.OrganizationDomainTypeOrganizationDomain,
		})
		if err != nil {
			return err
		}
		_, err = scalekit.NewOrganizationSessionPolicy(ctx, "megasoft", &scalekit.OrganizationSessionPolicyArgs{
			OrganizationId:         megasoft.ID(),
			AbsoluteSessionTimeout: pulumi.Int(12 * 60),
			IdleSessionTimeout:     pulumi.Int(30),
		})
		if err != nil {
			return err
		}
		robot, err := scalekit.NewOrganizationApiClient(ctx, "robot", &scalekit.OrganizationApiClientArgs{
			OrganizationId: megasoft.ID(),
			Name:           pulumi.String("Robot"),
			Rotation:       pulumi.String("2026-11"),
		})
		if err != nil {
			return err
		}

		acme, err := scalekit.NewOrganization(ctx, "acme", &scalekit.OrganizationArgs{
			DisplayName: pulumi.String("Acme Corp"),
			ExternalId:  pulumi.String("CUST-67890-ACME"),
		})
		if err != nil {
			return err
		}

		ctx.Export("organizationIds", pulumi.StringArray{megasoft.ID(), acme.ID()})
		ctx.Export("roles", pulumi.StringArray{billing.Name, pulumi.String(member.Name)})
		ctx.Export("robotSecret", robot.ClientSecret)
		return nil
	})
}
