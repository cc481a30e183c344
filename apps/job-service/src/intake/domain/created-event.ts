import type { JobOutboxEntry, JobRecord } from '../../jobs/domain/job.js';

/** The event by which the world learns of a new job. */
export function createdEvent(job: JobRecord, now: number): JobOutboxEntry {
  return {
    id: `evt_${job._id}.1`,
    name: 'job.created',
    at: now,
    data: {
      jobs: [
        {
          job_id: job._id,
          type: job.type,
          product_id: job.product_id,
          sending_group_id: job.sending_group_id,
          user_id: job.user_id,
          priority: job.priority,
          max_parallel_tasks: job.max_parallel_tasks,
          retry_config: job.retry_config,
          resource_limits: job.resource_limits,
          safety: job.safety,
          labels: job.labels,
          total_tasks: job.total_tasks,
          created_at: job.created_at,
        },
      ],
    },
  };
}
