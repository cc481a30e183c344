import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { WorkerRoster } from '../dispatch/domain/worker-roster.js';
import type { JobServiceSettings } from '../job-service.config.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import { Clock } from '../platform/clock.js';
import { ChunkChanges } from '../tasks/chunk-changes.js';
import { LiveChunks } from '../tasks/live-chunks.js';

/** Rounds in which nothing was found before rounds may be left out. */
const roundsAfterwards = 2;

/**
 * Whether nothing has gone on for so long that all that could have been left undone was found: only a former leader could have
 * written meanwhile what a comparison would find.
 */
@Injectable()
export class Stillness {
  private movedAt: number;
  private workers = '';

  constructor(
    changes: ChunkChanges,
    private readonly live: LiveChunks,
    private readonly ledger: JobLedger,
    private readonly relay: OutboxRelay,
    private readonly roster: WorkerRoster,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Pick<JobServiceSettings, 'RECONCILE_EVERY_MS' | 'FORGOTTEN_AFTER_MS'>,
  ) {
    this.movedAt = clock.now();
    changes.observe({ written: () => this.noteMovement(), conflicted: () => this.noteMovement() });
  }

  noteMovement(): void {
    this.movedAt = this.clock.now();
  }

  get isStill(): boolean {
    if (this.isAnythingUnderWay || this.hasOtherWorkers()) this.noteMovement();
    const { FORGOTTEN_AFTER_MS, RECONCILE_EVERY_MS } = this.settings;
    return this.clock.now() - this.movedAt > FORGOTTEN_AFTER_MS + roundsAfterwards * RECONCILE_EVERY_MS;
  }

  private get isAnythingUnderWay(): boolean {
    return this.relay.size > 0 || isSome(this.live.all) || isSome(this.ledger.all);
  }

  /** What is shown of workers is shown with a round. */
  private hasOtherWorkers(): boolean {
    const before = this.workers;
    this.workers = [...this.roster.all].map(({ id, slots, draining }) => `${id} ${slots} ${draining}`).join();
    return this.workers !== before;
  }
}

function isSome(items: Iterable<unknown>): boolean {
  return !items[Symbol.iterator]().next().done;
}
