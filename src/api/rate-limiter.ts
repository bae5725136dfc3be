import { inSeconds } from "../text/effort.ts";
import type { Clock } from "./clock.ts";
import { pauses } from "./pauses.ts";
import { type Budget, WaitTooLong } from "./retry.ts";
import { newStop, type Stop } from "./stop.ts";
import { inLine, type Tell } from "./waiting.ts";

export interface Caps {
  /** Requests that are under way at the same time. */
  readonly maxConcurrentRequests: number;
  /** Requests that the server may count within any minute. */
  readonly maxRequestsPerMinute: number;
}

/**
 * Scalekit publishes no limit, and everyone who uses an environment shares it. Ten at once hide the latency of an API
 * that answers in a tenth of a second, which could be 6,000 a minute; the second cap keeps it to a tenth of that, and
 * still lets a refresh and an update of 200 organizations through without a wait. Where the environment's limit is
 * lower, its own 429s slow the client down, and refuse no more at a time than are under way.
 *
 * A user who raises the cap per minute knows of a higher limit. Then as many requests may be under way as that allows in half a second.
 */
export function capsOf({ maxRequestsPerMinute = 600, ...given }: Partial<Caps>): Caps {
  const inHalfASecond = Math.ceil(maxRequestsPerMinute / 120);
  const maxConcurrentRequests = given.maxConcurrentRequests ?? Math.min(100, Math.max(10, inHalfASecond));
  return { maxRequestsPerMinute, maxConcurrentRequests };
}

/** The right to send one request. It is returned in one of three ways. */
export interface Permit {
  /** The request was answered. Its minute begins now. */
  answered(status: number, retryAfter: string | undefined): void;
  /** The request may have been sent, and no answer came. */
  failed(): void;
  /** The request was not sent. */
  unused(): void;
}

/** The place of a request in the queue; a lower number comes first. A retry keeps its place. */
export type Place = number;

/** The front of the queue, for a request that all others wait for. */
export const front: Place = 0;

const minute = 60_000;

interface LimiterOptions {
  /** @default none */
  readonly stop?: Stop;
  /** @default silent */
  readonly tell?: Tell;
}

/**
 * Every request of a client waits here for its turn, first come, first served.
 *
 * A permit of the minute's cap comes back one minute after its request was answered, not after it was sent: the server
 * counts a request somewhere between the two, so no minute of the server's, fixed or sliding, ever holds more than the
 * cap, whatever the latency. A 429 pauses everyone (pauses.ts).
 */
export function newRateLimiter(caps: Caps, clock: Clock, { stop = newStop(), tell = () => {} }: LimiterOptions = {}) {
  interface Waiting {
    readonly place: Place;
    readonly budget: Budget;
    readonly resolve: (permit: Permit) => void;
    readonly reject: (error: unknown) => void;
  }
  const line: Waiting[] = [];
  /** The times at which the permits of the last minute become free again, the earliest first. */
  const cooling: number[] = [];
  let underWay = 0;
  let lastPlace = front;
  let asleep = false;
  let awaited: Promise<unknown> | undefined;
  const pause = pauses(clock, { began: paused, ended: serve });
  stop.onBegin(() => {
    rejectOverdue();
    serve();
  });

  /** Waits for a permit. Throws WaitTooLong if that would take longer than the rest of `budget`. */
  function admit(place: Place, budget: Budget): Promise<Permit> {
    return new Promise((resolve, reject) => {
      const behind = line.findLastIndex((other) => other.place <= place);
      line.splice(behind + 1, 0, { place, budget, resolve, reject });
      rejectOverdue();
      serve();
    });
  }

  /** Admits only requests at the front until `end` is settled. */
  function keepFor(end: Promise<unknown>): void {
    if (awaited !== undefined) return;
    awaited = end.then(
      () => reopen(),
      () => reopen(),
    );
    function reopen(): void {
      awaited = undefined;
      serve();
    }
  }

  /** Admits the next requests, as long as the caps and pauses allow. */
  function serve(): void {
    const mayPass = () => line[0] !== undefined && (awaited === undefined || line[0].place === front);
    while (mayPass() && !pause.holds() && underWay < caps.maxConcurrentRequests) {
      while (cooling[0] !== undefined && cooling[0] <= clock.now()) cooling.shift();
      if (underWay + cooling.length >= caps.maxRequestsPerMinute) {
        if (cooling[0] !== undefined) awaitPermit(cooling[0]);
        return;
      }
      const next = line.shift() as Waiting;
      if (next.budget.left() > 0) next.resolve(permit());
      else next.reject(new WaitTooLong(undefined));
    }
  }

  function permit(): Permit {
    underWay++;
    const visit = pause.visit();
    const leave = (used: boolean) => {
      underWay--;
      if (used) cooling.push(clock.now() + minute);
    };
    return {
      answered(status, retryAfter) {
        leave(true);
        visit.answered(status, retryAfter);
        serve();
      },
      failed() {
        leave(true);
        visit.ended();
        serve();
      },
      unused() {
        leave(false);
        visit.ended();
        serve();
      },
    };
  }

  function awaitPermit(time: number): void {
    // A request that was never sent waits for our own caps as long as it takes, unless the run is stopped.
    const limited = line.filter(({ budget }) => budget.hasStarted() || budget.isStopped());
    dismiss(limited, time - clock.now(), undefined);
    // A timer runs only while a request waits, so that a program can end before all permits are free again.
    if (asleep || line.length === 0) return;
    asleep = true;
    const limit = `this run's own limit of ${caps.maxRequestsPerMinute} requests a minute (scalekit:maxRequestsPerMinute)`;
    tell({
      until: time,
      line: () => `Waiting ${inSeconds(time - clock.now())} for ${limit}.`,
    });
    void clock.sleep(time - clock.now()).then(() => {
      asleep = false;
      // The sleep is trusted rather than the clock, which may be set back meanwhile.
      if (cooling[0] === time) cooling.shift();
      serve();
    });
  }

  function paused({ until, asked }: { readonly until: number; readonly asked: number | undefined }): void {
    rejectOverdue();
    const wait = inSeconds(asked ?? until - clock.now());
    const words =
      asked === undefined ? `Scalekit answered 429: waiting ${wait}` : `Scalekit asks to wait ${wait} (429)`;
    // The request that was refused comes back.
    tell({ until, line: () => `${words}; ${inLine(line.length + 1)}.` });
  }

  /** Rejects requests whose budget is shorter than the pause that the server asked for. */
  function rejectOverdue(): void {
    if (pause.left() > 0) dismiss([...line], pause.left(), pause.asked());
  }

  function dismiss(among: readonly Waiting[], wait: number, asked: number | undefined): void {
    for (const waiting of among) {
      if (wait < waiting.budget.left()) continue;
      line.splice(line.indexOf(waiting), 1);
      waiting.reject(new WaitTooLong(asked));
    }
  }

  return { admit, keepFor, takePlace: (): Place => ++lastPlace };
}
