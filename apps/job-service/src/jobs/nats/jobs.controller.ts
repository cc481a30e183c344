import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { digestOfJobs, operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { RecordedJobs } from '../mongo/recorded-jobs.js';
import { TaskStatuses } from '../mongo/task-statuses.js';

/** Compares many jobs and tasks with how they stand on disk. */
@Controller()
export class JobsController {
  constructor(
    private readonly statuses: TaskStatuses,
    private readonly recorded: RecordedJobs,
  ) {}

  @MessagePattern(subjects.request('job', 'checkTasks'))
  async check(
    @Payload({ schema: operations.checkTasks.request }) { task_ids }: ActionRequest<'checkTasks'>,
  ): Promise<ActionResponse<'checkTasks'>> {
    return { tasks: await this.statuses.of(task_ids) };
  }

  @MessagePattern(subjects.request('job', 'checkJobs'))
  async compare(
    @Payload({ schema: operations.checkJobs.request }) { from, before, listed }: ActionRequest<'checkJobs'>,
  ): Promise<ActionResponse<'checkJobs'>> {
    const { from: reached, jobs } = await this.recorded.page(from, before);
    return { from: reached, count: jobs.length, digest: digestOfJobs(jobs), ...(listed ? { jobs } : {}) };
  }

  @MessagePattern(subjects.request('job', 'readJobs'))
  async read(
    @Payload({ schema: operations.readJobs.request }) { job_ids }: ActionRequest<'readJobs'>,
  ): Promise<ActionResponse<'readJobs'>> {
    return { as_of: Date.now(), jobs: await this.recorded.read(job_ids) };
  }
}
