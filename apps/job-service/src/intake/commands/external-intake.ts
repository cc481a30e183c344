import { Injectable } from '@nestjs/common';
import type { JobHead, JobReceipt } from '@kintsugi/contracts';
import { ExternalJobs } from '../../external/external-jobs.js';
import { HeardClock } from '../../external/heard-clock.js';
import { freshExternalState } from '../../jobs/domain/external-state.js';
import type { ExternalJobRecord } from '../../jobs/domain/job.js';
import { Clock } from '../../platform/clock.js';
import { createdEvent } from '../domain/created-event.js';
import { freshJob, type GivenWith } from '../domain/fresh-chunks.js';

type Head = Omit<JobHead, 'type' | 'idempotency_key'>;

/** Accepts jobs that somebody else runs: a record of its own, and nothing to dispatch. */
@Injectable()
export class ExternalIntake {
  constructor(
    private readonly jobs: ExternalJobs,
    private readonly heard: HeardClock,
    private readonly clock: Clock,
  ) {}

  async accept(jobId: string, data: Head, given: GivenWith): Promise<JobReceipt> {
    const now = this.clock.now();
    const fresh = freshJob(jobId, data, { ...given, total: 0, chunks: 0, now });
    const external = freshExternalState(this.heard.now + (fresh.stalled_after_s ?? 0) * 1000);
    const job: ExternalJobRecord = { ...fresh, external, opened: true, task_counts: {} };
    await this.jobs.accept({ ...job, events: 1, outbox: [createdEvent(job, now)] });
    return { job_id: jobId, status: job.status, total_tasks: job.total_tasks, replayed: false };
  }
}
