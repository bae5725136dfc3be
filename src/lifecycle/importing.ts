import type { Definition } from "../definitions/definition.ts";

/** The command that takes over an object that exists, as it follows "run". */
export type Importing = (definition: Pick<Definition, "name">, id: string) => string;

export const byOwnCommand: Importing = (_, id) => `npx pulumi-scalekit import ${id}`;
