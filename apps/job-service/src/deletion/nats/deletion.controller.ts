import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type JobDeletion } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { DeleteJob } from '../commands/delete-job.js';

/** Deletes jobs for good. */
@Controller()
export class DeletionController {
  constructor(private readonly deleteJob: DeleteJob) {}

  @MessagePattern(subjects.request('job', 'deleteJob'))
  delete(
    @Payload({ schema: operations.deleteJob.request }) request: ActionRequest<'deleteJob'>,
    @TheOrigin() origin: Origin,
  ): Promise<JobDeletion> {
    return this.deleteJob.execute(request, origin);
  }
}
