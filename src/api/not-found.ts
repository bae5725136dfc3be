import { isApiError } from "../errors.ts";

/** google.rpc.Code.NOT_FOUND */
const notFound = 5;

/** What was asked for, or `undefined` where the API says that it is not there. */
export async function undefinedIfNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    // Only the API's own word counts: a proxy's 404 taken for absence would have the next `up` make a second organization.
    // The gateway in front of the API has the same gRPC code for a path that it does not know, but no error code.
    const own = isApiError(error) && error.grpcCode === notFound && error.code !== undefined;
    if (own && error.status === 404) return undefined;
    throw error;
  }
}
