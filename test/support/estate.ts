/** Organizations as years of hands and scripts leave them behind, in the wire's names: every awkward case, then plain ones. */
export function estate(size: number): object[] {
  const plain = Array.from({ length: Math.max(0, size - awkward.length) }, (_, n) => ({
    display_name: `Customer ${n}`,
    external_id: `CUST-${String(n).padStart(5, "0")}`,
    ...(n % 3 === 0 ? {} : { metadata: { tier: n % 2 === 0 ? "gold" : "iron", region: "eu-west-1" } }),
  }));
  return [...awkward, ...plain].slice(0, size);
}

const awkward = [
  { display_name: "Megasoft Inc" },
  { display_name: "Megasoft Inc" },
  { display_name: "Megasoft Inc", external_id: "Megasoft-Inc" },
  { display_name: "Müller & Söhne", external_id: "CUST/ü 1" },
  { display_name: "Mu\u0308ller & So\u0308hne" },
  { display_name: "شركة النجاح", metadata: { tier: "ذهب" } },
  { display_name: "ABC \u202egpj.exe" },
  { display_name: "株式会社サンプル", external_id: "客户-1" },
  { display_name: "🚀👨‍👩‍👧🏳️‍🌈", metadata: { flag: "🏳️‍🌈" } },
  { display_name: 'O\'Reilly "Quotes" & `ticks`', external_id: "a\"b'c`d" },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the point of it
  { display_name: "${process.exit(1)}", external_id: "${HOME}", metadata: { danger: "`${1 + 1}`", slash: "a\\b\\" } },
  { display_name: "two\nlines\r\nand\ttabs", metadata: { note: "first\nsecond\u2028third" } },
  { display_name: " spaces around ", external_id: " spaced " },
  { display_name: "-", external_id: "..." },
  { display_name: "*/ alert(1) /*", external_id: "// comment" },
  { display_name: "constructor", metadata: { constructor: "own", valueOf: "own", hasOwnProperty: "own" } },
  { display_name: "toString", metadata: { toString: "own" } },
  {
    display_name: "apply",
    metadata: { next: "own", apply: "own", toJSON: "own", __pulumiOutput: "true", promise: "own" },
  },
  {
    display_name: "__proto__",
    external_id: "__proto__",
    metadata: { "not an identifier": "x", "123": "number", "a.b": "c" },
  },
  { display_name: "null", external_id: "null", metadata: {} },
  { display_name: "x".repeat(200), external_id: "y".repeat(255) },
  {
    display_name: "ten pairs",
    metadata: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`key_${n}`, "v".repeat(256)])),
  },
  { display_name: "a::b", external_id: "urn:pulumi:a::b::c$d" },
  { display_name: "zero\u200bwidth \u00a0 joined", external_id: "zero\u200bwidth" },
  { display_name: "[unknown]", external_id: "../../etc/passwd" },
];
