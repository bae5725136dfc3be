import { electronicFormatIBAN, isValidIBAN } from "ibantools";
import type { Detector } from "./detectors.ts";

/** What tells of a person. Numbers count as one only where a check sum, a written form or the key's name says so. */
export const personalData: readonly Detector[] = [
  {
    name: "email",
    what: "the e-mail address of a person",
    // Not a version nor a path that has an @ in it, such as git@github.com:acme/app and logo@2x.png.
    pattern:
      /(?<![\w.+%/@-])[\p{L}\p{N}_.+%-]{1,64}@(?=\p{L})[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,6}\.\p{L}{2,63}(?![\w:/-])/gu,
    check: (address) => !mailboxes.test(address),
  },
  {
    name: "payment-card",
    what: "the number of a payment card",
    pattern: /(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])/g,
    check: (number) => issuers.test(digitsOf(number)) && hasLuhnDigit(digitsOf(number)),
  },
  {
    name: "iban",
    what: "the IBAN of a bank account",
    pattern: /(?<![A-Za-z\d])[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?(?![A-Za-z\d])/g,
    check: (text) => isValidIBAN(electronicFormatIBAN(text) ?? ""),
  },
  {
    name: "phone",
    what: "a phone number",
    // `libphonenumber-js` 1.13, without a country to assume, finds half of those in the test's values, and makes the pack load 60 ms longer.
    pattern: /(?<![\w+])\+[1-9](?:[ .()/-]{0,2}\d){7,14}(?!\d)|(?<![\w-])\([2-9]\d\d\) ?[2-9]\d\d-\d{4}(?!\d)/g,
    key: /(?:^|_)(?:phone|mobile|cell|cellphone|telephone|tel|whatsapp|msisdn)(?:_(?:no|nr|num|number))?$/,
    value: (value) => /^\+?[\d ()./-]{7,25}$/.test(value) && digitsOf(value).length >= 7,
  },
  {
    name: "us-ssn",
    what: "a US social security number",
    pattern: /(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-])/g,
    key: /(?:^|_)(?:ssn|social_?security(?:_?(?:no|number))?)$/,
    value: (value) => /^\d{9}$/.test(value),
  },
  {
    name: "national-id",
    what: "a personal document's number, by the name of its key",
    key: /(?:^|_)(?:passport|national_?(?:id|insurance)|nino|id_?card|identity_?card|drivers?_?licen[cs]e|personal_?id|tax_?payer_?ssn|aadhaar|cpf|curp|bsn|pesel|personnummer)(?:_?(?:no|nr|number))?$/,
    value: (value) => digitsOf(value).length >= 4,
  },
  {
    name: "birth-date",
    what: "a date of birth, by the name of its key",
    key: /(?:^|_)(?:dob|birth_?day|birth_?date|date_?of_?birth|born(?:_?on)?)$/,
    value: (value) => /\d/.test(value),
  },
  {
    name: "person-name",
    what: "the name of a person, by the name of its key",
    key: /(?:^|_)(?:first|last|given|family|middle|maiden|full)_?name$|(?:^|_)surname$/,
    value: (value) => /\p{L}/u.test(value),
  },
];

/** The check digit of ISO/IEC 7812: every second digit from the right counts twice. */
const hasLuhnDigit = (number: string): boolean =>
  [...number].reverse().reduce((sum, digit, index) => {
    const counted = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return sum + (counted > 9 ? counted - 9 : counted);
  }, 0) %
    10 ===
  0;

const digitsOf = (text: string): string => text.replaceAll(/\D/g, "");

/** Addresses of a post rather than a person. */
const mailboxes =
  /^(?:abuse|accounting|accounts?|accounts?[._-]?(?:payable|receivable)|admin|administrator|alerts?|ap|ar|billing|compliance|contact|customer[._-]?(?:care|service|success|support)|cs|dev|devops|dpo|engineering|finance|hello|help|helpdesk|hr|info|infra|integrations?|invoices?|invoicing|it|legal|mail|marketing|noc|no-?reply|notifications?|office|oncall|operations|ops|orders?|partners?|payments?|platform|postmaster|press|privacy|procurement|purchasing|root|sales|security|service|sre|support|team|tech|webmaster)(?:\+[^@]*)?@/i;

/** Visa, Mastercard, American Express, Diners Club, Discover, JCB, UnionPay; Visa's old 13 digits are too like a time. */
const issuers =
  /^(?:4\d{15}|4\d{18}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17})$/;
