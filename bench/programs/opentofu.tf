# The same organizations with OpenTofu and its provider for any REST API. It reads every object, and compares nothing of what it
# reads with what is declared.
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
}
