import type { Actor, EventInput, EventName, JobDependency, JobStatus, TaskCounts } from '@kintsugi/contracts';
import type { AcceptedHead } from '../../tasks/domain/job-head.js';
import type { AwaitedEnd } from './awaits-of-job.js';
import type { ExternalState } from './external-state.js';

/** An event that the job has promised and the relay has to publish. */
export interface JobOutboxEntry {
  id: string;
  name: EventName;
  at: number;
  data: EventInput<EventName>;
}

/** A job of many tasks, or of a plan, as it is stored. What is counted is derived from its chunks. */
export interface JobRecord extends AcceptedHead {
  _id: string;
  status: JobStatus;
  /** Who has made it; missing where it is a copy, or an upload, of which the audit tells by itself. */
  made_by?: Actor;
  /** The span in which it was accepted, where that was traced. */
  traceparent?: string;
  /** While its chunks in the store may still have the priority before. */
  priority_moving?: true;
  /** The unique key that it holds, told apart by tenant; null while it is not in a state in which it does. Missing where it has none. */
  unique_hold?: string | null;
  /** The jobs that go before it. */
  depends_on?: readonly JobDependency[];
  /** What it still waits for, as `awaits-of-job.ts` writes it: empty once nothing is left, and missing where there never was anything. */
  awaits?: readonly string[];
  /** When nothing was left. */
  freed_at?: Date;
  /** Which of them has not come to what it was to, where the job is not to run because of it. */
  given_up?: { job_id: string; became: AwaitedEnd['became'] };
  /** When the job clock has to look at it next. */
  wake_at?: Date;
  /** Its deadline passed before it was over. */
  expired?: boolean;
  /** A retry policy has it fail as a whole: it is stopped as one whose deadline has passed. */
  aborted?: boolean;
  /** null until a planned job has its tasks. */
  total_tasks: number | null;
  chunks: number | null;
  /** Whether the staged chunks have been made real. */
  opened: boolean;
  /** Tasks that wait for others when the job begins; absent where none does. */
  blocked_tasks?: number;
  /** How its tasks stand when it begins, where some of them have ended before: it runs a part of another job. */
  opening?: TaskCounts;
  task_counts: TaskCounts;
  first_try: number;
  recovered: number;
  retries: number;
  error_types: Record<string, number>;
  /** Saved histograms: run time of successes, and acceptance to success. */
  task_ms: Record<string, number>;
  outcome_ms: Record<string, number>;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  /** Events made so far, for their ids. */
  events: number;
  epoch: number;
  outbox: JobOutboxEntry[];
  /** What one of its tasks has named last as what it is busy with. */
  phase?: string;
  /** Of a job that somebody else runs. */
  external?: ExternalState;
}

/** A job that somebody else runs: it has no tasks, and what it is was reported. */
export type ExternalJobRecord = JobRecord & { external: ExternalState };

export function isExternal(job: JobRecord): job is ExternalJobRecord {
  return job.external !== undefined;
}
