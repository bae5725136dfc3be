import { visible } from "../text/visible.ts";
import type { Difference } from "./comparison.ts";
import type { Drift, Finding } from "./findings.ts";
import { called, isOrganization, nameWith } from "./resource-types.ts";
import type { Managed } from "./stack-state.ts";
import { table } from "./table.ts";

/** For a person. */
export function report(environment: string, drift: Drift): string {
  const { managed, changed, gone, uncompared, unreadable, shared, unmanaged, unmanagedThings } = drift;
  const same = managed - changed.length - gone.length;
  const counts = [
    `${same} as declared`,
    `${changed.length} changed`,
    `${gone.length} gone`,
    ...(unmanaged === undefined ? [] : [`${unmanaged.length + unmanagedThings.length} unmanaged`]),
  ];
  const parts = [`${environment}: ${counts.join(", ")}\n`];
  if (changed.length + gone.length > 0) {
    const rows = [...changed.flatMap(rowsOf), ...gone.map((one) => [named(one), one.id, "", "declared", "(gone)"])];
    parts.push(table([headingOf([...changed, ...gone]), "ID", "FIELD", "IN CODE", "LIVE"], rows));
  }
  if (drift.elsewhere) {
    parts.push("None of them is in this environment. Is it the environment of the stack?\n");
  } else if (changed.length + gone.length > 0) {
    parts.push("`pulumi refresh` and then `pulumi up` restore what the program declares.\n");
  }
  if (unmanaged !== undefined && unmanaged.length > 0) {
    const rows = unmanaged.map(({ id, displayName, externalId }) => [
      id,
      String(displayName),
      String(externalId ?? ""),
    ]);
    parts.push(`At Scalekit, and in none of the stacks:\n${table(["ID", "DISPLAY NAME", "EXTERNAL ID"], rows)}`);
  }
  if (unmanagedThings.length > 0) {
    const rows = unmanagedThings.map(({ definition, live }) => [definition.name, live.id]);
    parts.push(`At Scalekit, and in none of the stacks:\n${table(["KIND", "ID"], rows)}`);
  }
  if (shared.length > 0) {
    const rows = shared.flatMap((places) => places.map((one) => [one.id, one.source, named(one)]));
    parts.push(
      `In the stacks more than once, so that they undo each other's changes:\n${table(["ID", "STATE", headingOf(shared.flat())], rows)}`,
    );
  }
  if (uncompared.length > 0) {
    const rows = uncompared.map((one) => [named(one), one.uncompared.join(", ")]);
    parts.push(
      "Not compared, because the state keeps them encrypted (--compare-secrets makes Pulumi decrypt those of a stack):\n" +
        table([headingOf(uncompared), "FIELDS"], rows),
    );
  }
  if (unreadable.length > 0) {
    const rows = unreadable.map((one) => [named(one), one.id]);
    parts.push(
      `Not compared, because no public endpoint shows what is set:\n${table([headingOf(unreadable), "ID"], rows)}`,
    );
  }
  for (const { environment: other, managed: count } of drift.otherEnvironments) {
    const are = count === 1 ? "is" : "are";
    parts.push(
      `Not compared, because ${count} of the stack's resources ${are} in another environment: ${visible(other)}\n`,
    );
  }
  return parts.join("\n");
}

/** For a program, on one line. */
export const asJson = (environment: string, drift: Drift): string =>
  `${JSON.stringify({
    environment,
    managed: drift.managed,
    changed: drift.changed.map((one) => ({
      ...whose(one),
      differences: one.differences.map(({ field, ...rest }) => ({ field, ...shown(rest) })),
    })),
    gone: drift.gone.map(whose),
    unreadable: drift.unreadable.map(whose),
    unmanaged: drift.unmanaged?.map(({ id, displayName, externalId }) => ({ id, displayName, externalId })) ?? null,
    unmanagedThings: drift.unmanagedThings.map(({ definition, live }) => ({ kind: definition.name, id: live.id })),
    shared: drift.shared.map((places) => places.map(whose)),
    uncompared: drift.uncompared.map((one) => ({ ...whose(one), fields: one.uncompared })),
    elsewhere: drift.elsewhere,
    otherEnvironments: drift.otherEnvironments,
  })}\n`;

const whose = ({ source, name, set, id, definition }: Managed) => ({
  source,
  kind: definition.name,
  name,
  ...(set !== undefined && { set }),
  id,
});

const named = ({ name, set, definition }: Managed): string => nameWith(called(definition, name), set);

const headingOf = (all: readonly Managed[]): string => (all.every(isOrganization) ? "ORGANIZATION" : "RESOURCE");

function rowsOf(one: Finding): string[][] {
  return one.differences.map(({ field, ...rest }) => {
    const { declared, live } = shown(rest);
    return [named(one), one.id, field, declared ?? "(not declared)", live ?? "(not set)"];
  });
}

/** Both sides of a secret are hidden: the live value is likely the secret too, or its last value. */
function shown({ declared, live, secret }: Omit<Difference, "field">) {
  const value = (text: string | undefined) => (text === undefined ? null : secret ? "[secret]" : text);
  return { declared: value(declared), live: value(live) };
}
