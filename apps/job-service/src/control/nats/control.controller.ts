import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type BatchJob } from '@kintsugi/contracts';
import { CancelJob } from '../commands/cancel-job.js';
import { GetJob } from '../queries/get-job.js';

/** Shows a job, and does to it what a person asks for while it is under way. */
@Controller()
export class ControlController {
  constructor(
    private readonly getJob: GetJob,
    private readonly cancelJob: CancelJob,
  ) {}

  @MessagePattern(subjects.request('job', 'getJob'))
  get(@Payload({ schema: operations.getJob.request }) request: ActionRequest<'getJob'>): Promise<BatchJob> {
    return this.getJob.execute(request.job_id);
  }

  @MessagePattern(subjects.request('job', 'cancelJob'))
  cancel(@Payload({ schema: operations.cancelJob.request }) request: ActionRequest<'cancelJob'>): Promise<BatchJob> {
    return this.cancelJob.execute(request.job_id);
  }
}
