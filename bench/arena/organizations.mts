/** What a stack declares, by the names of resources. */
export type Organizations = Record<string, Organization>;

export interface Organization {
  displayName: string;
  readonly externalId: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export const organizations = (size: number): Organizations =>
  Object.fromEntries(
    Array.from({ length: size }, (_, n) => [
      `customer-${n}`,
      { displayName: `Customer ${n}`, externalId: `CUST-${n}`, metadata: { tier: "gold", plan: "annual" } },
    ]),
  );

/** One organization in a hundred gets another name, and never none. */
export function change(declared: Organizations): void {
  const all = Object.values(declared);
  for (const one of all.slice(0, Math.max(1, Math.round(all.length / 100)))) one.displayName += " GmbH";
}

/** As the file of a set. */
export const asCsv = (declared: Organizations): string =>
  `externalId,displayName,metadata.tier,metadata.plan\n${Object.values(declared)
    .map(
      ({ externalId, displayName, metadata }) =>
        `${externalId},${displayName},${metadata["tier"]},${metadata["plan"]}\n`,
    )
    .join("")}`;
