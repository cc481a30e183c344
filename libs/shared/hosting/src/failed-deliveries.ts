import type { Provider } from '@nestjs/common';
import { ProblemError } from '@kintsugi/contracts';
import { messageIdOf, placeOf, type FaultListener, type JsMsg } from '@kintsugi/messaging';
import { Metrics, type Logger } from '@kintsugi/observability';
import { DeadLetterStore, Store, deadLetterIndexes, ensureIndexes, willPass, type DeadLetter } from '@kintsugi/persistence';
import { DeadLetterLog } from './dead-letter-log.js';
import { Faults } from './faults.js';
import { LOGGER } from './service-tokens.js';

const redeliveryDelayMs = 1_000;
/** Deliveries of a message that fails by a fault nobody expected, the first included. Each waits twice as long as the one before. */
const faultyDeliveriesMax = 5;
/** Messages whose faults are counted, more than all consumers together have under way; the oldest beyond it start anew. */
const countedMax = 10_000;
/** Of what can never be carried out as it is, a part shows what was meant. */
const refusedPayloadMax = 16 * 1024;
/** What might be carried out another day is kept whole, as far as a document holds it: each byte may become three. */
const givenUpPayloadMax = 5 * 1024 * 1024;
const headersMax = 32;
const headerMax = 1_000;

export interface FailedDelivery {
  message: JsMsg;
  error: unknown;
}

export interface FailedDeliveriesParts {
  deadLetters: Pick<DeadLetterStore, 'keep'>;
  onFault: FaultListener;
  /** Called for each new dead letter, and not again when its message comes again. */
  onKept: (reason: string) => void;
  /** Called once a message is kept as a dead letter, before the broker is rid of it. */
  onGivenUp: (message: JsMsg, problem: ProblemError) => void;
}

interface Refusal {
  message: JsMsg;
  problem: ProblemError;
}

/**
 * Settles messages whose handling failed, each by itself. What will pass has it delivered again for as long as it lasts,
 * and is not counted. A message that can never be handled, or has failed too often by a fault nobody expected, is kept
 * as a dead letter. The faults are counted here and not by the broker, which counts every delivery: a restart begins anew.
 */
export class FailedDeliveries {
  private readonly faults = new Map<string, number>();

  constructor(private readonly parts: FailedDeliveriesParts) {}

  /** Never rejects: what could not be settled, because the connection has ended, is delivered again by the broker. */
  async settle(failed: readonly FailedDelivery[]): Promise<void> {
    this.report(failed);
    try {
      const refused: Refusal[] = [];
      for (const { message, error } of failed) {
        const verdict = this.judge(message, error);
        if (verdict instanceof ProblemError) refused.push({ message, problem: verdict });
        else message.nak(verdict.againInMs);
      }
      if (refused.length > 0) await this.giveUp(refused);
    } catch (error) {
      this.parts.onFault(error, { subject: 'failed deliveries' });
    }
  }

  /** What becomes of a message that failed: it is delivered again, or given up for a reason. */
  private judge(message: JsMsg, error: unknown): ProblemError | { againInMs: number } {
    if (isRefusal(error)) return error;
    if (willPass(error)) return { againInMs: redeliveryDelayMs };
    const place = placeOf(message);
    const faults = (this.faults.get(place) ?? 0) + 1;
    this.faults.delete(place);
    this.faults.set(place, faults);
    const [oldest] = this.faults.keys();
    if (this.faults.size > countedMax && oldest !== undefined) this.faults.delete(oldest);
    if (faults < faultyDeliveriesMax) return { againInMs: redeliveryDelayMs * 2 ** (faults - 1) };
    return new ProblemError('INTERNAL', `It failed ${faults} times by an unexpected fault, which has been logged.`);
  }

  /** Only once the letters are safe is anybody told and the broker rid of the messages. */
  private async giveUp(refused: readonly Refusal[]): Promise<void> {
    const { deadLetters, onFault, onKept, onGivenUp } = this.parts;
    try {
      for (const { reason } of await deadLetters.keep(refused.map(deadLetterOf))) onKept(reason);
    } catch (error) {
      onFault(error, { subject: 'dead letters' });
      for (const { message } of refused) message.nak(redeliveryDelayMs);
      return;
    }
    for (const { message, problem } of refused) {
      this.faults.delete(placeOf(message));
      onGivenUp(message, problem);
      message.ack();
    }
  }

  /** What failed together for one reason is one report. What is wrong with a message itself is told of its dead letter. */
  private report(failed: readonly FailedDelivery[]): void {
    const told = new Set<unknown>();
    for (const { message, error } of failed) {
      const reason = error instanceof ProblemError ? error.message : error;
      if (told.has(reason) || isRefusal(error)) continue;
      told.add(reason);
      this.parts.onFault(error, { subject: `${message.subject} ${message.seq}` });
    }
  }
}

/** Whether a failure says that the same can never succeed. Whatever else fails comes again, until it has failed too often. */
export function isRefusal(error: unknown): error is ProblemError {
  return error instanceof ProblemError && !error.retryable;
}

function deadLetterOf({ message, problem }: Refusal): DeadLetter {
  const payloadMax = problem.code === 'INTERNAL' ? givenUpPayloadMax : refusedPayloadMax;
  return {
    _id: `${message.info.consumer}.${placeOf(message)}`,
    consumer: message.info.consumer,
    subject: message.subject.slice(0, 200),
    stream_sequence: message.seq,
    message_id: messageIdOf(message),
    headers: headersOf(message),
    reason: problem.code,
    problem: problem.toProblem(),
    payload: new TextDecoder().decode(message.data.subarray(0, payloadMax)),
    payload_bytes: message.data.length,
    received_at: new Date(),
  };
}

function headersOf({ headers }: JsMsg): DeadLetter['headers'] {
  const given = [...(headers ?? [])].flatMap(([name, values]) => values.map((value) => ({ name, value })));
  return given
    .slice(0, headersMax)
    .map(({ name, value }) => ({ name: name.slice(0, headerMax), value: value.slice(0, headerMax) }));
}

/** Has the dead letters of a service kept, counted and told of, for whoever settles what could not be handled. */
export const failedDeliveries: Provider = {
  provide: FailedDeliveries,
  inject: [Store, Metrics, LOGGER, Faults],
  useFactory: async (store: Store, metrics: Metrics, logger: Logger, faults: Faults) => {
    await ensureIndexes(store, deadLetterIndexes);
    const log = new DeadLetterLog(logger);
    return new FailedDeliveries({
      deadLetters: new DeadLetterStore(store),
      onFault: faults.report,
      onKept: (reason) => metrics.count('kintsugi_dead_letters_total', { reason }),
      onGivenUp: (message, problem) => log.note(message, problem),
    });
  },
};
