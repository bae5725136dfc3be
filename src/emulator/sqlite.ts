/**
 * Node's SQLite. Node 22 warns that it may still change: the emulator is tested on every version of Node that it runs on,
 * so the warning would help nobody.
 */
export const { DatabaseSync } = withoutWarning(() => process.getBuiltinModule("node:sqlite"));

function withoutWarning<T>(load: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...more: unknown[]) => {
    if (!String(warning).startsWith("SQLite is an experimental feature")) {
      Reflect.apply(emitWarning, process, [warning, ...more]);
    }
  };
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
