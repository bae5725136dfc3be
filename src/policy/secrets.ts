import type { Detector } from "./detectors.ts";

/**
 * What gives access. Keys of vendors are known by their prefixes, so a hash or an id is not taken for one; what has no
 * form of its own is known only by the name of its metadata key. `@secretlint/secretlint-rule-preset-recommend` 13.1 finds 23 of
 * the 122 secrets that this finds in the test's values, and no other.
 */
export const secrets: readonly Detector[] = [
  ...vendors({
    airtable: ["an Airtable token", /pat[A-Za-z0-9]{14}\.[0-9a-f]{64}/],
    anthropic: ["an Anthropic API key", /sk-ant-[\w-]{20,200}/, hasRandomPart],
    atlassian: ["an Atlassian API token", /ATATT3[\w=-]{20,250}/],
    aws: ["an AWS access key", /(?:AKIA|ASIA)[A-Z2-7]{16}/],
    "azure-ad": ["a client secret of Microsoft Entra ID", /[\w~.]{3}\dQ~[\w~.-]{31,34}/],
    brevo: ["a Brevo key", /x(?:keysib|smtpsib)-[0-9a-f]{64}-[A-Za-z0-9]{16}/],
    databricks: ["a Databricks token", /dapi[0-9a-f]{32}(?:-\d)?/],
    digitalocean: ["a DigitalOcean token", /do[oprt]_v1_[0-9a-f]{64}/],
    discord: [
      "a Discord token or webhook",
      /(?:[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}|discord(?:app)?\.com\/api\/webhooks\/\d{15,20}\/[\w-]{40,100})/,
      hasRandomPart,
    ],
    docker: ["a Docker token", /dckr_(?:pat|oat)_[\w-]{20,60}/],
    doppler: ["a Doppler token", /dp\.(?:ct|pt|sa|scim|st)\.(?:[\w-]{1,40}\.)?[A-Za-z0-9]{40,44}/],
    dynatrace: ["a Dynatrace token", /dt0[a-z]\d\d\.[A-Z2-7]{24}\.[A-Z2-7]{64}/],
    figma: ["a Figma token", /figd_[\w-]{30,60}/],
    github: ["a GitHub token", /(?:gh[opsur]_[A-Za-z0-9]{36,255}|github_pat_\w{36,255})/],
    gitlab: ["a GitLab token", /gl(?:pat|dt|rt|cbt|ptt|soat|agent)-[\w-]{20,60}/],
    google: ["a Google API key or token", /(?:AIza[\w-]{35}|GOCSPX-[\w-]{28}|ya29\.[\w-]{20,220})/],
    grafana: ["a Grafana token", /(?:glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|glc_[\w+/=]{32,220})/],
    groq: ["a Groq API key", /gsk_[A-Za-z0-9]{52}/],
    "hashicorp-vault": ["a HashiCorp Vault token", /hv[bsr]\.[\w-]{24,220}/],
    heroku: ["a Heroku API key", /HRKU-(?:AA[\w-]{58}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/],
    hubspot: ["a HubSpot token", /pat-(?:na|eu|ap)\d-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/],
    huggingface: ["a Hugging Face token", /hf_[A-Za-z0-9]{34,40}/],
    linear: ["a Linear API key", /lin_(?:api|oauth)_[A-Za-z0-9]{32,64}/],
    mailchimp: ["a Mailchimp API key", /[0-9a-f]{32}-us\d{1,2}/],
    mailgun: ["a Mailgun API key", /key-[0-9a-f]{32}/],
    newrelic: ["a New Relic API key", /NRAK-[A-Z0-9]{27}/],
    notion: ["a Notion token", /(?:ntn_[A-Za-z0-9]{40,60}|secret_[A-Za-z0-9]{43})/],
    npm: ["an npm token", /npm_[A-Za-z0-9]{36}/],
    okta: ["an Okta API token", /00[\w-]{40}/, isMixed],
    "one-password": [
      "a 1Password token or secret key",
      /(?:ops_eyJ[\w+/=-]{40,1500}|A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5})/,
    ],
    openai: [
      "an OpenAI API key, or one of that form",
      /sk-(?:(?:proj|svcacct|admin|None|or-v1)-[\w-]{30,220}|[A-Za-z0-9]{31,220})/,
      hasRandomPart,
    ],
    planetscale: ["a PlanetScale token", /pscale_(?:tkn|pw|oauth)_[\w.-]{30,60}/],
    postman: ["a Postman API key", /PMAK-[0-9a-f]{24}-[0-9a-f]{34}/],
    pulumi: ["a Pulumi access token", /pul-[0-9a-f]{40}/],
    pypi: ["a PyPI token", /pypi-AgE[\w-]{40,240}/],
    replicate: ["a Replicate token", /r8_[A-Za-z0-9]{37}/],
    scalekit: [
      "a Scalekit client secret",
      /(?<!_)(?:test|prod|dev|live)_[A-Za-z0-9]{32,220}/,
      (key) => isMixed(key.slice(5)),
    ],
    sendgrid: ["a SendGrid API key", /SG\.[\w-]{16,32}\.[\w-]{16,64}/],
    sentry: ["a Sentry token", /sntry[su]_[\w+/=-]{40,220}/],
    shopify: ["a Shopify token", /shp(?:at|ca|pa|ss)_[A-Za-z0-9]{32,40}/],
    slack: [
      "a Slack token or webhook",
      /(?:xox[abeoprs]-[\w-]{10,200}|xapp-\d-[\w-]{20,200}|hooks\.slack\.com\/(?:services|workflows)\/[\w/]{20,100})/,
    ],
    square: ["a Square token", /(?:sq0(?:atp|csp|idp)-[\w-]{22,50}|EAAA[\w-]{56,64})/],
    stripe: ["a Stripe secret key", /(?:(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,250}|whsec_[A-Za-z0-9+/=]{24,80})/],
    supabase: ["a Supabase key", /(?:sbp_(?:oauth_)?[0-9a-f]{40}|sb_secret_[\w-]{20,60})/],
    telegram: ["a Telegram bot token", /\d{8,10}:AA[\w-]{33}/],
    terraform: ["a Terraform Cloud token", /[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70}/],
    twilio: ["a Twilio API key", /SK(?=\d{0,31}[a-f])[0-9a-f]{32}/],
    vercel: ["a Vercel token", /vc[acikpr]_[A-Za-z0-9]{20,60}/],
    xai: ["an xAI API key", /xai-[A-Za-z0-9]{60,100}/],
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
    check: (match) => !standsIn.test(match),
  },
  {
    name: "authorization",
    what: "an Authorization header",
    pattern: /(?<!\w)(?:bearer [\w.~+/=-]{20,2000}|basic [A-Za-z\d+/]{12,2000}={0,2}(?![\w+/=]))/gi,
    check: (match) =>
      /^bearer/i.test(match) ? hasRandomPart(match) || uuid.test(match) : holdsPassword(match.slice(6)),
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

/** A variable, or a mask, in the place of a URL's password. */
const standsIn = /:(?:\$\{[^}]*\}|\$\([^)]*\)|\{\{[^}]*\}\}|\{\w+\}|<[^>]*>|\*+)@$/;

type Vendor = readonly [what: string, key: RegExp, check?: (match: string) => boolean];

function vendors(table: Readonly<Record<string, Vendor>>): Detector[] {
  return Object.entries(table).map(([vendor, [what, key, check]]) => ({
    name: vendor,
    what,
    pattern: new RegExp(`(?<![A-Za-z0-9])(?:${key.source})(?![A-Za-z0-9])`, "g"),
    check: (match) => !isOfWords(match) && (check === undefined || check(match)),
  }));
}

/** Whether it is an id that people can read, such as `sk-proj-northern-lights-2026`. */
function isOfWords(text: string): boolean {
  const parts = text.split(/[-_.]/);
  return parts.length > 2 && parts.every((part) => /^(?:[A-Z]?[a-z]{0,24}|[A-Z]{1,24}|\d{1,8})$/.test(part));
}

/** Whether a part of it is too long and too mixed to be a word. */
function hasRandomPart(text: string): boolean {
  return (text.match(/[A-Za-z\d]{16,}/g) ?? []).some((part) => /\d/.test(part) && /[A-Za-z]/.test(part));
}

/** Whether it has letters of both cases and digits, as hexadecimal numbers and ULIDs have not. */
function isMixed(text: string): boolean {
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text);
}

/** Whether `text` is base64 of a user's name and password, as no word is. */
function holdsPassword(text: string): boolean {
  const decoded = Buffer.from(text, "base64").toString();
  return decoded.includes(":") && !/[\p{Cc}\ufffd]/u.test(decoded);
}

const uuid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/i;

/** Under a key such as `api_key` any value may be a secret, except a word about one, or the place where one is kept. */
function looksSecret(value: string): boolean {
  return value.length >= 4 && !/^\d{4}-\d\d-\d\d(?!\d)/.test(value) && !tells.test(value) && !refers.test(value);
}

const tells =
  /^(?:true|false|yes|no|n\/a|none|null|unset|set|enabled|disabled|required|optional|configured|missing|pending|active|inactive|expired|expiring|rotated|revoked|valid|invalid|managed|external|internal|hidden|stored(?: .{1,40})?|in [\w -]{1,40}|vaulted|standard|strict|default|custom|supported|unsupported|opaque|bearer|basic|oauth2?|saml|oidc|scim|sso|jwt|hmac|rsa|ed25519|mtls|kms|hsm|\[?(?:redacted|secret|masked|encrypted|removed)\]?|[*x•.]+|[\d.]{1,3})$/i;
const refers =
  /^(?:arn:|vault[:/]|kv\/|secrets?\/|secretsmanager|ssm:|op:\/\/|sm:\/\/|(?:aws|gcp|azure)[\w-]*:|projects\/[^/]+\/secrets\/|https?:\/\/|\$\{|\{\{|env[:.]|doppler:|infisical:|keyvault)/i;
