import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type JobDeletion, type JobDeletions } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { DeleteJob } from '../commands/delete-job.js';
import { DeleteJobs } from '../commands/delete-jobs.js';

/** Deletes jobs for good. */
@Controller()
export class DeletionController {
  constructor(
    private readonly deleteJob: DeleteJob,
    private readonly deleteJobs: DeleteJobs,
  ) {}

  @MessagePattern(subjects.request('job', 'deleteJob'))
  delete(
    @Payload({ schema: operations.deleteJob.request }) request: ActionRequest<'deleteJob'>,
    @TheOrigin() origin: Origin,
  ): Promise<JobDeletion> {
    return this.deleteJob.execute(request, origin);
  }

  @MessagePattern(subjects.request('job', 'deleteJobs'))
  deleteAll(
    @Payload({ schema: operations.deleteJobs.request }) request: ActionRequest<'deleteJobs'>,
    @TheOrigin() origin: Origin,
  ): Promise<JobDeletions> {
    return this.deleteJobs.execute(request, origin);
  }
}
