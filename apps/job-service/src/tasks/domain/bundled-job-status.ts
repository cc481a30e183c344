import { isFinished, type FinishedJobStatus, type JobStatus, type TaskState } from '@kintsugi/contracts';
import type { Chunk, ChunkState } from './chunk.js';

/** What tells the status of single-task jobs in a chunk. */
export interface BundledTask extends Pick<Chunk, 'stateOf' | 'isCancelRequested' | 'isPaused'> {
  readonly state: Pick<ChunkState, 'attempts'>;
}

/** The status of a single-task job: it has no record of its own, and is what the state of its task makes of it. */
const jobStatusOfTask: Readonly<Record<TaskState, JobStatus>> = {
  blocked: 'pending',
  ready: 'pending',
  leased: 'running',
  running: 'running',
  failed: 'running',
  waiting_retry: 'running',
  parked: 'running',
  succeeded: 'completed',
  skipped: 'completed',
  dead: 'failed',
  quarantined: 'failed',
  outcome_unknown: 'failed',
  cancelled: 'cancelled',
};

/** A job whose task waits for another run is running, since that task has run; one whose task was told to end is being cancelled. */
export function bundledJobStatus(chunk: BundledTask, index: number): JobStatus {
  const status = jobStatusOfTask[chunk.stateOf(index)];
  if (isFinished(status)) return status;
  if (status === 'running' && chunk.isCancelRequested(index)) return 'cancelling';
  if (chunk.isPaused(index)) return 'paused';
  return status === 'pending' && (chunk.state.attempts[index] ?? 0) > 0 ? 'running' : status;
}

/** How a single-task job has ended with its task in this state; null where it has not. */
export function bundledJobEnd(state: TaskState): FinishedJobStatus | null {
  const status = jobStatusOfTask[state];
  return isFinished(status) ? status : null;
}
