import { Injectable } from '@nestjs/common';
import type { CommitUpload, CreateJobAnswer } from '@kintsugi/contracts';
import { AcceptJob, type Origin } from './commands/accept-job.js';
import type { IncomingJob } from './incoming-job.js';
import { PreviewJob } from './queries/preview-job.js';

/** What every door answers to createJob: the job that was made, or what would have been. */
@Injectable()
export class AnswerCreateJob {
  constructor(
    private readonly acceptJob: AcceptJob,
    private readonly preview: PreviewJob,
  ) {}

  toJob(job: IncomingJob, origin: Origin): Promise<CreateJobAnswer> {
    return job.head.validate_only ? this.preview.ofJob(job, origin) : this.acceptJob.create(job, origin);
  }

  toUpload(upload: CommitUpload, origin: Origin): Promise<CreateJobAnswer> {
    return upload.job.validate_only ? this.preview.ofUpload(upload, origin) : this.acceptJob.commit(upload, origin);
  }
}
