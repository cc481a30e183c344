import { Injectable } from '@nestjs/common';
import type { CommitUpload, CreateJobAnswer } from '@kintsugi/contracts';
import { Clock } from '../platform/clock.js';
import { AcceptJob, type Origin } from './commands/accept-job.js';
import { refusePastDeadline } from './domain/refuse-past-deadline.js';
import type { IncomingJob } from './incoming-job.js';
import { PreviewJob } from './queries/preview-job.js';

/** What every door answers to createJob: the job that was made, or what would have been. */
@Injectable()
export class AnswerCreateJob {
  constructor(
    private readonly acceptJob: AcceptJob,
    private readonly preview: PreviewJob,
    private readonly clock: Clock,
  ) {}

  async toJob(job: IncomingJob, origin: Origin): Promise<CreateJobAnswer> {
    refusePastDeadline(job.head, this.clock.now());
    return job.head.validate_only ? this.preview.ofJob(job, origin) : this.acceptJob.create(job, origin);
  }

  async toUpload(upload: CommitUpload, origin: Origin): Promise<CreateJobAnswer> {
    refusePastDeadline(upload.job, this.clock.now());
    return upload.job.validate_only ? this.preview.ofUpload(upload, origin) : this.acceptJob.commit(upload, origin);
  }
}
