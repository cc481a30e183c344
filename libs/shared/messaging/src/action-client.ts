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
  /** The host whose process is asked, where each host has one. */
  host?: string;
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
    throw isTooLarge(error) ? tooLarge(body, bus.messageBytesMax) : unavailable(processOf(service, options.host), error);
  }
}

function replyTo(bus: Bus, action: ActionName, body: string | Uint8Array, options: CallOptions): Promise<Reply> {
  const span = tracing() && spanOfSending(action, placeOf(action, options.host).subject, 'client');
  if (!span) return askFor(bus, action, body, options);
  const { traceparent } = span;
  // A traced request has a message of its own, whose headers are its own.
  const alone = { ...options, together: false, origin: { ...(options.origin ?? ownOrigin(natsActor)), traceparent } };
  return inSpan(span, () => askFor(bus, action, body, alone));
}

async function askFor(bus: Bus, action: ActionName, body: string | Uint8Array, options: CallOptions): Promise<Reply> {
  const { timeoutMs = answerTimeoutMs(action), origin, host, onlyWhilePresent, together } = options;
  const { subject, presence } = placeOf(action, host);
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

function placeOf(action: ActionName, host?: string): Place {
  const subject = subjects.request(operations[action].service, action);
  if (host !== undefined) return placeAt(subjects.atHost(subject, host));
  const known = places.get(action);
  if (known) return known;
  const place = placeAt(subject);
  places.set(action, place);
  return place;
}

function placeAt(subject: string): Place {
  return { subject, presence: subjects.presence(subject) };
}

function unavailable(process: string, error: unknown): ProblemError {
  if (error instanceof ResponderGoneError) return gone(process);
  const next = 'Try again; see `kintsugi status` if it lasts.';
  if (error instanceof NoRespondersError) return new NobodyThereError(`${process} is not running. ${next}`);
  const why = error instanceof TimeoutError ? 'did not answer in time' : 'cannot be reached';
  return new ProblemError('SERVICE_UNAVAILABLE', `${process} ${why}. ${next}`, { retry_after: 1 });
}

/** The process that answers for a service, as `kintsugi status` calls it. Requests about pools are led to their hosts by recovery-service. */
function processOf(service: string, host: string | undefined): string {
  if (service !== 'pool') return `${service}-service`;
  return host === undefined ? 'recovery-service' : `pool-agent of ${host}`;
}

function gone(process: string): ProblemError {
  return new ProblemError(
    'SERVICE_UNAVAILABLE',
    `${process} ended before it answered, or its connection did, and may have done what was asked. Try again in a moment; an idempotency key keeps a job from being made twice.`,
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
