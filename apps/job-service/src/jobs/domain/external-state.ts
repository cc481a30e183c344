import { isFinished, type JobStatus } from '@kintsugi/contracts';
import type { DetailedStatus } from './job-progress.js';

/** What is known of a job that somebody else runs: what its producer has reported, and how long that may take to do so again. */
export interface ExternalState {
  /** Rises with each change of the job, so that one that was made from an outdated reading is noticed. */
  version: number;
  /** As its producer calls it; null while it has named none. */
  phase: string | null;
  progress_percentage: number;
  active_tasks: number;
  /** As reported. */
  error_count: number;
  /** Errors that were reported with their details. */
  faults: number;
  /** How often it was to be tried again. */
  retries: number;
  reported_at: string | null;
  /** On the clock of heard time: when its producer has been silent for too long; null while nothing is waited for. */
  stall_at: number | null;
  /** Of the last reports that came as messages: one that comes again changes nothing. */
  marks: string[];
}

export function freshExternalState(stallAt: number): ExternalState {
  return {
    ...{ version: 1, phase: null, progress_percentage: 0, active_tasks: 0, error_count: 0, faults: 0, retries: 0 },
    ...{ reported_at: null, stall_at: stallAt, marks: [] },
  };
}

/** The spec's detailed status, as the producer of the job has reported it. */
export function detailedStatusOfExternal(status: JobStatus, external: ExternalState): DetailedStatus {
  const isOver = isFinished(status);
  return {
    current_phase: phaseOf(status, external),
    progress_percentage: external.progress_percentage,
    active_tasks: isOver ? 0 : external.active_tasks,
    error_count: Math.max(external.error_count, external.faults),
  };
}

function phaseOf(status: JobStatus, { phase, reported_at }: ExternalState): string {
  if (status === 'running') return phase ?? status;
  return status === 'pending' && reported_at === null ? 'waiting_for_producer' : status;
}
