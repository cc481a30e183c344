import { limits } from '../limits.js';
import { problemCatalogue, type ProblemCode } from './problem-catalogue.js';

/** One fault in an input: where, which rule, what was got and what is allowed. */
export interface ProblemDetail {
  /** `data.tasks[3].id`, `header.idempotency-key`, `line 7: payload`; empty for the input as a whole. */
  path: string;
  rule: string;
  got?: string;
  allowed?: string;
  /** What was likely meant, or what to do instead. */
  hint?: string;
}

/** RFC 9457 problem details, the same at HTTP, in NATS replies and in the CLI. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  /** What happened and what to do next, in one or two sentences. */
  detail: string;
  retryable: boolean;
  errors?: ProblemDetail[];
  request_id?: string;
  /** For STATE_CONFLICT: the state found and the states from which the move is allowed. */
  current?: string;
  allowed?: string[];
  /** For UNIQUE_CONFLICT: the job that holds the key. */
  holder?: string;
  /** Seconds after which a retryable request is worth repeating. */
  retry_after?: number;
}

export interface ProblemExtras {
  errors?: ProblemDetail[];
  current?: string;
  allowed?: string[];
  holder?: string;
  retry_after?: number;
}

/** A refusal that reaches the caller as it is: never a stack, never a driver's words. */
export class ProblemError extends Error {
  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail);
    this.name = 'ProblemError';
  }

  get status(): number {
    return problemCatalogue[this.code].status;
  }

  /** Whether the same can succeed later without a change. */
  get retryable(): boolean {
    return problemCatalogue[this.code].retryable;
  }

  toProblem(requestId?: string): Problem {
    const { status, retryable, title } = problemCatalogue[this.code];
    const { errors, ...rest } = this.extras;
    return {
      type: `https://kintsugi.dev/problems/${this.code}`,
      title,
      status,
      code: this.code,
      detail: this.message,
      retryable,
      ...(errors ? { errors: errors.slice(0, limits.problemErrors) } : {}),
      ...rest,
      ...(requestId ? { request_id: requestId } : {}),
    };
  }

  /** The error that a problem received over the wire stands for. */
  static fromProblem(problem: Problem): ProblemError {
    const { errors, current, allowed, holder, retry_after } = problem;
    return new ProblemError(problem.code, problem.detail, {
      ...(errors ? { errors } : {}),
      ...(current ? { current } : {}),
      ...(allowed ? { allowed } : {}),
      ...(holder ? { holder } : {}),
      ...(retry_after ? { retry_after } : {}),
    });
  }
}

export function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null || !('code' in value) || typeof value.code !== 'string') return false;
  return Object.hasOwn(problemCatalogue, value.code);
}

const shownLength = 100;

/** What was got, short enough to show and with control characters escaped. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') return typeof value;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, escapeCharacter);
  return text.length <= shownLength ? text : `${text.slice(0, shownLength)}… (${text.length} characters)`;
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
