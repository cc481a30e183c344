import { v7 } from 'uuid';
import type { EventInput, EventName, JobEnding, CreatedJob } from '@kintsugi/contracts';
import { EventPublisher, type Bus } from '@kintsugi/messaging';

/** Tells the events of jobs as job-service does. Times are milliseconds after the start of this test. */
export class JobEventTeller {
  readonly start = Date.now();
  private readonly publisher: EventPublisher;

  constructor(bus: Bus) {
    this.publisher = new EventPublisher(bus);
  }

  at(ms: number): string {
    return new Date(this.start + ms).toISOString();
  }

  /** Each telling has an id of its own, so that the broker drops none of them as a copy. */
  async tell<Name extends EventName>(name: Name, ms: number, data: EventInput<Name>): Promise<void> {
    await this.publisher.publish({ id: v7(), name, source: '/kintsugi/job-service', subject: 'test', time: this.at(ms), data });
  }

  created(ms: number, heads: readonly CreatedJob[]): Promise<void> {
    return this.tell('job.created', ms, { jobs: [...heads] });
  }

  started(ms: number, jobId: string): Promise<void> {
    return this.tell('job.started', ms, { jobs: [{ job_id: jobId, started_at: this.at(ms) }] });
  }

  progressed(ms: number, jobId: string, succeeded: number): Promise<void> {
    const job = {
      job_id: jobId,
      status: 'running' as const,
      total_tasks: 4,
      task_counts: { succeeded },
      detailed_status: { current_phase: 'running', progress_percentage: 25 * succeeded, active_tasks: 1, error_count: 0 },
    };
    return this.tell('job.progressed', ms, { jobs: [job] });
  }

  ended(
    status: 'completed' | 'failed' | 'cancelled',
    ms: number,
    jobIds: readonly string[],
    over: Partial<JobEnding> = {},
  ): Promise<void> {
    const jobs = jobIds.map((job_id) => ({ ...this.ending(job_id, status, ms), ...over }));
    return this.tell(`job.${status}`, ms, { jobs });
  }

  recovered(ms: number, jobId: string): Promise<void> {
    return this.tell('job.recovered', ms, { jobs: [{ job_id: jobId, status: 'recovering' }] });
  }

  head(jobId: string, createdMs: number, over: Partial<CreatedJob> = {}): CreatedJob {
    return {
      job_id: jobId,
      type: 'smtp.send',
      product_id: 'shop',
      sending_group_id: 'spring',
      user_id: 'ann',
      tenant: 'default',
      priority: 5,
      max_parallel_tasks: null,
      retry_config: null,
      resource_limits: null,
      safety: 'idempotent',
      labels: {},
      total_tasks: 4,
      created_at: this.at(createdMs),
      ...over,
    };
  }

  private ending(jobId: string, status: JobEnding['status'], ms: number): JobEnding {
    const [succeeded, dead] = status === 'completed' ? [4, 0] : [3, 1];
    return {
      job_id: jobId,
      status,
      started_at: this.at(10),
      finished_at: this.at(ms),
      total_tasks: 4,
      task_counts: { succeeded, ...(dead ? { dead } : {}) },
      retries: 2,
      recovered: 1,
      first_try: 3,
      error_types: { 'smtp.451': 2 },
      task_ms: { p50_ms: 5, p99_ms: 9 },
      submit_to_done_ms: { p50_ms: 50, p99_ms: 90 },
    };
  }
}

export function newJobId(): string {
  return `job_${v7()}`;
}
