# The same organizations with OpenTofu and its provider for any REST API.
terraform {
  required_providers {
    restapi = { source = "mastercard/restapi" }
  }
}

variable "url" { type = string }
variable "token" { type = string }

provider "restapi" {
  uri                  = var.url
  headers              = { Authorization = "Bearer ${var.token}", "Content-Type" = "application/json" }
  write_returns_object = true
  update_method        = "PATCH"
  id_attribute         = "organization/id"
}

resource "restapi_object" "organization" {
  for_each = jsondecode(file("organizations.json"))
  path     = "/api/v1/organizations"
  data = jsonencode({
    display_name = each.value.displayName
    external_id  = each.value.externalId
    metadata     = each.value.metadata
  })
  # The answers have the organization one level below what is sent, which this provider takes for drift.
  ignore_all_server_changes = true
}
