import type { Semantics } from "./semantics.ts";
import { StatusError } from "./status.ts";

/** Counts requests in windows of a minute, and throws what the API answers to one too many. */
export function rateLimiter(limit: Semantics["rateLimit"], now: () => number = Date.now) {
  let windowStart = now();
  let used = 0;

  function begin(): void {
    windowStart = now();
    used = 0;
  }

  function countOrThrow(): void {
    if (limit === null) return;
    if (now() - windowStart >= 60_000) begin();
    if (++used <= limit.perMinute) return;
    const seconds = Math.ceil((windowStart + 60_000 - now()) / 1000);
    throw new StatusError(429, "RATE_LIMITED", "rate limit exceeded", {
      headers: limit.retryAfter ? { "retry-after": String(seconds) } : {},
    });
  }

  return { countOrThrow, reset: begin };
}
