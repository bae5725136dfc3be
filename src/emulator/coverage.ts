import { endpoints } from "./resources.ts";

/** An endpoint that is served, and the resource that it is about. */
export interface Served {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As documented, with its parameters in braces. */
  readonly path: string;
  readonly resource: string;
}

/** Which endpoints there are: for tables, and for tests of them. */
export const coverage: readonly Served[] = endpoints.map(({ method, path, resource }) => ({ method, path, resource }));
