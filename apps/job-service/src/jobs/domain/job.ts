import {
  everyCount,
  type BatchJob,
  type EventInput,
  type EventName,
  type JobStatus,
  type Labels,
  type ResourceLimits,
  type RetrySettings,
  type SafetyClass,
  type TaskCounts,
} from '@kintsugi/contracts';
import { detailedStatusOf, errorCountOf } from './job-progress.js';
import { LatencyHistogram } from './latency-histogram.js';

/** An event that the job has promised and the relay has to publish. */
export interface JobOutboxEntry {
  id: string;
  name: EventName;
  at: number;
  data: EventInput<EventName>;
}

/** A job of many tasks, or of a plan, as it is stored. What is counted is derived from its chunks. */
export interface JobRecord {
  _id: string;
  type: string;
  status: JobStatus;
  product_id: string;
  sending_group_id: string;
  user_id: string;
  priority: number;
  max_parallel_tasks: number | null;
  retry_config: RetrySettings | null;
  resource_limits: ResourceLimits | null;
  safety: SafetyClass;
  labels: Labels;
  /** null until a planned job has its tasks. */
  total_tasks: number | null;
  chunks: number | null;
  /** Whether the staged chunks have been made real. */
  opened: boolean;
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
}

export function viewJob(job: JobRecord): BatchJob {
  return {
    id: job._id,
    type: job.type,
    status: job.status,
    product_id: job.product_id,
    sending_group_id: job.sending_group_id,
    user_id: job.user_id,
    priority: job.priority,
    max_parallel_tasks: job.max_parallel_tasks,
    retry_config: job.retry_config,
    resource_limits: job.resource_limits,
    safety: job.safety,
    labels: job.labels,
    detailed_status: detailedStatusOf(job.status, job.task_counts, job.total_tasks, errorCountOf(job.error_types)),
    total_tasks: job.total_tasks,
    task_counts: everyCount(job.task_counts),
    created_at: job.created_at,
    started_at: job.started_at,
    finished_at: job.finished_at,
    run_figures: {
      retries: job.retries,
      recovered: job.recovered,
      first_try: job.first_try,
      task_ms: new LatencyHistogram(job.task_ms).summary(),
      submit_to_done_ms: new LatencyHistogram(job.outcome_ms).summary(),
    },
  };
}
