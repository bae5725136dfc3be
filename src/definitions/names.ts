/** A name of the domain as the wire has it. */
export const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A field's name in prose: "external ID", "domain type". */
export const inWords = (field: string): string =>
  field
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace(/ (id|url)\b/g, (word) => word.toUpperCase());
