import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER } from '@kintsugi/hosting';
import { HearingClock } from '@kintsugi/messaging';
import type { Logger } from '@kintsugi/observability';
import { Store, deadLetterIndexes, ensureIndexes, untilReachable } from '@kintsugi/persistence';
import { DeletionRounds } from './deletion/deletion-rounds.js';
import { RetentionSweep } from './deletion/retention-sweep.js';
import { ReleaseJobs } from './dependencies/release-jobs.js';
import { FollowParents } from './directory/follow-parents.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { JobClock } from './dispatch/job-clock.js';
import { KeyLimits } from './dispatch/key-limits.js';
import { WorkerListener } from './dispatch/nats/worker-listener.js';
import { WorkerWatch } from './dispatch/worker-watch.js';
import { externalIndexes } from './external/mongo/external-record-store.js';
import { ProducerWatch } from './external/producer-watch.js';
import { CommandAnswerer } from './inbox/nats/command-answerer.js';
import { CreatedJobs } from './intake/created-jobs.js';
import { idempotencyIndexes } from './intake/mongo/idempotency-store.js';
import { JobDoor } from './intake/nats/job-door.js';
import { JobLedger } from './jobs/job-ledger.js';
import { deletionIndexes } from './jobs/mongo/deletion-store.js';
import { jobIndexes } from './jobs/mongo/job-store.js';
import { childJobIndexes } from './jobs/mongo/child-job-store.js';
import { jobWaitIndexes } from './jobs/mongo/job-wait-store.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import { LeaseLeader } from './platform/lease-leader.js';
import { Reconciler } from './reconcile/reconciler.js';
import { TakeOverJobs } from './reconcile/take-over-jobs.js';
import { ScheduleClock } from './schedules/schedule-clock.js';
import { BundledTasks } from './tasks/bundled-tasks.js';
import { ChunkWriter } from './tasks/chunk-writer.js';
import { chunkIndexes } from './tasks/mongo/chunk-indexes.js';
import { WedgeWatch } from './wedges/wedge-watch.js';

/**
 * Start and stop: job-service waits until it leads, takes over the work where it stands in the record, and hands it back in
 * order. Requests are answered only after the take-over.
 */
@Injectable()
export class JobServiceLifecycle implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopped = new AbortController();

  constructor(
    private readonly store: Store,
    private readonly leader: LeaseLeader,
    private readonly hearing: HearingClock,
    private readonly relay: OutboxRelay,
    private readonly writer: ChunkWriter,
    private readonly ledger: JobLedger,
    private readonly bundled: BundledTasks,
    private readonly takeOverJobs: TakeOverJobs,
    private readonly releaseJobs: ReleaseJobs,
    private readonly followParents: FollowParents,
    private readonly limits: KeyLimits,
    private readonly dispatcher: Dispatcher,
    private readonly watch: WorkerWatch,
    private readonly listener: WorkerListener,
    private readonly created: CreatedJobs,
    private readonly door: JobDoor,
    private readonly answerer: CommandAnswerer,
    private readonly reconciler: Reconciler,
    private readonly producers: ProducerWatch,
    private readonly jobClock: JobClock,
    private readonly schedules: ScheduleClock,
    private readonly deletions: DeletionRounds,
    private readonly retention: RetentionSweep,
    private readonly wedges: WedgeWatch,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { leader } = this;
    await ensureIndexes(this.store, [
      ...chunkIndexes,
      ...jobIndexes,
      ...jobWaitIndexes,
      ...childJobIndexes,
      ...externalIndexes,
      ...deletionIndexes,
      ...idempotencyIndexes,
      ...deadLetterIndexes,
    ]);
    await leader.lead(this.stopped.signal);
    await untilReachable(() => this.bundled.start());
    this.limits.start();
    this.relay.start();
    await untilReachable(() => this.created.start());
    const jobs = await this.takeOverJobs.execute();
    this.hearing.start();
    this.watch.start();
    this.listener.start();
    this.reconciler.start();
    await untilReachable(() => this.producers.start());
    await untilReachable(() => this.jobClock.start());
    await untilReachable(() => this.releaseJobs.start());
    await untilReachable(() => this.followParents.start());
    await untilReachable(() => this.schedules.start());
    await untilReachable(() => this.wedges.start());
    this.deletions.start();
    this.retention.start();
    this.answerer.start();
    this.door.start();
    this.dispatcher.wake();
    this.logger.info({ epoch: leader.epoch, jobs }, 'Leading');
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped.abort();
    await this.door.stop();
    await this.answerer.stop();
    this.listener.stop();
    this.hearing.stop();
    this.dispatcher.stop();
    this.limits.stop();
    await this.wedges.stop();
    await this.schedules.stop();
    await this.producers.stop();
    this.followParents.stop();
    await this.releaseJobs.stop();
    await this.jobClock.stop();
    await this.retention.stop();
    await this.deletions.stop();
    await this.reconciler.stop();
    await this.writer.settled();
    await this.created.stop();
    await this.ledger.stop();
    await this.relay.stop();
    await this.leader.release();
  }
}
