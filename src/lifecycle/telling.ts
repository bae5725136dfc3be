import type { Definition } from "../definitions/definition.ts";

/** How a run speaks to its user. */
export interface Telling {
  /** Shows a line about something that the user would not see otherwise. */
  readonly say: (line: string) => void;
  readonly importing: Importing;
}

/** The command that takes over an object that exists, as it follows "run". */
export type Importing = (definition: Pick<Definition, "name">, id: string) => string;

export const byOwnCommand: Importing = (_, id) => `npx pulumi-scalekit import ${id}`;
