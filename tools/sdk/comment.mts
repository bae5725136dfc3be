const width = 120;

/** `text` as the comment above something that stands `indent` characters from the left. */
export function comment(text: string, tags: Readonly<Record<string, string | undefined>> = {}, indent = 0): string {
  const tagged = Object.entries(tags).flatMap(([tag, said]) => (said === undefined ? [] : [tagOf(tag, said)]));
  const margin = " ".repeat(indent);
  const one = `${margin}/** ${unwrapped(text)} */`;
  if (tagged.length === 0 && one.length <= width && !one.includes("\n")) return one;
  // Tags of one kind stand together.
  const lines = [...wrapped(text, width - indent - 3), ...(tagged.length > 0 ? ["", ...tagged.flat()] : [])];
  return [`${margin}/**`, ...lines.map((line) => `${margin} * ${line}`.trimEnd()), `${margin} */`].join("\n");
}

const tagOf = (tag: string, said: string): string[] => {
  const [name = ""] = tag.split(" ");
  const lines = said.split("\n");
  return name === "example" ? ["@example", ...lines] : [`@${tag} ${lines.join(" ")}`];
};

/** Paragraphs in one line each. */
export const unwrapped = (text: string): string => text.replaceAll(/(?<!\n)\n(?!\n)/g, " ");

function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const paragraph of unwrapped(text).split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > most) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
}
