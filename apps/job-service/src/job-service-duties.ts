import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { PLAN_SEQUENCE, chunkIdOf } from '@kintsugi/contracts';
import type { Logger } from '@kintsugi/observability';
import { deadLetterIndexes, ensureIndexes, untilReachable, type Store } from '@kintsugi/persistence';
import { takeOverLeases } from './dispatch/take-over-leases.js';
import { idempotencyIndexes } from './intake/mongo/idempotency-store.js';
import type { JobServiceParts } from './assemble-job-service.js';
import type { JobRecord } from './jobs/domain/job.js';
import { jobIndexes } from './jobs/mongo/job-store.js';
import { chunkIndexes } from './tasks/mongo/chunk-indexes.js';

/**
 * What job-service does beside answering: it waits until it leads, takes over the work where it stands in the
 * record, and hands it back in order. Requests are answered only after the take-over.
 */
export class JobServiceDuties implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopped = new AbortController();

  constructor(
    private readonly parts: JobServiceParts,
    private readonly store: Store,
    private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { leader, leadership, hearing, relay, ledger, watch, listener, reconciler, answerer, door, dispatcher } = this.parts;
    await ensureIndexes(this.store, [...chunkIndexes, ...jobIndexes, ...idempotencyIndexes, ...deadLetterIndexes]);
    leader.epoch = await leadership.acquire(this.stopped.signal);
    relay.start();
    await this.openJobs();
    const unfinished = await untilReachable(() => ledger.start());
    await untilReachable(() => takeOverLeases(this.parts));
    await this.finishWhatWasBegun(unfinished);
    hearing.start();
    watch.start();
    listener.start();
    reconciler.start();
    answerer.start();
    door.start();
    dispatcher.wake();
    this.logger.info({ epoch: leader.epoch, jobs: unfinished.length }, 'Leading');
  }

  async onModuleDestroy(): Promise<void> {
    const { leadership, hearing, relay, ledger, listener, reconciler, answerer, door, dispatcher, writer } = this.parts;
    this.stopped.abort();
    await door.stop();
    await answerer.stop();
    listener.stop();
    hearing.stop();
    dispatcher.stop();
    await reconciler.stop();
    await writer.settled();
    await ledger.stop();
    await relay.stop();
    await leadership.release();
  }

  /** Jobs that were accepted, but whose chunks were not all made real. */
  private async openJobs(): Promise<void> {
    const { jobs, store, chunked } = this.parts;
    const staged = await untilReachable(() => store.jobsWithStaged());
    for (const job of await untilReachable(() => jobs.unfinished())) {
      if (!job.opened || (staged.has(job._id) && job.total_tasks !== null)) await chunked.open(job);
    }
  }

  private async finishWhatWasBegun(unfinished: readonly JobRecord[]): Promise<void> {
    const { commitPlan, cancelJob, ledger, live, reconciler } = this.parts;
    await untilReachable(() => reconciler.publishPromised(Date.now()));
    for (const { _id, status } of unfinished) {
      const entry = ledger.get(_id);
      if (entry?.planning === 'done' && entry.job.total_tasks === null) {
        const [plan] = await live.use([chunkIdOf(_id, PLAN_SEQUENCE)], (chunks) => chunks);
        if (plan) await commitPlan.execute(plan);
      }
      if (status === 'cancelling') await cancelJob.cancelTasksOf(_id);
    }
  }
}
