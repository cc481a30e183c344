import { Injectable } from '@nestjs/common';
import { every } from '@kintsugi/boundary';
import { Faults } from '@kintsugi/hosting';
import { EventPublisher } from '@kintsugi/messaging';
import { progressOf } from './domain/external-events.js';
import { Clock } from '../platform/clock.js';
import { ExternalJobs } from './external-jobs.js';
import { HeardClock } from './heard-clock.js';

const roundEveryMs = 500;
/** Rounds after which the heard time is saved, while somebody is waited for. */
const savedEveryRounds = 4;
/** Jobs ended in one round. */
const endedMax = 100;

/** Tells how far external jobs are, and ends those whose producers have been silent for too long. */
@Injectable()
export class ProducerWatch {
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;
  private rounds = 0;

  constructor(
    private readonly jobs: ExternalJobs,
    private readonly heard: HeardClock,
    private readonly publisher: EventPublisher,
    private readonly clock: Clock,
    private readonly faults: Faults,
  ) {}

  async start(): Promise<void> {
    await this.heard.start();
    await this.jobs.start();
    this.timer = every('producer-watch', roundEveryMs, () => this.round());
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.looking;
    this.tellProgress();
    if (this.jobs.areAwaited) await this.heard.save().catch(this.faults.report);
  }

  private round(): void {
    this.tellProgress();
    this.looking ??= this.look()
      .catch(this.faults.report)
      .finally(() => {
        this.looking = null;
      });
  }

  private async look(): Promise<void> {
    const { jobs, heard } = this;
    if (!jobs.areAwaited) return;
    this.rounds += 1;
    if (this.rounds % savedEveryRounds === 0) await heard.save();
    if (heard.isSettled) await jobs.endSilent(endedMax);
  }

  private tellProgress(): void {
    for (const job of this.jobs.takeMoved()) {
      const now = this.clock.now();
      this.publisher.publishTransient({
        id: `evt_${job._id}.progress.${now}`,
        name: 'job.progressed',
        source: '/kintsugi/job-service',
        subject: job._id,
        time: new Date(now).toISOString(),
        data: progressOf(job),
      });
    }
  }
}
