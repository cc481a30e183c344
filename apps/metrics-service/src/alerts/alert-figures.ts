import { Injectable } from '@nestjs/common';
import { alertSignals, type JobStatus } from '@kintsugi/contracts';
import type { FleetReading } from '../fleet/domain/fleet-reading.js';
import { FleetSource } from '../fleet/queries/get-fleet.js';
import { JobHistory } from '../job-history/domain/job-history.js';
import { couldGoOnSince } from '../job-history/domain/job-row.js';
import { HistoryBacklog } from '../job-history/nats/history-backlog.js';
import type { AlertCondition } from './domain/alert-condition.js';
import { fleetValues, type FleetReadings } from './domain/fleet-values.js';
import { JobOutcomes } from './domain/job-outcomes.js';
import { countBySubject } from './domain/occurrence.js';
import { outcomeValues } from './domain/outcome-values.js';
import { sourceOf, type SignalSource } from './domain/signal-kinds.js';
import { EndedJobs } from './mongo/ended-jobs.js';
import { OccurrenceStore } from './mongo/occurrence-store.js';

/** Jobs that wait or run, and are neither paused nor to run later. */
const underWay: JobStatus[] = ['pending', 'running', 'recovering', 'cancelling'];
/** Jobs whose end is told within this time are counted; the history hears of most within a second. */
const lateMs = 30_000;
/** For so long nothing is decided by how jobs ended while the history has much to catch up with; then by what it has. */
const behindMsMax = 120_000;
/** Jobs that are read at once in search of the one that could go on for the longest, and at most: those that were made first. */
const aged = { atOnce: 20, max: 10_000 };
/** A reading of the fleet that is older says nothing of rates now. */
const readingMsMax = 300_000;

/** The figures of conditions, from what the services keep in any case. */
@Injectable()
export class AlertFigures {
  private readonly outcomes = new JobOutcomes();
  private last: FleetReading | null = null;
  /** When that was read, by a clock that cannot be set. */
  private lastAt = 0;
  /** Since when the history is behind, by a clock that cannot be set; null while it is not. */
  private behindSince: number | null = null;

  constructor(
    private readonly fleet: FleetSource,
    private readonly history: JobHistory,
    private readonly ended: EndedJobs,
    private readonly occurrences: OccurrenceStore,
    private readonly backlog: HistoryBacklog,
  ) {}

  /**
   * By condition: its figures by subject. One whose figures cannot be had is left out.
   * @param patienceMs how long a history that is behind is waited for; then its figures are those that it has
   */
  async of(
    conditions: readonly AlertCondition[],
    now: Date,
    patienceMs = behindMsMax,
  ): Promise<Map<string, ReadonlyMap<string, number>>> {
    const from = (source: SignalSource): AlertCondition[] => conditions.filter(({ signal }) => sourceOf[signal] === source);
    const fleet = from('fleet').length > 0 ? await this.readFleet() : null;
    const areOutcomesKnown = await this.readOutcomes(from('outcomes'), now, patienceMs);
    const figures = new Map<string, ReadonlyMap<string, number>>();
    for (const condition of conditions) {
      if (sourceOf[condition.signal] === 'outcomes' && !areOutcomesKnown) continue;
      const values = await this.valuesOf(condition, fleet, now);
      if (values) figures.set(condition._id, values);
    }
    return figures;
  }

  private async valuesOf(
    condition: AlertCondition,
    fleet: FleetReadings | null,
    now: Date,
  ): Promise<ReadonlyMap<string, number> | null> {
    const { signal, tenant, type, window_s: windowS } = condition;
    switch (sourceOf[signal]) {
      case 'fleet': {
        const values = fleet && fleetValues(signal, fleet);
        if (!values || type === null || alertSignals[signal].subject !== 'type') return values;
        return new Map([[type, values.get(type) ?? 0]]);
      }
      case 'outcomes':
        return outcomeValues(condition, this.outcomes, now.getTime());
      case 'occurrences': {
        const since = new Date(now.getTime() - windowS * 1_000);
        return countBySubject(await this.occurrences.since(signal, since, tenant), tenant);
      }
      case 'age':
        return new Map([['', await this.oldestAgeS(tenant, type, now)]]);
    }
  }

  private async oldestAgeS(tenant: string | null, type: string | null, now: Date): Promise<number> {
    const filter = { status: underWay, tenant: tenant ?? undefined, type: type ?? undefined };
    let since = now.getTime();
    let read = 0;
    // No job could go on before it was made: whatever was made later than this one is younger.
    for await (const row of this.history.read({ filter, order: 'asc', after: null, expected: aged.atOnce })) {
      read += 1;
      if (read > aged.max || (row.head?.created_at ?? since) >= since) break;
      since = Math.min(since, couldGoOnSince(row));
    }
    return (now.getTime() - since) / 1_000;
  }

  private async readFleet(): Promise<FleetReadings> {
    const now = await this.fleet.read();
    const at = performance.now();
    const agedMs = at - this.lastAt;
    // Rates are by the time that has passed, wherever the time of day was set meanwhile.
    const before = this.last && agedMs <= readingMsMax ? { ...this.last, at: now.at - agedMs } : null;
    [this.last, this.lastAt] = [now, at];
    return { before, now };
  }

  /** Whether they can be decided by: what ended lately may have to come into the history first. */
  private async readOutcomes(conditions: readonly AlertCondition[], now: Date, patienceMs: number): Promise<boolean> {
    if (conditions.length === 0) return false;
    // Asked before the reading: what comes in meanwhile need not be in it.
    const isBehind = await this.backlog.isBehind().catch(() => true);
    this.behindSince = isBehind ? (this.behindSince ?? performance.now()) : null;
    if (this.behindSince !== null && performance.now() - this.behindSince < patienceMs) return false;
    const windowMs = Math.max(...conditions.map(({ window_s: windowS }) => windowS)) * 1_000;
    const from = this.outcomes.begin(now.getTime() - windowMs, !isBehind);
    for await (const row of this.ended.since(from)) this.outcomes.add(row);
    this.outcomes.seal(now.getTime() - lateMs);
    return true;
  }
}
