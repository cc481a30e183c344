import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  operations,
  subjects,
  tenantOf,
  type ActionRequest,
  type CreateJobAnswer,
  type CreatedJobs,
  type JobReceipt,
} from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { AnswerCreateJob } from '../answer-create-job.js';
import { AcceptJobs } from '../commands/accept-jobs.js';
import { CreateChildJob } from '../commands/create-child-job.js';
import { ChunkedIntake } from '../commands/chunked-intake.js';
import { Staging } from '../commands/staging.js';

/** Takes in the chunks of uploads and plans, and makes jobs of uploads. Single jobs come in by the job door. */
@Controller()
export class IntakeController {
  constructor(
    private readonly answerCreateJob: AnswerCreateJob,
    private readonly acceptJobs: AcceptJobs,
    private readonly createChildJob: CreateChildJob,
    private readonly staging: Staging,
    private readonly chunked: ChunkedIntake,
  ) {}

  @MessagePattern(subjects.request('job', 'createJobs'))
  create(
    @Payload({ schema: operations.createJobs.request }) request: ActionRequest<'createJobs'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<CreatedJobs> {
    return this.acceptJobs.execute(request, { userId: actor.name, tenant: tenantOf(actor), by: actor });
  }

  @MessagePattern(subjects.request('job', 'createChildJob'))
  createChild(
    @Payload({ schema: operations.createChildJob.request }) request: ActionRequest<'createChildJob'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<JobReceipt> {
    return this.createChildJob.execute(request, actor);
  }

  @MessagePattern(subjects.request('job', 'stageTasks'))
  stage(@Payload({ schema: operations.stageTasks.request }) request: ActionRequest<'stageTasks'>): Promise<{ staged: number }> {
    return this.staging.stage(request);
  }

  @MessagePattern(subjects.request('job', 'commitUpload'))
  commit(
    @Payload({ schema: operations.commitUpload.request }) request: ActionRequest<'commitUpload'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<CreateJobAnswer> {
    return this.answerCreateJob.toUpload(request, { userId: actor.name, tenant: tenantOf(actor), by: actor });
  }

  @MessagePattern(subjects.request('job', 'abandonUpload'))
  abandon(
    @Payload({ schema: operations.abandonUpload.request }) request: ActionRequest<'abandonUpload'>,
  ): Promise<{ staged: number }> {
    return this.chunked.abandon(request.job_id);
  }
}
