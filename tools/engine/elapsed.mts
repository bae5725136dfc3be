/** Shows that work goes on which takes long: a running clock on a terminal, and elsewhere a line now and then. */
export async function elapsed<T>(
  doing: string,
  say: (line: string) => void,
  work: () => Promise<T>,
  stream: Pick<NodeJS.WriteStream, "isTTY" | "write"> = process.stderr,
): Promise<{ result: T; seconds: number }> {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const isLive = stream.isTTY && process.env["TERM"] !== "dumb";
  const show = isLive
    ? () => void stream.write(`\r… ${doing}, ${seconds()} s so far\u001b[K`)
    : () => say(`… still ${doing}, ${seconds()} s so far`);
  const timer = setInterval(show, isLive ? 1_000 : 20_000);
  try {
    return { result: await work(), seconds: seconds() };
  } finally {
    clearInterval(timer);
    if (isLive) stream.write("\r\u001b[K");
  }
}
