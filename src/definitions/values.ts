import type { Definition, Output } from "./definition.ts";
import type { Field } from "./field.ts";

/** The fields that every program has to declare. */
export type RequiredIn<D extends Definition> = {
  [Name in keyof D["fields"]]: D["fields"][Name]["required"] extends true ? Name : never;
}[keyof D["fields"]];

/** What a field is, once it is known. */
export type ValueOf<F> = F extends Field<infer Value> ? Value : never;

/** What an output is. */
export type TypeOf<O extends Output> = O["createOnly"] extends true
  ? string
  : O["type"] extends "flag"
    ? boolean
    : (O["type"] extends "number" ? number : string) | undefined;

/** What an editor shows of an intersection, property by property. */
export type Simplify<T> = { [Name in keyof T]: T[Name] };
