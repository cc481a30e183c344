import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  operations,
  subjects,
  type ActionRequest,
  type ActionResponse,
  type JobHistoryPage,
  type JobInfo,
  type JobMetricsAnswer,
  type JobPage,
} from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { ForgetJobs } from '../commands/forget-jobs.js';
import { FetchJobHistory } from '../queries/fetch-job-history.js';
import { GetJobInfo } from '../queries/get-job-info.js';
import { GetJobMetrics } from '../queries/get-job-metrics.js';
import { ListJobs } from '../queries/list-jobs.js';

/** Answers what is asked of the job history. */
@Controller()
export class JobHistoryController {
  constructor(
    private readonly getJobInfo: GetJobInfo,
    private readonly getJobMetrics: GetJobMetrics,
    private readonly listJobs: ListJobs,
    private readonly fetchJobHistory: FetchJobHistory,
    private readonly forgetJobs: ForgetJobs,
  ) {}

  @MessagePattern(subjects.request('metrics', 'getJobInfo'))
  info(
    @Payload({ schema: operations.getJobInfo.request }) request: ActionRequest<'getJobInfo'>,
    @TheOrigin() origin: Origin,
  ): Promise<JobInfo> {
    return this.getJobInfo.execute(request, origin);
  }

  @MessagePattern(subjects.request('metrics', 'getJobMetrics'))
  metrics(
    @Payload({ schema: operations.getJobMetrics.request }) request: ActionRequest<'getJobMetrics'>,
    @TheOrigin() origin: Origin,
  ): Promise<JobMetricsAnswer> {
    return this.getJobMetrics.execute(request, origin);
  }

  @MessagePattern(subjects.request('metrics', 'listJobs'))
  list(
    @Payload({ schema: operations.listJobs.request }) request: ActionRequest<'listJobs'>,
    @TheOrigin() origin: Origin,
  ): Promise<JobPage> {
    return this.listJobs.execute(request, origin);
  }

  @MessagePattern(subjects.request('metrics', 'fetchJobHistory'))
  history(
    @Payload({ schema: operations.fetchJobHistory.request }) request: ActionRequest<'fetchJobHistory'>,
    @TheOrigin() origin: Origin,
  ): Promise<JobHistoryPage> {
    return this.fetchJobHistory.execute(request, origin);
  }

  @MessagePattern(subjects.request('metrics', 'forgetJobs'))
  async forget(
    @Payload({ schema: operations.forgetJobs.request }) { job_ids: jobIds }: ActionRequest<'forgetJobs'>,
  ): Promise<ActionResponse<'forgetJobs'>> {
    await this.forgetJobs.execute(jobIds);
    return { forgotten: jobIds.length };
  }
}
