import { ProblemError, type BatchJob, type JobStatus, type TaskState } from '@kintsugi/contracts';
import type { CancelTasks } from '../dispatch/cancel-tasks.js';
import type { OpenTasks } from '../dispatch/open-tasks.js';
import type { PauseTasks } from '../dispatch/pause-tasks.js';
import type { PrioritiseTasks } from '../dispatch/prioritise-tasks.js';
import type { ReadyQueues } from '../dispatch/ready-queues.js';
import type { JobMove } from '../jobs/domain/job-lifecycle.js';
import type { PageOrder } from '../tasks/chunk-search.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import type { Asked } from '../tasks/domain/pause-moves.js';

/** The moves that a person asks for. All others follow from how the tasks stand. */
export type AskedMove = Extract<JobMove, 'cancel' | 'pause' | 'resume'>;

/** What carries moves to the tasks. */
export interface MoveParts {
  readonly cancelTasks: CancelTasks;
  readonly pauseTasks: PauseTasks;
  readonly openTasks: OpenTasks;
  readonly prioritiseTasks: PrioritiseTasks;
  readonly queues: ReadyQueues;
}

/** A job as it was when it was opened, and what can be asked of it, wherever it is kept. */
export interface JobHandle {
  readonly id: string;
  readonly status: JobStatus;
  /** The job as its readers see it, with its head. */
  view(): BatchJob;
  /** The span in which it was accepted, where that was traced. */
  readonly traceparent: string | undefined;
  /**
   * Makes a move, with what it means for the tasks, and resolves once it is safe. False, and nothing changed, where the job's
   * status does not allow it, or is what the move leads to already. One that has not come to its end is gone through once more.
   */
  apply(move: AskedMove, asked: Asked): Promise<boolean>;
  /** Sets its priority among others. False, and nothing changed, where nothing of it is to run any more. */
  prioritise(priority: number, by: string): Promise<boolean>;
  /** Chunks with tasks of it in order, from a sequence on or, in descending order, back; with a state, only those that have such tasks. */
  chunks(fromSequence: number, state: TaskState | null, limit: number, order?: PageOrder): Promise<Chunk[]>;
  /** The places of its tasks in one of these chunks. */
  placesIn(chunk: Chunk): { from: number; to: number };
}

export function jobNotFound(jobId: string): ProblemError {
  return new ProblemError('JOB_NOT_FOUND', `There is no job ${jobId}. Jobs are listed by \`kintsugi jobs\`.`);
}
