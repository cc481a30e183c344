import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, tenantOf, type ActionRequest, type JobReceipt } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { AcceptJob } from '../commands/accept-job.js';
import { ChunkedIntake } from '../commands/chunked-intake.js';
import { Staging } from '../commands/staging.js';

/** Takes in the chunks of uploads and plans, and makes jobs of uploads. Single jobs come in by the job door. */
@Controller()
export class IntakeController {
  constructor(
    private readonly acceptJob: AcceptJob,
    private readonly staging: Staging,
    private readonly chunked: ChunkedIntake,
  ) {}

  @MessagePattern(subjects.request('job', 'stageTasks'))
  stage(@Payload({ schema: operations.stageTasks.request }) request: ActionRequest<'stageTasks'>): Promise<{ staged: number }> {
    return this.staging.stage(request);
  }

  @MessagePattern(subjects.request('job', 'commitUpload'))
  commit(
    @Payload({ schema: operations.commitUpload.request }) request: ActionRequest<'commitUpload'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<JobReceipt> {
    return this.acceptJob.commit(request, { userId: actor.name, tenant: tenantOf(actor) });
  }

  @MessagePattern(subjects.request('job', 'abandonUpload'))
  abandon(
    @Payload({ schema: operations.abandonUpload.request }) request: ActionRequest<'abandonUpload'>,
  ): Promise<{ staged: number }> {
    return this.chunked.abandon(request.job_id);
  }
}
