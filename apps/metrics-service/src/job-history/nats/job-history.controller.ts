import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type JobInfo, type JobPage } from '@kintsugi/contracts';
import { GetJobInfo } from '../queries/get-job-info.js';
import { ListJobs } from '../queries/list-jobs.js';

/** Answers what is asked of the job history. */
@Controller()
export class JobHistoryController {
  constructor(
    private readonly getJobInfo: GetJobInfo,
    private readonly listJobs: ListJobs,
  ) {}

  @MessagePattern(subjects.request('metrics', 'getJobInfo'))
  info(@Payload({ schema: operations.getJobInfo.request }) request: ActionRequest<'getJobInfo'>): Promise<JobInfo> {
    return this.getJobInfo.execute(request);
  }

  @MessagePattern(subjects.request('metrics', 'listJobs'))
  list(@Payload({ schema: operations.listJobs.request }) request: ActionRequest<'listJobs'>): Promise<JobPage> {
    return this.listJobs.execute(request);
  }
}
