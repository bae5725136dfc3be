import { dirname, sep } from "node:path";
import { looksForLeaks } from "../config/engine-variables.ts";

/**
 * Limits the SDK's own stack traces to the user's frames, until the returned function is called. Call it before anything else can run.
 *
 * The SDK puts the stack of each declaration into the state, some 400 bytes, of which all but the user's frames are Node's
 * and the SDK's own and the same whatever is declared. The state is written anew with each step of an update, so they cost
 * as much as all of an organization's properties. It also formats some thirty traces for each resource, to name promises
 * that are never kept, which is half of what declaring one costs; they are left empty unless they are asked for.
 *
 * No `using`: a test runner's sandbox is a realm of its own, and Node.js 22 has `Symbol.dispose` in its main one only.
 */
export function onlyUserFrames(): () => void {
  // Absent in older versions of Node.js, whatever the types say, unless somebody has set it, as Pulumi's runner does.
  const prepareStackTrace: typeof Error.prepareStackTrace | undefined = Error.prepareStackTrace;
  // Setting this hook would turn off Node's own mapping to sources.
  if (prepareStackTrace === undefined || process.sourceMapsEnabled || looksForLeaks()) return () => {};
  Error.prepareStackTrace = (error, frames) => {
    const [top] = frames;
    if (top === undefined || !isIn(sdk, top)) return prepareStackTrace(error, frames);
    // The SDK takes one trace without a limit: the one that says where the resource is declared.
    return prepareStackTrace(error, Error.stackTraceLimit === Number.POSITIVE_INFINITY ? usersOf(frames) : []);
  };
  return () => {
    Error.prepareStackTrace = prepareStackTrace;
  };
}

/** The frames down to the resource's constructor, which the SDK removes by their number, and the user's frames below. */
function usersOf(frames: NodeJS.CallSite[]): NodeJS.CallSite[] {
  const declaring = frames.findIndex((frame) => !isIn(sdk, frame));
  return frames.filter((frame, depth) => depth <= declaring || isUsers(frame));
}

function isUsers(frame: NodeJS.CallSite): boolean {
  const file = frame.getFileName();
  return !!file && !file.startsWith("node:") && !isIn(sdk, frame) && !isIn(ours, frame);
}

const isIn = (folder: string, frame: NodeJS.CallSite): boolean => !!frame.getFileName()?.startsWith(folder);

const sdk = dirname(require.resolve("@pulumi/pulumi")) + sep;
const ours = __dirname + sep;
