import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type BatchJob, type StepPage, type TaskPage } from '@kintsugi/contracts';
import { GetJob } from '../queries/get-job.js';
import { ListSteps } from '../queries/list-steps.js';
import { ListTasks } from '../queries/list-tasks.js';

/** Shows a job and its tasks. */
@Controller()
export class DirectoryController {
  constructor(
    private readonly getJob: GetJob,
    private readonly listTasks: ListTasks,
    private readonly listSteps: ListSteps,
  ) {}

  @MessagePattern(subjects.request('job', 'getJob'))
  get(@Payload({ schema: operations.getJob.request }) request: ActionRequest<'getJob'>): Promise<BatchJob> {
    return this.getJob.execute(request.job_id);
  }

  @MessagePattern(subjects.request('job', 'listTasks'))
  list(@Payload({ schema: operations.listTasks.request }) request: ActionRequest<'listTasks'>): Promise<TaskPage> {
    return this.listTasks.execute(request);
  }

  @MessagePattern(subjects.request('job', 'listSteps'))
  steps(@Payload({ schema: operations.listSteps.request }) request: ActionRequest<'listSteps'>): Promise<StepPage> {
    return this.listSteps.execute(request);
  }
}
