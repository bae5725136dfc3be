/** What a resource, a function or a type is called in every language. */
export const tokenOf = (name: string): string => `scalekit:index:${name}`;
