/**
 * Imported before anything else: on an older Node.js the libraries below fail while they are loaded, with no word of why.
 */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  const message = `pulumi-scalekit needs Node.js 22.19 or newer, and this is ${process.versions.node}.`;
  // Pulumi's mark of an error that is shown without a stack trace.
  throw Object.assign(new Error(message), { __pulumiRunError: true, stack: message });
}

export {};
