import { Inject, Injectable } from '@nestjs/common';
import type { WedgeMark } from '@kintsugi/contracts';
import { every } from '@kintsugi/boundary';
import { Faults, SETTINGS, Turns } from '@kintsugi/hosting';
import { Metrics } from '@kintsugi/observability';
import { untilReachable } from '@kintsugi/persistence';
import { UnservedQueues } from '../dispatch/unserved-queues.js';
import type { JobServiceSettings } from '../job-service.config.js';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import { Clock } from '../platform/clock.js';
import { NewIds } from '../platform/new-ids.js';
import { wedgesOf, type Wedge } from './domain/wedges-of.js';
import { ReadWaiting } from './read-waiting.js';
import { WedgeRecords, type WedgeEvent, type WedgeRecord } from './wedge-records.js';

/** Looks in the time for which a wedge has to stand before it is told. */
const looksPerWait = 3;
/** Somebody has paused a job on purpose: what waits for it is told so many times later. */
const patienceWithPeople = 20;
/** Jobs that are told of one wedge, the oldest; and wedges that are told before one of them is over. */
const jobsTold = 100;
const toldMax = 1_000;
/** What a look has seen is taken for true so many times as long as a wedge has to stand. */
const goodFor = 2;
/** Jobs that are noted between two rests. */
const sliceSize = 1_000;

/** Where a job stands in a wedge: it waits in it, or runs and so holds the others up. */
interface Place {
  wedge: Wedge;
  waits: boolean;
}

/**
 * Looks now and then for jobs that cannot end as things stand, and tells of each wedge once when it has stood for long enough, and once
 * when it is over. What was told is in the record: neither a restart nor another leader tells it again.
 */
@Injectable()
export class WedgeWatch {
  private readonly told = new Map<string, WedgeRecord>();
  /** Events that are on their way, or stand in the record still. */
  private readonly promised = new Map<string, WedgeEvent>();
  /** Wedges of the last look, and since when each was there at every look. */
  private standing = new Map<string, { wedge: Wedge; since: number }>();
  private byJob: ReadonlyMap<string, Place> = new Map();
  private lookedAt = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;

  constructor(
    private readonly read: ReadWaiting,
    private readonly unserved: UnservedQueues,
    private readonly records: WedgeRecords,
    private readonly relay: OutboxRelay,
    private readonly ids: NewIds,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    private readonly faults: Faults,
    private readonly turns: Turns,
    @Inject(SETTINGS) private readonly settings: Pick<JobServiceSettings, 'WEDGED_AFTER_MS'>,
  ) {
    relay.clearWith('wedge', async (ids, eventIds) => {
      await records.clearOutbox(ids, eventIds);
      for (const id of eventIds) this.promised.delete(id);
    });
  }

  async start(): Promise<void> {
    const records = await this.records.all();
    for (const record of records) {
      if (record.over_at === null) this.told.set(record.key, record);
      for (const event of record.outbox) this.publish(record, event);
    }
    if (records.length > 0) await this.forgetOver(records);
    this.timer = every('wedge-watch', this.settings.WEDGED_AFTER_MS / looksPerWait, () => this.look());
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.looking;
  }

  /** What keeps a job from ending, or it from letting others end, by the last look. */
  of(jobId: string): Wedge | undefined {
    return this.placeOf(jobId)?.wedge;
  }

  /** The same for those who list jobs, once it was told, and not of what runs: that holds others up. */
  markOf(jobId: string): WedgeMark | undefined {
    const place = this.placeOf(jobId);
    const record = place?.waits && this.told.get(place.wedge.key);
    if (!record) return undefined;
    const { reason, certain, what, do: advice } = place.wedge;
    return { wedge_id: record._id, reason, certain, what, do: advice, since: record.told_at.toISOString() };
  }

  /** What was seen long ago, while looks fail, may be over. */
  private placeOf(jobId: string): Place | undefined {
    const age = this.clock.now() - this.lookedAt;
    return age <= this.settings.WEDGED_AFTER_MS * goodFor ? this.byJob.get(jobId) : undefined;
  }

  /** Jobs are gone: from here on none of them is told of. A wedge that was told of no other counts as not told. */
  async forget(jobIds: readonly string[]): Promise<void> {
    // One that began while they were there may tell of them yet.
    await this.looking;
    const gone = new Set(jobIds);
    for (const [key, { jobs, ...record }] of this.told) {
      const left = jobs.filter(({ job_id: id }) => !gone.has(id));
      if (left.length === 0) this.told.delete(key);
      else if (left.length < jobs.length) this.told.set(key, { ...record, jobs: left });
    }
    for (const event of this.promised.values()) {
      event.data = { jobs: event.data.jobs.filter(({ job_id: id }) => !gone.has(id)) };
    }
    await this.records.forget(jobIds);
  }

  look(): Promise<void> {
    this.looking ??= this.findAndTell()
      .catch(this.faults.report)
      .finally(() => {
        this.looking = null;
      });
    return this.looking;
  }

  private async findAndTell(): Promise<void> {
    // Workers that come back after the broker was away would be missed.
    if (!this.unserved.areKnown) return;
    const { facts, supposed } = await this.read.execute();
    const found = await this.turns.run(wedgesOf(facts, supposed));
    this.byJob = await this.turns.run(byJobOf(found));
    this.lookedAt = this.clock.now();
    this.noteFound(found);
    for (const [key, { wedge, since }] of this.standing) {
      if (this.told.has(key) || this.told.size >= toldMax) continue;
      if (this.clock.now() - since >= this.waitOf(wedge)) await this.tell(wedge);
    }
    for (const record of [...this.told.values()]) if (!this.standing.has(record.key)) await this.tellOver(record);
    this.metrics.clear('kintsugi_wedges');
    for (const [reason, alike] of Map.groupBy(this.told.values(), ({ jobs }) => jobs[0]?.reason ?? 'CIRCLE')) {
      this.metrics.set('kintsugi_wedges', alike.length, { reason });
    }
  }

  private noteFound(found: readonly Wedge[]): void {
    const now = this.clock.now();
    this.standing = new Map(
      found.map((wedge) => [wedge.key, { wedge, since: this.standing.get(wedge.key)?.since ?? now }] as const),
    );
  }

  /** What makes a circle has been held for as long already: the next look only tells it from what changed while it was read. */
  private waitOf({ reason }: Wedge): number {
    const { WEDGED_AFTER_MS: ms } = this.settings;
    return reason === 'CIRCLE' ? 1 : reason === 'PAUSED' ? patienceWithPeople * ms : ms;
  }

  private async tell({ key, jobs, tenant, reason, certain, chain, what, do: advice }: Wedge): Promise<void> {
    const now = this.clock.now();
    const _id = `wedge_${this.ids.uuid()}`;
    const said = { tenant, wedge_id: _id, reason, certain, chain: [...chain], what, do: advice };
    const told = jobs.slice(0, jobsTold).map((job_id) => ({ job_id, ...said }));
    const event: WedgeEvent = { id: `evt_${_id}.found`, name: 'job.wedged', at: now, data: { jobs: told } };
    const record = { _id, key, jobs: told, told_at: new Date(now), over_at: null, outbox: [event] };
    await untilReachable(() => this.records.add(record));
    this.told.set(key, record);
    this.publish(record, event);
  }

  private async tellOver(record: WedgeRecord): Promise<void> {
    const now = this.clock.now();
    const wedged_at = record.told_at.toISOString();
    const data = { jobs: record.jobs.map((job) => ({ ...job, wedged_at })) };
    const event: WedgeEvent = { id: `evt_${record._id}.over`, name: 'job.unwedged', at: now, data };
    await untilReachable(() => this.records.end(record._id, new Date(now), event));
    this.told.delete(record.key);
    this.publish(record, event);
  }

  /** A crash may have left some that are over and told. */
  private forgetOver(records: readonly WedgeRecord[]): Promise<void> {
    return this.records.clearOutbox(
      records.map(({ _id }) => _id),
      [],
    );
  }

  private publish({ _id: id }: WedgeRecord, event: WedgeEvent): void {
    this.promised.set(event.id, event);
    this.relay.publish({ ...event, about: id, owner: { kind: 'wedge', id }, data: () => event.data });
  }
}

/** Which wedge keeps a job from ending. */
function* byJobOf(wedges: readonly Wedge[]): Generator<undefined, Map<string, Place>> {
  const byJob = new Map<string, Place>();
  for (const wedge of wedges) {
    for (const jobId of wedge.circle) byJob.set(jobId, { wedge, waits: false });
    for (const [place, jobId] of wedge.jobs.entries()) {
      if (place % sliceSize === 0) yield;
      byJob.set(jobId, { wedge, waits: true });
    }
  }
  return byJob;
}
