import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

export interface Entry {
  readonly name: string;
  readonly file: string;
  readonly isExecutable?: boolean;
}

/** The files as a .tar.gz that is the same whenever, wherever and by whomever it is made. */
export async function archive(entries: readonly Entry[]): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for (const { name, file, isExecutable = false } of entries) {
    const content = await readFile(file);
    const padding = Buffer.alloc((block - (content.length % block)) % block);
    blocks.push(header(name, content.length, isExecutable ? 0o755 : 0o644), content, padding);
  }
  const zipped = await promisify(gzip)(Buffer.concat([...blocks, Buffer.alloc(2 * block)]), { level: 9 });
  // The system on which it was made, which says "unknown" on all of them here.
  zipped[9] = 255;
  return zipped;
}

const block = 512;
/** The second that npm gives all files, since some programs do not take one before 1980. */
const time = 499_162_500;

/** A file as POSIX has it (ustar), owned by nobody in particular. */
function header(name: string, size: number, mode: number): Buffer {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, at: number, length: number) =>
    bytes.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "ascii");
  bytes.write(name, 0, 100, "utf8");
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(time, 136, 12);
  bytes.write("0", 156, "ascii");
  bytes.write("ustar\x0000", 257, "ascii");
  bytes.fill(" ", 148, 156);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "ascii");
  return bytes;
}
