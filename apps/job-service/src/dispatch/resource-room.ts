import { Injectable } from '@nestjs/common';
import type { ResourceLimits } from '@kintsugi/contracts';
import { EventPublisher } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import type { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import { Clock } from '../platform/clock.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { couldHold, emptiestAble, hasRoomFor } from './domain/room-for-tasks.js';
import type { WorkerEntry } from './domain/worker-entry.js';
import { WorkerRoster } from './domain/worker-roster.js';
import { LeaseBook } from './lease-book.js';

/** Slices that others get while a job waits for room before a worker is kept from taking more until there is. */
const slicesMax = 32;
/** Jobs that were told to be too large for every worker, so that it is told once. */
const toldMax = 1_000;

interface Squeezed {
  jobId: string;
  queue: string;
  needs: ResourceLimits;
  /** Slices that others have been given meanwhile. */
  slices: number;
}

/**
 * Whether workers have room for what tasks may use. Others go before a job that has to wait for room, but not for ever: then one
 * worker is kept until it has. A job that is too large for every worker is told.
 */
@Injectable()
export class ResourceRoom {
  private squeezed: Squeezed | null = null;
  private readonly told = new Set<string>();

  constructor(
    private readonly roster: WorkerRoster,
    private readonly book: LeaseBook,
    private readonly publisher: EventPublisher,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  /** Asked of a chunk that would be next. */
  isFor(chunk: Chunk, { job }: LedgerEntry): boolean {
    const needs = this.book.needsOf(chunk);
    const workers = this.roster.offeredQueues.get(chunk.identity.queue);
    if (!needs || !workers || hasRoomFor(workers, needs)) return true;
    if (couldHold(workers, needs)) this.noteWaiting(chunk);
    else this.tell(job, needs);
    return false;
  }

  /** Others may go before a chunk for as long as these slices allow. */
  noteWaiting(chunk: Chunk): void {
    const { jobId, queue } = chunk.identity;
    const needs = this.book.needsOf(chunk);
    if (jobId !== null && needs) this.squeezed ??= { jobId, queue, needs, slices: 0 };
  }

  /** A slice of a chunk was given. */
  noteGiven({ identity: { jobId } }: Chunk): void {
    if (!this.squeezed) return;
    if (jobId === this.squeezed.jobId) this.squeezed = null;
    else this.squeezed.slices += 1;
  }

  /**
   * The worker that is to take nothing but tasks of one job, and what of that job is next. Once nothing of it may run, no worker
   * is kept.
   */
  kept(nextOf: (queue: string, jobId: string) => Chunk | undefined): { worker: WorkerEntry; chunk: Chunk } | null {
    if (!this.squeezed || this.squeezed.slices < slicesMax) return null;
    const { jobId, queue, needs } = this.squeezed;
    const chunk = nextOf(queue, jobId);
    const worker = chunk && emptiestAble(this.roster.offeredQueues.get(queue) ?? [], needs);
    if (worker) return { worker, chunk };
    this.squeezed = null;
    return null;
  }

  private tell(job: LedgerEntry['job'], needs: ResourceLimits): void {
    if (this.told.has(job._id)) return;
    if (this.told.size === toldMax) this.told.clear();
    this.told.add(job._id);
    this.metrics.count('kintsugi_jobs_outsized_total', { type: job.type });
    const now = this.clock.now();
    this.publisher.publishTransient({
      id: `evt_${job._id}.outsized.${now}`,
      name: 'job.outsized',
      source: '/kintsugi/job-service',
      subject: job._id,
      time: new Date(now).toISOString(),
      data: { jobs: [{ job_id: job._id, resource_limits: needs }] },
    });
  }
}
