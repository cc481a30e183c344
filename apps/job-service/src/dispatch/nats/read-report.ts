import {
  leaseOutcomeSchema,
  limits,
  outcomeReportSchema,
  taskFailureSchema,
  type LeaseOutcome,
  type TaskFailure,
} from '@kintsugi/contracts';
import { z } from 'zod';

/** The error type of tasks whose end was reported in a way that breaks the contract. */
const BAD_REPORT = 'worker.bad_report';

/** Faults that a refusal names at most. */
const issuesTold = 3;

const { chunk_id, fence, base_ms, done, results, logs } = leaseOutcomeSchema.shape;
const index = done.element;
const anything = z.array(z.unknown()).catch([]);
const wholeOrZero = z.int().min(0).catch(0);

/** Each part that can be read is, whatever the others hold. */
const partsSchema = z.object({
  chunk_id,
  fence,
  base_ms: base_ms.nullable().catch(null),
  done: anything,
  started: anything,
  took_us: anything,
  failed: anything,
  returned: anything,
  results: results.catch(undefined),
  logs: logs.catch(undefined),
});

const mendedFailureSchema = z.object({
  index,
  started: z.int().catch(0),
  took_us: wholeOrZero,
  error_type: taskFailureSchema.shape.error_type.catch(BAD_REPORT),
  error_message: taskFailureSchema.shape.error_message.optional().catch(undefined),
  stack_trace: taskFailureSchema.shape.stack_trace.catch(undefined),
  non_retryable: taskFailureSchema.shape.non_retryable.catch(undefined),
  retry_after_ms: taskFailureSchema.shape.retry_after_ms.catch(undefined),
  dependency: taskFailureSchema.shape.dependency.catch(undefined),
  host: taskFailureSchema.shape.host.catch(undefined),
  version: taskFailureSchema.shape.version.catch(undefined),
  cancelled: taskFailureSchema.shape.cancelled.catch(undefined),
});

export interface ReadReport {
  leases: LeaseOutcome[];
  /** What breaks the contract. */
  refused?: string;
}

/**
 * What a report says; of one that breaks its contract, what can be taken, outcome by outcome: it would come again and
 * again, and its tasks would never end.
 */
export function readReport(given: unknown, now: number): ReadReport {
  const read = outcomeReportSchema.safeParse(given);
  if (read.success) return { leases: read.data.leases };
  const leases: unknown = typeof given === 'object' && given !== null && 'leases' in given ? given.leases : null;
  return {
    leases: Array.isArray(leases) ? leases.flatMap((outcome) => takeable(outcome, now) ?? []) : [],
    refused: reasonOf(read.error),
  };
}

function takeable(given: unknown, now: number): LeaseOutcome | null {
  const read = leaseOutcomeSchema.safeParse(given);
  return read.success ? read.data : mendOutcome(given, reasonOf(read.error), now);
}

function reasonOf({ issues }: z.ZodError): string {
  const told = issues.slice(0, issuesTold).map(({ path, message }) => `${path.join('.') || 'the report'}: ${message}`);
  return told.join('; ');
}

/** Each task that is named readably ends as it says; when none is, all tasks of the lease fail. Null without a lease. */
function mendOutcome(given: unknown, reason: string, now: number): LeaseOutcome | null {
  const read = partsSchema.safeParse(given);
  if (!read.success) return null;
  const parts = read.data;
  const succeeded = parts.done.flatMap((value, position) => (isIndex(value) ? [{ value, position }] : []));
  const named = parts.failed.flatMap((failure) => mendedFailure(failure, reason));
  const returned = parts.returned.filter(isIndex);
  const isNamed = succeeded.length + named.length + returned.length > 0;
  return {
    chunk_id: parts.chunk_id,
    fence: parts.fence,
    base_ms: parts.base_ms ?? now,
    done: succeeded.map(({ value }) => value),
    started: succeeded.map(({ position }) => z.int().catch(0).parse(parts.started[position])),
    took_us: succeeded.map(({ position }) => wholeOrZero.parse(parts.took_us[position])),
    failed: isNamed ? named : Array.from({ length: limits.tasksPerChunk }, (_, at) => badReport(at, reason)),
    returned,
    results: parts.results,
    logs: parts.logs,
  };
}

function isIndex(value: unknown): value is number {
  return index.safeParse(value).success;
}

function mendedFailure(given: unknown, reason: string): TaskFailure[] {
  const read = mendedFailureSchema.safeParse(given);
  if (!read.success) return [];
  return [{ ...read.data, error_message: read.data.error_message ?? badReport(0, reason).error_message }];
}

function badReport(at: number, reason: string): TaskFailure {
  const message = `The worker reported the end of this task in a way that breaks the contract of reports: ${reason}`;
  return {
    index: at,
    started: 0,
    took_us: 0,
    error_type: BAD_REPORT,
    error_message: message.slice(0, limits.errorMessageLength),
  };
}
