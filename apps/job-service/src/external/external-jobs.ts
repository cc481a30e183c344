import { Injectable } from '@nestjs/common';
import { isFinished, type JobStatus } from '@kintsugi/contracts';
import { Metrics } from '@kintsugi/observability';
import { untilReachable } from '@kintsugi/persistence';
import type { ExternalJobRecord } from '../jobs/domain/job.js';
import { JobOutbox } from '../jobs/job-outbox.js';
import { Clock } from '../platform/clock.js';
import { planRequest, planStall, type ExternalRequest, type Moment, type Planned } from './domain/external-moves.js';
import { ExternalRecords } from './external-records.js';
import { HeardClock } from './heard-clock.js';

/** Another writer has to come between reading and writing this many times before the caller is sent away. */
const writesMax = 20;

type Plan = (job: ExternalJobRecord, moment: Moment) => Planned;

export type Outcome =
  | { kind: 'changed' | 'same'; job: ExternalJobRecord }
  | { kind: 'refused'; job: ExternalJobRecord; allowed: JobStatus[] }
  | { kind: 'another version'; job: ExternalJobRecord };

/** The jobs that somebody else runs. A change is written before anything follows from it, and only to the version it was made from. */
@Injectable()
export class ExternalJobs {
  /** Those whose progress is to be told, as they are now. */
  private moved = new Map<string, ExternalJobRecord>();
  /** What comes last of what is wanted of each: one after the other, in the order in which it came. */
  private readonly underWay = new Map<string, Promise<unknown>>();
  private readonly listeners: ((job: ExternalJobRecord) => void)[] = [];
  /** No producer has been silent for too long before this, by the clock of heard time. */
  private stallFrom = Infinity;

  constructor(
    private readonly records: ExternalRecords,
    private readonly outbox: JobOutbox,
    private readonly heard: HeardClock,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  /** Takes in a job that its producer will run. It may be taken in again. */
  async accept(job: ExternalJobRecord): Promise<void> {
    this.expect(job);
    const isNew = await untilReachable(() => this.records.insert(job));
    if (!isNew) return;
    for (const event of job.outbox) this.outbox.publish(job._id, event);
    this.metrics.count('kintsugi_jobs_accepted_total', { type: job.type });
  }

  /** Calls the listener with each job that has ended, once that is written. It may be told again. */
  onEnded(listener: (job: ExternalJobRecord) => void): void {
    this.listeners.push(listener);
  }

  find(jobId: string): Promise<ExternalJobRecord | null> {
    return this.records.find(jobId);
  }

  /**
   * Carries out what is wanted of a job; null when there is no such job.
   * @param expected the version that it must still be of
   */
  request(jobId: string, request: ExternalRequest, expected?: number): Promise<Outcome | null> {
    return this.change(jobId, (job, moment) => planRequest(job, request, moment), expected);
  }

  /** Ends the jobs whose producers have been silent for too long, but for those that are just being heard of. */
  async endSilent(limit: number): Promise<number> {
    const { heard } = this;
    if (heard.now < this.stallFrom) return 0;
    const silent = await this.records.silent(heard.now, limit);
    for (const { _id, external } of silent) {
      if (!this.underWay.has(_id)) await this.change(_id, planStall, external.version);
    }
    await this.lookAhead();
    return silent.length;
  }

  /** Looks after those that were accepted before. */
  async start(): Promise<void> {
    await this.lookAhead();
  }

  get areAwaited(): boolean {
    return this.stallFrom < Infinity;
  }

  /** Those that have moved since this was asked last. */
  takeMoved(): Iterable<ExternalJobRecord> {
    const moved = this.moved.values();
    this.moved = new Map();
    return moved;
  }

  /** A job may be expected while the store is asked. */
  private async lookAhead(): Promise<void> {
    this.stallFrom = Infinity;
    const next = await this.records.nextStall();
    this.stallFrom = Math.min(this.stallFrom, next ?? Infinity);
  }

  private change(jobId: string, plan: Plan, expected?: number): Promise<Outcome | null> {
    const before = this.underWay.get(jobId);
    const changed = before ? before.then(() => this.write(jobId, plan, expected)) : this.write(jobId, plan, expected);
    const settled = changed
      .catch(() => undefined)
      .finally(() => {
        if (this.underWay.get(jobId) === settled) this.underWay.delete(jobId);
      });
    this.underWay.set(jobId, settled);
    return changed;
  }

  private async write(jobId: string, plan: Plan, expected?: number): Promise<Outcome | null> {
    for (let round = 0; round < writesMax; round += 1) {
      const job = await this.records.find(jobId);
      if (!job) return null;
      const { version } = job.external;
      if (expected !== undefined && expected !== version) return { kind: 'another version', job };
      const planned = plan(job, { now: this.clock.now(), heard: this.heard.now });
      if (planned.kind === 'nothing') {
        this.tellEnded(job);
        return { kind: 'same', job };
      }
      if (planned.kind === 'refused') return { kind: 'refused', job, allowed: planned.allowed };
      // Before the write, since its answer may be lost.
      this.expect(planned.next);
      if (!(await this.records.write(planned.next, version, planned.events))) continue;
      this.follow(planned);
      return { kind: 'changed', job: planned.next };
    }
    throw new Error(`Job ${jobId} keeps changing while it is being updated.`);
  }

  /** What follows from a change that is written. */
  private follow({ next, move, events }: Extract<Planned, { kind: 'change' }>): void {
    for (const event of events) this.outbox.publish(next._id, event);
    if (!isFinished(next.status)) this.moved.set(next._id, next);
    else {
      this.moved.delete(next._id);
      if (move !== null) this.metrics.count('kintsugi_jobs_finished_total', { type: next.type, status: next.status });
      this.tellEnded(next);
    }
  }

  private tellEnded(job: ExternalJobRecord): void {
    if (isFinished(job.status)) for (const listener of this.listeners) listener(job);
  }

  private expect({ external }: ExternalJobRecord): void {
    if (external.stall_at !== null) this.stallFrom = Math.min(this.stallFrom, external.stall_at);
  }
}
