/** No colours in what this process and those that it starts write. Node.js itself lets FORCE_COLOR win, and warns of that. */
export function forbidColours(environment: NodeJS.ProcessEnv = process.env): void {
  environment["NO_COLOR"] = "1";
  delete environment["FORCE_COLOR"];
}

/** Whether a user forbids colours in every program. */
export const areColoursForbidden = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  (environment["NO_COLOR"] ?? "") !== "";

/** Whether a terminal can write over a line that it shows. */
export const movesCursor = (environment: NodeJS.ProcessEnv = process.env): boolean => environment["TERM"] !== "dumb";
