import { NoRespondersError, TimeoutError } from '@nats-io/nats-core';
import {
  ProblemError,
  answerTimeoutMs,
  isProblem,
  natsActor,
  parseExactly,
  operations,
  requestBodyOf,
  subjects,
  utf8Length,
  type ActionInput,
  type ActionName,
  type ActionResponse,
} from '@kintsugi/contracts';
import { inSpan, tracing } from '@kintsugi/tracing';
import type { Bus } from './bus.js';
import { PROBLEM_HEADER, headersOf } from './message-headers.js';
import { originHeaders, ownOrigin, type Origin } from './origin.js';
import { ResponderGoneError } from './request-mux.js';
import { canShare, type Reply } from './shared-request.js';
import { isTooLarge } from './too-large.js';
import { spanOfSending } from './traced-messages.js';

export interface CallOptions {
  timeoutMs?: number;
  /** Who asks. Left out, it is whoever comes in by NATS itself. */
  origin?: Origin;
  /** Waits no longer for a service none of whose processes is left. */
  onlyWhilePresent?: boolean;
  /** Shares a message with others who ask for the same in this moment, where it is small: for whoever asks for many. */
  together?: boolean;
}

/** Nobody listened when a service was asked: surely nothing of it was done. Every other SERVICE_UNAVAILABLE leaves that open. */
export class NobodyThereError extends ProblemError {
  constructor(detail: string) {
    super('SERVICE_UNAVAILABLE', detail, { retry_after: 1 });
  }
}

/**
 * Asks a service to carry out an action and gives its answer. A problem in the reply is thrown as it is;
 * a service that is away or does not answer in time is SERVICE_UNAVAILABLE, which may be tried again; a NobodyThereError
 * where nobody was there to be asked.
 */
export async function callAction<Action extends ActionName>(
  bus: Bus,
  action: Action,
  data: ActionInput<Action>,
  options: CallOptions = {},
): Promise<ActionResponse<Action>> {
  // An async function that waits keeps what it was given, and data may be many times larger than its text.
  return callActionWith(bus, action, requestBodyOf(action, data), options);
}

/** The same, where the body of the request is made already. */
export async function callActionWith<Action extends ActionName>(
  bus: Bus,
  action: Action,
  body: string | Uint8Array,
  options: CallOptions = {},
): Promise<ActionResponse<Action>> {
  const { service } = operations[action];
  try {
    const { text, isProblem: isRefused } = await replyTo(bus, action, body, options);
    const answer = parseExactly(text);
    if (isRefused && isProblem(answer)) throw ProblemError.fromProblem(answer);
    return answer as ActionResponse<Action>;
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw isTooLarge(error) ? tooLarge(body, bus.messageBytesMax) : unavailable(service, error);
  }
}

function replyTo(bus: Bus, action: ActionName, body: string | Uint8Array, options: CallOptions): Promise<Reply> {
  const span = tracing() && spanOfSending(action, placeOf(action).subject, 'client');
  if (!span) return askFor(bus, action, body, options);
  const { traceparent } = span;
  // A traced request has a message of its own, whose headers are its own.
  const alone = { ...options, together: false, origin: { ...(options.origin ?? ownOrigin(natsActor)), traceparent } };
  return inSpan(span, () => askFor(bus, action, body, alone));
}

async function askFor(bus: Bus, action: ActionName, body: string | Uint8Array, options: CallOptions): Promise<Reply> {
  const { timeoutMs = answerTimeoutMs(action), origin, onlyWhilePresent, together } = options;
  const { subject, presence } = placeOf(action);
  const waiting = { timeoutMs, ...(onlyWhilePresent ? { presence } : {}) };
  if (together && origin && canShare(body)) {
    return bus.askTogether(subject, body, origin, waiting);
  }
  const reply = await bus.ask(subject, body, {
    ...waiting,
    ...(origin ? { headers: headersOf(originHeaders(origin)) } : {}),
  });
  return { text: reply.string(), isProblem: reply.headers?.has(PROBLEM_HEADER) ?? false };
}

interface Place {
  subject: string;
  presence: string;
}

const places = new Map<ActionName, Place>();

function placeOf(action: ActionName): Place {
  const known = places.get(action);
  if (known) return known;
  const subject = subjects.request(operations[action].service, action);
  const place = { subject, presence: subjects.presence(subject) };
  places.set(action, place);
  return place;
}

function unavailable(service: string, error: unknown): ProblemError {
  if (error instanceof ResponderGoneError) return gone(service);
  if (error instanceof NoRespondersError) {
    return new NobodyThereError(`${processOf(service)} is not running. ${nextFor(service, true)}`);
  }
  const why = error instanceof TimeoutError ? 'did not answer in time' : 'cannot be reached';
  return new ProblemError('SERVICE_UNAVAILABLE', `${processOf(service)} ${why}. ${nextFor(service, false)}`, {
    retry_after: 1,
  });
}

/** The process that answers for a service, as `kintsugi status` calls it. */
function processOf(service: string): string {
  return service === 'pool' ? 'pool-agent' : `${service}-service`;
}

function nextFor(service: string, isAbsent: boolean): string {
  const isUnasked = service === 'pool' && isAbsent;
  return isUnasked
    ? 'It runs where POOL_ALLOWED_URLS names the repositories that may be cloned; set that, and start the platform again.'
    : 'Try again; see `kintsugi status` if it lasts.';
}

function gone(service: string): ProblemError {
  return new ProblemError(
    'SERVICE_UNAVAILABLE',
    `${processOf(service)} ended before it answered, or its connection did, and may have done what was asked. Try again in a moment; an idempotency key keeps a job from being made twice.`,
    { retry_after: 1 },
  );
}

function tooLarge(body: string | Uint8Array, allowed: number): ProblemError {
  const bytes = typeof body === 'string' ? utf8Length(body) : body.length;
  return new ProblemError(
    'BODY_TOO_LARGE',
    `The request is ${bytes} bytes, and the NATS server takes ${allowed}. Nothing was accepted. Send tasks as an NDJSON upload, or raise max_payload of the NATS server.`,
    { errors: [{ path: 'data', rule: 'TOO_LONG', got: `${bytes} bytes`, allowed: `at most ${allowed} bytes` }] },
  );
}
