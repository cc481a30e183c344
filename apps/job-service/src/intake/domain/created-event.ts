import type { JobOutboxEntry, JobRecord } from '../../jobs/domain/job.js';
import { headOf } from '../../tasks/domain/job-head.js';

/** The event by which the world learns of a new job. */
export function createdEvent(job: JobRecord, now: number): JobOutboxEntry {
  return {
    id: `evt_${job._id}.1`,
    name: 'job.created',
    at: now,
    data: {
      jobs: [{ job_id: job._id, ...headOf(job), total_tasks: job.total_tasks, created_at: job.created_at }],
    },
  };
}
