import { isApiError } from "../errors.ts";

/** google.rpc.Code.NOT_FOUND */
const notFound = 5;

/** The answer, or `undefined` if the API says that the object does not exist. */
export async function undefinedIfNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    // Only the API's own answer counts. With a proxy's 404, the next `up` would create a second organization.
    // The gateway in front of the API has the same gRPC code for a path that it does not know, but no error code.
    const own = isApiError(error) && error.grpcCode === notFound && error.code !== undefined;
    if (own && error.status === 404) return undefined;
    throw error;
  }
}
