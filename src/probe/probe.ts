import { isTransportError } from "../errors.ts";
import { Interrupted, type Verdict } from "./asking/answer.ts";
import type { Kit, Question } from "./asking/kit.ts";
import type { Exchange } from "./asking/recording.ts";
import { type Ask, cleanUp, type Left, newPrefix, newScratch } from "./asking/scratch.ts";
import { openWire, type WireOptions } from "./asking/wire.ts";
import { questionsNamed } from "./questions/index.ts";

export interface ProbeOptions {
  readonly settings: WireOptions;
  /** Names of questions. @default all */
  readonly only?: readonly string[] | undefined;
  /** Whether to send requests until the environment refuses more. @default no */
  readonly rateLimit?: boolean | undefined;
  /** @default random */
  readonly prefix?: string | undefined;
  /** Ends the questions, and the clean-up begins. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the clean-up too. */
  readonly giveUp?: AbortSignal | undefined;
  /** Called before the probe makes anything. */
  readonly begun?: ((prefix: string) => void) | undefined;
  /** Called before each question, and before the clean-up. */
  readonly tell?: ((line: string) => void) | undefined;
}

/** A question with what came of it. */
export interface Answer {
  readonly name: string;
  readonly asks: string;
  readonly verdict: Verdict;
  readonly exchanges: readonly Exchange[];
}

export interface Probed {
  readonly prefix: string;
  readonly answers: readonly Answer[];
  /** The emulator's switches, as far as they are known. */
  readonly semantics: Readonly<Record<string, unknown>>;
  /** How many organizations were made. */
  readonly organizations: number;
  readonly isInterrupted: boolean;
  /** What the clean-up could not delete. */
  readonly left: readonly Left[];
}

const never = new AbortController().signal;

/** Asks an environment what Scalekit's documents leave open, on organizations of its own, and cleans up whatever happens. */
export async function probe(options: ProbeOptions): Promise<Probed> {
  const { signal = never, giveUp = never, tell = () => {} } = options;
  const prefix = options.prefix ?? newPrefix();
  const wire = openWire(options.settings);
  const scratch = newScratch(prefix);
  const known = new Map<string, Verdict>();
  const answers: Answer[] = [];
  let isInterrupted = false;
  let silences = 0;
  let left: readonly Left[] = [];
  try {
    // The user reads once what is wrong with the credentials, and not for each question.
    await wire.authenticate(signal);
    options.begun?.(prefix);
    for (const question of questionsNamed(options.only)) {
      tell(question.asks);
      const answer = await answerTo(question);
      if (answer === undefined) break;
      answers.push(answer);
      known.set(question.name, answer.verdict);
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    isInterrupted = true;
  } finally {
    // A create may still be on its way, and would come after the clean-up.
    await wire.settle(5_000);
    if (scratch.hasAnything()) tell("Cleaning up.");
    left = await clean();
    void wire.close().catch(() => {});
  }
  const semantics = Object.fromEntries(
    answers.flatMap(({ name, verdict }) => (verdict.kind === "answered" ? [[name, verdict.value]] : [])),
  );
  return { prefix, answers, semantics, organizations: scratch.size(), isInterrupted, left };

  /** The answer to one question; none where the user has had enough, or nobody answers any more. */
  async function answerTo(question: Question): Promise<Answer | undefined> {
    const exchanges: Exchange[] = [];
    const record = (exchange: Exchange) => void exchanges.push(exchange);
    const asking = { what: `ask about ${question.name}`, signal, record, isOwn: scratch.isOwn };
    const ask: Ask = (request, heard) => wire.ask(request, asking, heard);
    const kit: Kit = {
      ask,
      scratch,
      wire,
      asking,
      known,
      options: { rateLimit: options.rateLimit ?? false },
      record,
    };
    const { name, asks } = question;
    if (silences >= 2) {
      const says = "It was not asked, because nobody had answered the questions before.";
      return { name, asks, verdict: { kind: "unanswered", says }, exchanges };
    }
    try {
      const verdict = await question.find(kit);
      silences = 0;
      return { name, asks, verdict, exchanges };
    } catch (error) {
      if (error instanceof Interrupted) {
        isInterrupted = true;
        return undefined;
      }
      // Whatever is wrong, with the probe itself too, the clean-up comes, and other questions may have answers.
      silences = isTransportError(error) ? silences + 1 : 0;
      const says = error instanceof Error ? error.message : String(error);
      return { name, asks, verdict: { kind: "unanswered", says }, exchanges };
    }
  }

  /** What is refused may be taken a moment later. */
  async function clean(): Promise<Left[]> {
    const asking = { what: "clean up", signal: giveUp, record: () => {}, isOwn: scratch.isOwn };
    const ask: Ask = (request, heard) => wire.ask(request, asking, heard);
    const left = await scratch.clean(ask);
    if (left.length === 0 || giveUp.aborted) return left;
    await wire.clock.sleep(2_000);
    return scratch.clean(ask);
  }
}

/** Deletes what a run has left that was killed, or whose clean-up failed. */
export async function cleanAfter(prefix: string, settings: WireOptions, signal: AbortSignal = never) {
  const wire = openWire(settings);
  const asking = { what: "clean up", signal, record: () => {}, isOwn: () => false };
  try {
    return await cleanUp((request, heard) => wire.ask(request, asking, heard), prefix);
  } finally {
    await wire.close().catch(() => {});
  }
}
