import type { Detector } from "./detectors.ts";

/**
 * What gives access. Keys of vendors are known by their prefixes, so a hash or an id is not taken for one; what has no
 * form of its own is known only by the name of its metadata key.
 */
export const secrets: readonly Detector[] = [
  ...vendors({
    airtable: ["an Airtable token", /pat[A-Za-z0-9]{14}\.[0-9a-f]{64}/],
    anthropic: ["an Anthropic API key", /sk-ant-[\w-]{20,200}/],
    atlassian: ["an Atlassian API token", /ATATT3[\w=-]{20,250}/],
    aws: ["an AWS access key", /(?:AKIA|ASIA)[A-Z2-7]{16}/],
    databricks: ["a Databricks token", /dapi[0-9a-f]{32}(?:-\d)?/],
    digitalocean: ["a DigitalOcean token", /do[oprt]_v1_[0-9a-f]{64}/],
    discord: ["a Discord webhook", /discord(?:app)?\.com\/api\/webhooks\/\d{15,20}\/[\w-]{40,100}/],
    docker: ["a Docker token", /dckr_(?:pat|oat)_[\w-]{20,60}/],
    doppler: ["a Doppler token", /dp\.(?:ct|pt|sa|scim|st)\.(?:[\w-]{1,40}\.)?[A-Za-z0-9]{40,44}/],
    figma: ["a Figma token", /figd_[\w-]{30,60}/],
    github: ["a GitHub token", /(?:gh[opsur]_[A-Za-z0-9]{36,255}|github_pat_\w{36,255})/],
    gitlab: ["a GitLab token", /gl(?:pat|dt|rt|cbt|ptt|soat|agent)-[\w-]{20,60}/],
    google: ["a Google API key or token", /(?:AIza[\w-]{35}|GOCSPX-[\w-]{28}|ya29\.[\w-]{20,220})/],
    grafana: ["a Grafana token", /(?:glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|glc_[\w+/=]{32,220})/],
    "hashicorp-vault": ["a HashiCorp Vault token", /hv[bsr]\.[\w-]{24,220}/],
    hubspot: ["a HubSpot token", /pat-(?:na|eu|ap)\d-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/],
    huggingface: ["a Hugging Face token", /hf_[A-Za-z0-9]{34,40}/],
    linear: ["a Linear API key", /lin_(?:api|oauth)_[A-Za-z0-9]{32,64}/],
    mailchimp: ["a Mailchimp API key", /[0-9a-f]{32}-us\d{1,2}/],
    mailgun: ["a Mailgun API key", /key-[0-9a-f]{32}/],
    newrelic: ["a New Relic API key", /NRAK-[A-Z0-9]{27}/],
    notion: ["a Notion token", /(?:ntn_[A-Za-z0-9]{40,60}|secret_[A-Za-z0-9]{43})/],
    npm: ["an npm token", /npm_[A-Za-z0-9]{36}/],
    openai: ["an OpenAI API key", /sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9][\w-]{30,220}/],
    planetscale: ["a PlanetScale token", /pscale_(?:tkn|pw|oauth)_[\w.-]{30,60}/],
    postman: ["a Postman API key", /PMAK-[0-9a-f]{24}-[0-9a-f]{34}/],
    pulumi: ["a Pulumi access token", /pul-[0-9a-f]{40}/],
    pypi: ["a PyPI token", /pypi-AgE[\w-]{40,240}/],
    sendgrid: ["a SendGrid API key", /SG\.[\w-]{16,32}\.[\w-]{16,64}/],
    sentry: ["a Sentry token", /sntry[su]_[\w+/=-]{40,220}/],
    shopify: ["a Shopify token", /shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/],
    slack: [
      "a Slack token or webhook",
      /(?:xox[abeoprs]-[\w-]{10,200}|xapp-\d-[\w-]{20,200}|hooks\.slack\.com\/(?:services|workflows)\/[\w/]{20,100})/,
    ],
    square: ["a Square token", /sq0(?:atp|csp|idp)-[\w-]{22,50}/],
    stripe: ["a Stripe secret key", /(?:(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,250}|whsec_[A-Za-z0-9+/=]{24,80})/],
    telegram: ["a Telegram bot token", /\d{8,10}:AA[\w-]{33}/],
    terraform: ["a Terraform Cloud token", /[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70}/],
  }),
  {
    name: "private-key",
    what: "a private key",
    pattern: /-----BEGIN (?:[A-Z]{1,12} ){0,3}PRIVATE KEY|AGE-SECRET-KEY-1/g,
  },
  { name: "jwt", what: "a JSON Web Token", pattern: /(?<![\w-])eyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\.[\w-]{0,2000}/g },
  {
    name: "url-credentials",
    what: "a URL with a password in it",
    pattern: /(?<![a-z\d+.-])[a-z][a-z\d+.-]{1,20}:\/\/[^\s/:@?#]{0,100}:[^\s/@?#]{1,200}@/gi,
  },
  {
    name: "authorization",
    what: "an Authorization header",
    pattern: /(?<!\w)(?:bearer [\w.~+/=-]{20,2000}|basic [A-Za-z\d+/]{12,2000}={0,2}(?![\w+/=]))/gi,
  },
  {
    name: "connection-string",
    what: "a connection string with a password in it",
    pattern:
      /(?<![a-z])(?:password|passwd|pwd|passphrase|accountkey|sharedaccesskey|sharedaccesssignature|client_?secret|secret_?key|api_?key) ?= ?["']?[^\s;&,"'*<${}]{6,300}/gi,
  },
  {
    name: "password-hash",
    what: "the hash of a password",
    pattern: /\$2[abxy]\$\d\d\$[./A-Za-z\d]{53}|\$argon2(?:id?|d)\$v=|\$(?:5|6|y)\$[./A-Za-z\d]{2,60}\$/g,
  },
  {
    name: "named-secret",
    what: "a secret by the name of its key",
    key: /(?:^|_)(?:pass(?:word|wd|phrase|code)?|pwd|secrets?|credentials?|token|bearer|jwt|pin|(?:api|access|secret|private|signing|encryption|shared|service|auth|account|storage)_?keys?|client_?secrets?|(?:access|auth|refresh|api|id|bot|webhook)_?tokens?)(?:_(?:value|plain|text|\d{1,2}))?$/,
    value: looksSecret,
  },
];

function vendors(table: Readonly<Record<string, readonly [what: string, key: RegExp]>>): Detector[] {
  return Object.entries(table).map(([vendor, [what, key]]) => ({
    name: vendor,
    what,
    pattern: new RegExp(`(?<![A-Za-z0-9])(?:${key.source})(?![A-Za-z0-9])`, "g"),
  }));
}

/** Under a key such as `api_key` anything may stand for a secret but what tells of one, or where it is kept. */
function looksSecret(value: string): boolean {
  return value.length >= 4 && !/^\d{4}-\d\d-\d\d(?!\d)/.test(value) && !tells.test(value) && !refers.test(value);
}

const tells =
  /^(?:true|false|yes|no|n\/a|none|null|unset|set|enabled|disabled|required|optional|configured|missing|pending|active|inactive|expired|expiring|rotated|revoked|valid|invalid|managed|external|internal|hidden|stored(?: .{1,40})?|in [\w -]{1,40}|vaulted|standard|strict|default|custom|supported|unsupported|opaque|bearer|basic|oauth2?|saml|oidc|scim|sso|jwt|hmac|rsa|ed25519|mtls|kms|hsm|\[?(?:redacted|secret|masked|encrypted|removed)\]?|[*x•.]+|[\d.]{1,3})$/i;
const refers =
  /^(?:arn:|vault[:/]|kv\/|secrets?\/|secretsmanager|ssm:|op:\/\/|sm:\/\/|(?:aws|gcp|azure)[\w-]*:|projects\/[^/]+\/secrets\/|https?:\/\/|\$\{|\{\{|env[:.]|doppler:|infisical:|keyvault)/i;
