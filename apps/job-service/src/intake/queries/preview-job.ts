import { Inject, Injectable } from '@nestjs/common';
import { planQueueOf, type CommitUpload, type JobHead, type JobPreview } from '@kintsugi/contracts';
import { SETTINGS } from '@kintsugi/hosting';
import { CheckDependencies } from '../../dependencies/check-dependencies.js';
import { WorkerRoster } from '../../dispatch/domain/worker-roster.js';
import type { JobServiceSettings } from '../../job-service.config.js';
import { AcceptJob, type Origin } from '../commands/accept-job.js';
import { UniqueJobs } from '../commands/unique-jobs.js';
import { requireExecutorFits } from '../domain/executor-rules.js';
import { previewOf } from '../domain/preview-rules.js';
import type { IncomingJob } from '../incoming-job.js';

/** What would become of a job that is handed in. It stores nothing and claims no key. */
@Injectable()
export class PreviewJob {
  constructor(
    private readonly acceptJob: AcceptJob,
    private readonly unique: UniqueJobs,
    private readonly roster: WorkerRoster,
    private readonly dependencies: CheckDependencies,
    @Inject(SETTINGS) private readonly settings: Pick<JobServiceSettings, 'DEFAULT_JOB_TYPE'>,
  ) {}

  ofJob({ head, lines }: IncomingJob, origin: Origin): Promise<JobPreview> {
    return this.preview(head, lines?.length ?? null, origin);
  }

  ofUpload({ job, total_tasks: total }: CommitUpload, origin: Origin): Promise<JobPreview> {
    return this.preview(job, total, origin);
  }

  private async preview(given: JobHead, total: number | null, origin: Origin): Promise<JobPreview> {
    requireExecutorFits(given, total !== null);
    const { validate_only: _, ...head } = given;
    const type = head.type ?? this.settings.DEFAULT_JOB_TYPE;
    const offering = [...(this.roster.offeredQueues.get(total === null ? planQueueOf(type) : type) ?? [])];
    const workers = { count: offering.length, slots: offering.reduce((sum, { slots }) => sum + slots, 0) };
    const madeBefore = await this.acceptJob.madeBefore(head.idempotency_key, origin);
    const holder = head.unique ? await this.unique.holderOf(head.unique, origin.tenant) : null;
    const { tenant } = origin;
    const { on_dependency_failure: rule } = head;
    const dependencies = await this.dependencies.of(head.depends_on, { jobId: '', tenant, rule });
    return previewOf({ head, total, type, userId: origin.userId, tenant, workers, madeBefore, holder, dependencies });
  }
}
