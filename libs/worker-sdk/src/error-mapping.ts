import { limits } from '@kintsugi/contracts';
import { TaskError, type FailureFacts } from './task-error.js';

export interface MappedFailure extends FailureFacts {
  error_message?: string;
}

/** Names an error that the handler threw; undefined leaves it to the next mapping. */
export type ErrorMapping = (error: unknown) => MappedFailure | undefined;

/** Error codes of Node's network calls, by what they mean for a task. */
const networkCodes: Record<string, string> = {
  ECONNRESET: 'net.reset',
  EPIPE: 'net.reset',
  ECONNABORTED: 'net.reset',
  ESOCKET: 'net.reset',
  ETIMEDOUT: 'net.timeout',
  ESOCKETTIMEDOUT: 'net.timeout',
  ETIME: 'net.timeout',
  UND_ERR_CONNECT_TIMEOUT: 'net.timeout',
  UND_ERR_HEADERS_TIMEOUT: 'net.timeout',
  UND_ERR_BODY_TIMEOUT: 'net.timeout',
  ECONNREFUSED: 'net.refused',
  ENOTFOUND: 'net.dns',
  EAI_AGAIN: 'net.dns',
  EHOSTUNREACH: 'net.unreachable',
  ENETUNREACH: 'net.unreachable',
};

export interface DescribedFailure extends MappedFailure {
  error_message: string;
  stack_trace?: string;
}

/**
 * The failure that an error amounts to: by the handler's own words, the caller's mappings, codes, or its name. What is
 * thrown may be anything and a mapping may be at fault, so whatever cannot be asked or used is passed over; `note` is
 * told of mappings that are at fault.
 */
export function describeFailure(
  error: unknown,
  mappings: readonly ErrorMapping[],
  note: (line: string) => void,
): DescribedFailure {
  const facts: Partial<Record<keyof MappedFailure, unknown>> = factsOf(error, mappings, note) ?? {};
  const type = given(() => facts.error_type) ?? given(() => byCode(error)) ?? given(() => byName(error)) ?? 'error.thrown';
  const message = given(() => facts.error_message) ?? given(() => messageOf(error)) ?? 'What was thrown has no text.';
  const stack = given(() => (error instanceof Error ? error.stack : undefined));
  const retryAfterMs = waitOf(asked(() => facts.retry_after_ms));
  return {
    error_type: cleanType(type),
    error_message: message.slice(0, limits.errorMessageLength),
    ...(asked(() => facts.non_retryable) === true ? { non_retryable: true } : {}),
    ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }),
    ...(stack === undefined ? {} : { stack_trace: stack.slice(0, limits.stackLength) }),
  };
}

/** An answer that may throw instead: then there is none. */
function asked<Answer>(question: () => Answer): Answer | undefined {
  try {
    return question();
  } catch {
    return undefined;
  }
}

/** A text with something in it, if that is the answer. */
function given(question: () => unknown): string | undefined {
  const answer = asked(question);
  return typeof answer === 'string' && answer !== '' ? answer : undefined;
}

function factsOf(error: unknown, mappings: readonly ErrorMapping[], note: (line: string) => void): MappedFailure | undefined {
  if (asked(() => TaskError.is(error))) return asked(() => (error as TaskError).facts);
  for (const mapping of mappings) {
    try {
      const mapped: unknown = mapping(error);
      if (mapped instanceof Promise) {
        mapped.catch(() => undefined);
        note('A mapping given to mapError was passed over: it has to answer at once, and gave a promise.');
      } else if (mapped) return mapped as MappedFailure;
    } catch (fault) {
      note(`A mapping given to mapError was passed over, because it threw: ${given(() => messageOf(fault)) ?? 'no text'}`);
    }
  }
  return undefined;
}

function messageOf(error: unknown): string {
  return String(error instanceof Error ? error.message : error);
}

function byName(error: unknown): string | undefined {
  return error instanceof Error ? `error.${error.name}` : undefined;
}

function byCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { responseCode, code, statusCode, status } = error as Record<string, unknown>;
  if (typeof responseCode === 'number' && responseCode >= 400) return `smtp.${responseCode}`;
  if (typeof code === 'string' && Object.hasOwn(networkCodes, code)) return networkCodes[code];
  const http = typeof statusCode === 'number' ? statusCode : status;
  if (typeof http === 'number' && http >= 400 && http < 600) return `http.${http}`;
  if ((error as Error).name === 'TimeoutError') return 'net.timeout';
  const { cause } = error as { cause?: unknown };
  return cause === undefined ? undefined : byCode(cause);
}

/** Whole milliseconds, no more than a retry may be put off; what is no such wait leaves it to the policy. */
function waitOf(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return undefined;
  return Math.min(Math.ceil(value), limits.retryDelaySeconds * 1000);
}

/** An error type names a policy: only what such a name may hold is kept. */
function cleanType(type: string): string {
  return type.replace(/[^A-Za-z0-9_.:-]/g, '_').slice(0, limits.idLength);
}
