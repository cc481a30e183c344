import { Injectable } from '@nestjs/common';
import { subjects, tenantOf } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import { Bus, actorOf, replyWithProblem, replyWithResult, spanOfMessage, type Msg, type Subscription } from '@kintsugi/messaging';
import { isUnreachable } from '@kintsugi/persistence';
import { inSpan } from '@kintsugi/tracing';
import { AnswerCreateJob } from '../answer-create-job.js';
import { IncomingJobs } from '../incoming-job.js';

/**
 * Answers createJob. It listens by itself and not through Nest: at thousands of single-task jobs a second the
 * framework's share of a request would be the largest (measured: docs/adr/0001).
 */
@Injectable()
export class JobDoor {
  private subscription: Subscription | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly jobs: IncomingJobs,
    private readonly answerCreateJob: AnswerCreateJob,
    private readonly faults: Faults,
  ) {}

  start(): void {
    this.subscription = this.bus.subscribe(subjects.request('job', 'createJob'), (message) => this.answer(message), {
      queue: 'job-service',
    });
  }

  async stop(): Promise<void> {
    await this.subscription?.drain();
  }

  private async create(message: Msg): Promise<void> {
    const actor = actorOf(message);
    const origin = { userId: actor.name, tenant: tenantOf(actor), by: actor };
    replyWithResult(message, await this.answerCreateJob.toJob(await this.jobs.read(message.data, false), origin));
  }

  private async answer(message: Msg): Promise<void> {
    try {
      const span = spanOfMessage(message, 'createJob', message.subject, 'server');
      await inSpan(span, () => this.create(message));
    } catch (error) {
      replyWithProblem(message, error, this.faults.report, isUnreachable);
    }
  }
}
