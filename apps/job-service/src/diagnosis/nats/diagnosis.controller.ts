import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type JobExplanation } from '@kintsugi/contracts';
import { ExplainJob } from '../queries/explain-job.js';

/** Says why jobs wait. */
@Controller()
export class DiagnosisController {
  constructor(private readonly explainJob: ExplainJob) {}

  @MessagePattern(subjects.request('job', 'explainJob'))
  explain(@Payload({ schema: operations.explainJob.request }) request: ActionRequest<'explainJob'>): Promise<JobExplanation> {
    return this.explainJob.execute(request.job_id);
  }
}
