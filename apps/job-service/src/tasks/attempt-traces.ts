import { typeOfQueue, type LeaseOutcome, type WorkHeader } from '@kintsugi/contracts';
import { attemptBefore, attemptTraceparent, tracing } from '@kintsugi/tracing';
import type { Chunk } from './domain/chunk.js';
import type { LeasedSlice } from './domain/lease-tasks.js';
import { traceOfTask } from './domain/traced-tasks.js';

/** The attempt of a task that a lease gave out. */
interface TracedAttempt {
  index: number;
  attempt: number;
  /** The span in which its job was accepted. */
  ofJob: string;
}

interface EndedAttempt extends TracedAttempt {
  failure: string | undefined;
}

/** A slice whose tasks travel with the traces of their attempts; nothing is said where none has one. */
export function traced(chunk: Chunk, slice: LeasedSlice): LeasedSlice {
  if (!tracing()) return slice;
  const attempts = attemptsOf(chunk, slice.lease.indexes);
  if (attempts.length === 0) return slice;
  const traceparents: NonNullable<WorkHeader['traceparents']> = {};
  for (const attempt of attempts) traceparents[attempt.index] = traceparentOf(chunk, attempt);
  return { ...slice, header: { ...slice.header, traceparents } };
}

/** The span in which the current attempt of the first of these tasks runs that is traced. */
export function traceparentOfAttempt(chunk: Chunk, indexes: readonly number[]): string | undefined {
  if (!tracing()) return undefined;
  for (const index of indexes) {
    const first = attemptOf(chunk, index);
    if (first) return traceparentOf(chunk, first);
  }
  return undefined;
}

/** Has what is under way, which has the task run again, say which attempt that follows on. */
export function linkAttempt(chunk: Chunk, index: number): void {
  const traceparent = traceparentOfAttempt(chunk, [index]);
  if (traceparent !== undefined) tracing()?.link(traceparent);
}

/** The spans in which these jobs were accepted, which share a chunk. */
export function traceparentsOfJobs(chunk: Chunk): string[] {
  if (!tracing()) return [];
  const { jobs, traceparent } = chunk.identity;
  if (!jobs) return traceparent === undefined ? [] : [traceparent];
  const traceparents: string[] = [];
  for (const job of jobs) if (job?.traceparent !== undefined) traceparents.push(job.traceparent);
  return traceparents;
}

/**
 * The traced attempts of a lease that is about to end, as a whole or in part. Each that does becomes a trace of its own once what
 * ended it is safe: from the lease to then, after the attempt before it.
 */
export class EndingAttempts {
  /** By its traceparent: that is a digest, which is made once. */
  private readonly ended = new Map<string, EndedAttempt>();

  private constructor(
    private readonly chunk: Chunk,
    private readonly attempts: readonly TracedAttempt[],
    private readonly leasedAt: number,
  ) {}

  /** Null where none is traced; and of a lease that was lost, whose attempts were told as such. */
  static of(chunk: Chunk, fence: number): EndingAttempts | null {
    const lease = tracing() && chunk.leaseOf(fence);
    const attempts = lease && !lease.lost ? attemptsOf(chunk, lease.indexes) : [];
    return lease && attempts.length > 0 ? new EndingAttempts(chunk, attempts, lease.leasedAt) : null;
  }

  /** What a report has ended, once that is taken in. */
  noteOutcome({ done, failed }: LeaseOutcome): void {
    const failures = new Map(failed.map(({ index, error_type: errorType }) => [index, errorType]));
    for (const attempt of this.attempts) {
      const isOver = done.includes(attempt.index) || failures.has(attempt.index);
      // One that was handed back is to be run as the same attempt.
      const counts = this.chunk.state.attempts[attempt.index] === attempt.attempt;
      if (isOver && counts) this.end(attempt, failures.get(attempt.index));
    }
  }

  /** All of it ended with a failure that its worker did not tell of. */
  noteFailure(indexes: readonly number[], failure: string): void {
    for (const attempt of this.attempts) if (indexes.includes(attempt.index)) this.end(attempt, failure);
  }

  get traceparents(): string[] {
    return [...this.ended.keys()];
  }

  record(now: number): void {
    const { chunk, leasedAt } = this;
    for (const [traceparent, { index, attempt, ofJob, failure }] of this.ended) {
      tracing()?.record({
        name: `attempt ${typeOfQueue(chunk.identity.queue)}`,
        kind: 'consumer',
        traceparent,
        startedAt: leasedAt,
        endedAt: now,
        links: [attemptBefore(ofJob, chunk.taskId(index), attempt)],
        attributes: {
          'kintsugi.job.id': chunk.jobIdOf(index),
          'kintsugi.task.id': chunk.taskId(index),
          'kintsugi.attempt': attempt,
        },
        ...(failure === undefined ? {} : { failure }),
      });
    }
  }

  private end(attempt: TracedAttempt, failure: string | undefined): void {
    this.ended.set(traceparentOf(this.chunk, attempt), { ...attempt, failure });
  }
}

function traceparentOf(chunk: Chunk, { index, attempt, ofJob }: TracedAttempt): string {
  return attemptTraceparent(ofJob, chunk.taskId(index), attempt);
}

/** A loop that makes nothing of what is not traced: most is not. */
function attemptsOf(chunk: Chunk, indexes: readonly number[]): TracedAttempt[] {
  const attempts: TracedAttempt[] = [];
  for (const index of indexes) {
    const attempt = attemptOf(chunk, index);
    if (attempt) attempts.push(attempt);
  }
  return attempts;
}

function attemptOf(chunk: Chunk, index: number): TracedAttempt | null {
  const ofJob = traceOfTask(chunk, index);
  return ofJob === undefined ? null : { index, attempt: chunk.state.attempts[index] ?? 1, ofJob };
}
