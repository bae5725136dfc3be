import { InvalidArgumentError } from "commander";

/** `100,1000`: whole numbers from 1 on. */
export function numbers(text: string): number[] {
  return text.split(",").map((part) => {
    if (!/^[1-9]\d*$/.test(part))
      throw new InvalidArgumentError("whole numbers with commas between them, such as 100,1000");
    return Number(part);
  });
}

export const number = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("a whole number, such as 3");
  return Number(text);
};

/** Words with commas between them, each of which is known. */
export const words =
  <Word extends string>(known: readonly Word[]) =>
  (text: string): Word[] =>
    text.split(",").map((part) => {
      const word = known.find((one) => one === part);
      if (word === undefined) throw new InvalidArgumentError(`some of ${known.join(", ")}, with commas between them`);
      return word;
    });

export const nothingOr = (text: string): number => (text === "0" ? 0 : number(text));
