import type { Msg } from '@nats-io/nats-core';
import { ProblemError, actionOf, isReplySubject, limits, requestFrom } from '@kintsugi/contracts';
import { PROBLEM_HEADER, headersOf } from './message-headers.js';
import { originOf, type Origin } from './origin.js';
import { isTooLarge } from './too-large.js';

/** What was being done when a fault came up: `origin` where somebody had asked for it. */
export interface FaultContext extends Partial<Origin> {
  subject: string;
}

export type FaultListener = (error: unknown, context: FaultContext) => void;

/** What a request carries, checked as input from outside is. */
export function readRequest(message: Msg): unknown {
  const { length: bytes } = message.data;
  if (bytes > limits.messageBytes) throw requestTooLarge(bytes);
  return requestFrom(actionOf(message.subject), message.data);
}

/** What is larger is read piece by piece where it may come, and comes nowhere else. */
function requestTooLarge(bytes: number): ProblemError {
  const [got, allowed] = [`${bytes} bytes`, `at most ${limits.messageBytes} bytes`];
  return new ProblemError('BODY_TOO_LARGE', `The request is ${bytes} bytes, allowed: ${allowed}.`, {
    errors: [{ path: 'data', rule: 'TOO_LONG', got, allowed }],
  });
}

/** Answers where the asker said, unless that is where no asker listens: on a subject of the platform's own, or of the broker. */
export function respond(message: Msg, body: string | Uint8Array, options?: { headers: ReturnType<typeof headersOf> }): void {
  if (message.reply && isReplySubject(message.reply)) message.respond(body, options);
}

/** Answers with the result. One that is larger than a message may be is a problem of what was asked for. */
export function replyWithResult(message: Msg, result: unknown): void {
  const text = JSON.stringify(result ?? null);
  try {
    respond(message, text);
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    throw new ProblemError(
      'ANSWER_TOO_LARGE',
      `The answer is larger than a message may be (${text.length} characters). Ask for a smaller page.`,
      { errors: [{ path: 'data.limit', rule: 'TOO_LARGE', got: `${text.length} characters`, allowed: 'a smaller limit' }] },
    );
  }
}

/** Whether a fault says that something is away for a moment and that the request was in order. */
type AwayTest = (error: unknown) => boolean;

/** Answers with the problem; an error that is none is reported to `onFault` and told without its words. */
export function replyWithProblem(message: Msg, error: unknown, onFault: FaultListener, isAway: AwayTest): void {
  const origin = originOf(message);
  const report = (fault: unknown): void => onFault(fault, { subject: message.subject, ...origin });
  const problem = toProblemError(error, report, isAway).toProblem(origin.requestId);
  respond(message, JSON.stringify(problem), { headers: headersOf({ [PROBLEM_HEADER]: problem.code }) });
}

/** The problem that an error amounts to. A store that is away is told apart from all other faults: it comes back. */
export function toProblemError(error: unknown, onFault: (error: unknown) => void, isAway: AwayTest): ProblemError {
  if (error instanceof ProblemError) return error;
  onFault(error);
  if (isAway(error)) {
    return new ProblemError('STORE_UNAVAILABLE', 'The database does not answer. Try again in a moment.', { retry_after: 1 });
  }
  return new ProblemError('INTERNAL', 'An unexpected fault. It has been logged with the request id; trying again may help.');
}
