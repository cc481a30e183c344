import { Inject, Injectable } from '@nestjs/common';
import { isFinished, withWaits, type BatchJob } from '@kintsugi/contracts';
import { SETTINGS } from '@kintsugi/hosting';
import { UnservedQueues } from '../../dispatch/unserved-queues.js';
import { ChildJobs } from '../../jobs/child-jobs.js';
import { TRACE_ID_MARK, type JobServiceSettings } from '../../job-service.config.js';
import { JobRecords } from '../../jobs/job-records.js';
import { WedgeWatch } from '../../wedges/wedge-watch.js';
import { JobDirectory } from '../job-directory.js';

const childrenMax = 20;

/** A job as it is now, and what keeps it from going on where no worker runs its type or it is wedged. */
@Injectable()
export class GetJob {
  constructor(
    private readonly directory: JobDirectory,
    private readonly jobs: JobRecords,
    private readonly children: ChildJobs,
    private readonly unserved: UnservedQueues,
    private readonly wedges: WedgeWatch,
    @Inject(SETTINGS) private readonly settings: Pick<JobServiceSettings, 'TRACE_URL_TEMPLATE'>,
  ) {}

  async execute(jobId: string): Promise<BatchJob> {
    const job = this.withTraceUrl(await this.withChildren((await this.directory.get(jobId)).view()));
    if (job.status === 'failed') return this.withRetries(job);
    return isFinished(job.status) ? job : withWaits(job, this.unserved, this.wedges.markOf(job.id));
  }

  private async withChildren(job: BatchJob): Promise<BatchJob> {
    // A handler has to have run.
    if (job.executor === 'external' || job.started_at === null) return job;
    const children = await this.children.of(job.id, childrenMax);
    return children.count > 0 ? { ...job, child_jobs: children } : job;
  }

  private withTraceUrl(job: BatchJob): BatchJob {
    const { TRACE_URL_TEMPLATE: template } = this.settings;
    return job.trace_id && template ? { ...job, trace_url: template.replaceAll(TRACE_ID_MARK, job.trace_id) } : job;
  }

  private async withRetries(job: BatchJob): Promise<BatchJob> {
    const retries = await this.jobs.retriesOf(job.id);
    return retries.length > 0 ? { ...job, retried_as: retries } : job;
  }
}
