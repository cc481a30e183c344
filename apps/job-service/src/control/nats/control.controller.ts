import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type BatchJob, type RerunPlan, type RetryReceipt } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { CancelJob } from '../commands/cancel-job.js';
import { PauseJob } from '../commands/pause-job.js';
import { RerunPartial } from '../commands/rerun-partial.js';
import { ResumeJob } from '../commands/resume-job.js';
import { RetryJob } from '../commands/retry-job.js';
import { SetJobPriority } from '../commands/set-job-priority.js';
import { UpdateBatchJob } from '../commands/update-batch-job.js';

/** Does to a job what a person asks for while it is under way. */
@Controller()
export class ControlController {
  constructor(
    private readonly cancelJob: CancelJob,
    private readonly pauseJob: PauseJob,
    private readonly resumeJob: ResumeJob,
    private readonly retryJob: RetryJob,
    private readonly rerunPartial: RerunPartial,
    private readonly setJobPriority: SetJobPriority,
    private readonly updateBatchJob: UpdateBatchJob,
  ) {}

  @MessagePattern(subjects.request('job', 'cancelJob'))
  cancel(
    @Payload({ schema: operations.cancelJob.request }) request: ActionRequest<'cancelJob'>,
    @TheOrigin() origin: Origin,
  ): Promise<BatchJob> {
    return this.cancelJob.execute(request.job_id, origin);
  }

  @MessagePattern(subjects.request('job', 'pauseJob'))
  pause(
    @Payload({ schema: operations.pauseJob.request }) request: ActionRequest<'pauseJob'>,
    @TheOrigin() origin: Origin,
  ): Promise<BatchJob> {
    return this.pauseJob.execute(request, origin);
  }

  @MessagePattern(subjects.request('job', 'resumeJob'))
  resume(
    @Payload({ schema: operations.resumeJob.request }) request: ActionRequest<'resumeJob'>,
    @TheOrigin() origin: Origin,
  ): Promise<BatchJob> {
    return this.resumeJob.execute(request.job_id, origin);
  }

  @MessagePattern(subjects.request('job', 'setJobPriority'))
  prioritise(
    @Payload({ schema: operations.setJobPriority.request }) request: ActionRequest<'setJobPriority'>,
    @TheOrigin() origin: Origin,
  ): Promise<BatchJob> {
    return this.setJobPriority.execute(request, origin);
  }

  @MessagePattern(subjects.request('job', 'updateBatchJob'))
  update(
    @Payload({ schema: operations.updateBatchJob.request }) request: ActionRequest<'updateBatchJob'>,
    @TheOrigin() origin: Origin,
  ): Promise<BatchJob> {
    return this.updateBatchJob.execute(request, origin);
  }

  @MessagePattern(subjects.request('job', 'rerunPartial'))
  rerun(
    @Payload({ schema: operations.rerunPartial.request }) request: ActionRequest<'rerunPartial'>,
    @TheOrigin() origin: Origin,
  ): Promise<RerunPlan> {
    return this.rerunPartial.execute(request, origin);
  }

  @MessagePattern(subjects.request('job', 'retryJob'))
  retry(
    @Payload({ schema: operations.retryJob.request }) request: ActionRequest<'retryJob'>,
    @TheOrigin() origin: Origin,
  ): Promise<RetryReceipt> {
    return this.retryJob.execute(request.job_id, origin);
  }
}
