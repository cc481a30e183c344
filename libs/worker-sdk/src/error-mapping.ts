import { getSystemErrorName } from 'node:util';
import { limits } from '@kintsugi/contracts';
import { asked, chainOf, given, propertyOf, type ErrorLink } from './error-chain.js';
import { TaskError, type FailureDetails } from './task-error.js';

export interface MappedFailure extends FailureDetails {
  error_message?: string;
}

/** Names an error that the handler threw; undefined leaves it to the next mapping. */
export type ErrorMapping = (error: unknown) => MappedFailure | undefined;

/** Error codes of Node's network calls and of nodemailer, by what they mean for a task. */
const networkCodes: Record<string, string> = {
  ECONNRESET: 'net.reset',
  EPIPE: 'net.reset',
  ECONNABORTED: 'net.reset',
  ECONNECTION: 'net.reset',
  ESOCKET: 'net.reset',
  UND_ERR_SOCKET: 'net.reset',
  ETIMEDOUT: 'net.timeout',
  ESOCKETTIMEDOUT: 'net.timeout',
  ETIME: 'net.timeout',
  UND_ERR_CONNECT_TIMEOUT: 'net.timeout',
  UND_ERR_HEADERS_TIMEOUT: 'net.timeout',
  UND_ERR_BODY_TIMEOUT: 'net.timeout',
  ECONNREFUSED: 'net.refused',
  ENOTFOUND: 'net.dns',
  EAI_AGAIN: 'net.dns',
  EDNS: 'net.dns',
  EHOSTUNREACH: 'net.unreachable',
  ENETUNREACH: 'net.unreachable',
};

/** Errors and stacks that are told of one chain; of more, the first and the last. */
const toldMax = 4;
const causedBy = '\nCaused by: ';
/** Where the calls of this library begin. They are the same in each stack, and often longer than what the handler has called. */
const ownCalls = /\n {4}at runTraced \([^\n]*\n {4}at TaskRunner\.run \(/;

export interface DescribedFailure extends MappedFailure {
  error_message: string;
  stack_trace?: string;
}

/**
 * The failure that an error amounts to: by the handler's own words, the caller's mappings, the innermost code that is
 * known, or its name. What is thrown may be anything and a mapping may be at fault, so whatever cannot be asked or used
 * is passed over; `note` is told of mappings that are at fault.
 */
export function describeFailure(
  error: unknown,
  mappings: readonly ErrorMapping[],
  note: (line: string) => void,
  masked: (text: string) => string = (text) => text,
): DescribedFailure {
  const chain = maskedChain(chainOf(error), masked);
  const details: Partial<Record<keyof MappedFailure, unknown>> = detailsOf(chain, mappings, note) ?? {};
  const type = given(() => details.error_type) ?? innermostCode(chain) ?? byName(chain) ?? 'error.thrown';
  const ownMessage = given(() => details.error_message);
  const message = ownMessage === undefined ? messageOf(chain, limits.errorMessageLength) : masked(ownMessage);
  const stack = stackOf(chain, limits.stackLength);
  const retryAfterMs = waitOf(asked(() => details.retry_after_ms));
  const dependency = given(() => details.dependency);
  return {
    error_type: cleanType(type),
    error_message: message.slice(0, limits.errorMessageLength) || 'What was thrown has no text.',
    ...(asked(() => details.non_retryable) === true ? { non_retryable: true } : {}),
    ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }),
    ...(dependency === undefined ? {} : { dependency: masked(dependency).slice(0, limits.idLength).toWellFormed() }),
    ...(stack === '' ? {} : { stack_trace: stack }),
    result: asked(() => details.result),
  };
}

/** Before anything is cut: the beginning of a secret tells much of it. */
function maskedChain(link: ErrorLink, masked: (text: string) => string): ErrorLink {
  const { stack } = link;
  const causes = link.causes.map((cause) => maskedChain(cause, masked));
  return { ...link, text: masked(link.text), stack: stack === undefined ? undefined : withoutOwnCalls(masked(stack)), causes };
}

function withoutOwnCalls(stack: string): string {
  const at = stack.search(ownCalls);
  return at === -1 ? stack : stack.slice(0, at);
}

function detailsOf(chain: ErrorLink, mappings: readonly ErrorMapping[], note: (line: string) => void): MappedFailure | undefined {
  const error = chain.value;
  if (asked(() => TaskError.is(error))) return asked(() => (error as TaskError).details);
  for (const mapping of mappings) {
    try {
      const mapped: unknown = mapping(error);
      if (mapped instanceof Promise) {
        mapped.catch(() => undefined);
        note('A mapping given to mapError was passed over: it has to answer at once, and gave a promise.');
      } else if (mapped) return mapped as MappedFailure;
    } catch (fault) {
      const why = messageOf(chainOf(fault), limits.logLineLength) || 'no text';
      note(`A mapping given to mapError was passed over, because it threw: ${why}`);
    }
  }
  return wrappedDetails(chain);
}

/** What the handler's own code said of a failure before it was wrapped into another error. */
function wrappedDetails({ causes }: ErrorLink): MappedFailure | undefined {
  for (const cause of causes) {
    if (asked(() => TaskError.is(cause.value))) return asked(() => (cause.value as TaskError).details);
    const details = wrappedDetails(cause);
    if (details) return details;
  }
  return undefined;
}

/**
 * The error and its causes in one sentence, from the outside in; side by side stand the errors of an aggregate. What has
 * been said already, as by an error that quotes its cause, is not said twice.
 */
function messageOf(chain: ErrorLink, length: number): string {
  const said: string[] = [];
  const news = linksOf(chain).filter(({ text }) => {
    const start = text.slice(0, length);
    if (start === '' || said.some((before) => before.includes(start))) return false;
    said.push(start);
    return true;
  });
  const told = new Set(firstAndLast(news));
  const share = told.size > 1 ? Math.floor(length / told.size) - 2 : length;
  const wordsOf = (link: ErrorLink): string => {
    const own = told.has(link) ? link.text.slice(0, share) : '';
    const inner = link.causes.map(wordsOf).filter((words) => words !== '');
    return [own, inner.join('; ')].filter((words) => words !== '').join(': ');
  };
  return wordsOf(chain);
}

function stackOf(chain: ErrorLink, length: number): string {
  const stacks = new Set(linksOf(chain).flatMap(({ stack }) => stack ?? []));
  const told = firstAndLast([...stacks]);
  const share = Math.floor(length / told.length) - causedBy.length;
  return told
    .map((stack) => stack.slice(0, share))
    .join(causedBy)
    .slice(0, length);
}

function linksOf(link: ErrorLink): ErrorLink[] {
  return [link, ...link.causes.flatMap(linksOf)];
}

function firstAndLast<Item>(items: readonly Item[]): readonly Item[] {
  return items.length <= toldMax ? items : [...items.slice(0, toldMax / 2), ...items.slice(-toldMax / 2)];
}

function byName({ isError, name }: ErrorLink): string | undefined {
  return isError && name ? `error.${name}` : undefined;
}

/** The first code that is known, causes before what they caused. */
function innermostCode({ value, causes, name }: ErrorLink): string | undefined {
  for (const cause of causes) {
    const code = innermostCode(cause);
    if (code) return code;
  }
  return codeOf(value, name);
}

function codeOf(error: unknown, name: string | undefined): string | undefined {
  const reply = propertyOf(error, 'responseCode');
  if (typeof reply === 'number' && reply >= 400) return `smtp.${reply}`;
  const errno = propertyOf(error, 'errno');
  // Libraries put a code of their own in the place of the system's, which stays beside it.
  const codes = [
    propertyOf(error, 'originalCode'),
    typeof errno === 'number' ? asked(() => getSystemErrorName(errno)) : errno,
    propertyOf(error, 'code'),
  ];
  const known = codes.find((code) => typeof code === 'string' && Object.hasOwn(networkCodes, code));
  if (known !== undefined) return networkCodes[known as string];
  const http = [propertyOf(error, 'statusCode'), propertyOf(error, 'status')].find((code) => typeof code === 'number');
  if (typeof http === 'number' && http >= 400 && http < 600) return `http.${http}`;
  return name === 'TimeoutError' ? 'net.timeout' : undefined;
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
