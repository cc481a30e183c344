import { ProblemError, type BatchJob, type JobStatus, type TaskState } from '@kintsugi/contracts';
import type { JobMove } from '../jobs/domain/job-lifecycle.js';
import type { Chunk } from '../tasks/domain/chunk.js';

/** The moves that a person asks for. All others follow from how the tasks stand. */
export type AskedMove = Extract<JobMove, 'cancel'>;

/** A job as it was when it was opened, and what can be asked of it, wherever it is kept. */
export interface JobHandle {
  readonly id: string;
  readonly status: JobStatus;
  /** The job as its readers see it, with its head. */
  view(): BatchJob;
  /**
   * Makes a move, with what it means for the tasks, and resolves once it is safe. False, and nothing changed, where the job's
   * status does not allow it. One that was made and has not come to its end is gone through once more.
   */
  apply(move: AskedMove): Promise<boolean>;
  /** Chunks with tasks of it in order, from a sequence on; with a state, only those that have such tasks. */
  chunks(fromSequence: number, state: TaskState | null, limit: number): Promise<Chunk[]>;
  /** The places of its tasks in one of these chunks. */
  placesIn(chunk: Chunk): { from: number; to: number };
}

export function jobNotFound(jobId: string): ProblemError {
  return new ProblemError('JOB_NOT_FOUND', `There is no job ${jobId}. Jobs are listed by \`kintsugi jobs\`.`);
}
