import type { JobRow } from '../../job-history/domain/job-row.js';
import { stateOf } from '../../job-history/domain/job-state.js';

/** Endings are counted by slices of time of this length. */
const sliceMs = 10_000;
/** Tenants and types of one slice that are told apart. */
const kindsMax = 2_000;
/** Durations are counted by steps that differ by a twentieth. */
const step = Math.log(1.05);

/** How jobs of one tenant and type ended. */
export class Outcomes {
  ended = 0;
  completed = 0;
  failed = 0;
  private readonly durations = new Map<number, number>();

  add(status: string, durationMs: number | null): void {
    this.ended += 1;
    if (status === 'completed') this.completed += 1;
    if (status === 'failed') this.failed += 1;
    if (durationMs === null) return;
    const at = Math.ceil(Math.log(Math.max(1, durationMs)) / step);
    this.durations.set(at, (this.durations.get(at) ?? 0) + 1);
  }

  join(other: Outcomes): void {
    this.ended += other.ended;
    this.completed += other.completed;
    this.failed += other.failed;
    for (const [at, count] of other.durations) this.durations.set(at, (this.durations.get(at) ?? 0) + count);
  }

  get judged(): number {
    return this.completed + this.failed;
  }

  /** The duration, in milliseconds and to within a twentieth, that a share of the jobs does not exceed (nearest rank); null without any. */
  durationMs(share: number): number | null {
    const rising = [...this.durations].sort(([a], [b]) => a - b);
    let left = Math.ceil(share * rising.reduce((sum, [, count]) => sum + count, 0));
    for (const [at, count] of rising) if ((left -= count) <= 0) return Math.exp(at * step);
    return null;
  }
}

/** How jobs ended lately, by slices of time. What of it is old enough to be whole is not read again. */
export class JobOutcomes {
  private slices = new Map<number, Map<string, Outcomes>>();
  /** Slices from here on are read anew, since their jobs may still be on the way into the history. */
  private openFrom = 0;
  private knownFrom = Infinity;
  /** Slices from here on were read while some of their jobs were not in the history yet. */
  private doubtedFrom = Infinity;

  /**
   * From when on jobs have to be read that ended, so that all is known since a time; in epoch milliseconds.
   * @param isWhole whether the history has all that ended by now
   */
  begin(since: number, isWhole = true): number {
    const first = Math.floor(since / sliceMs) * sliceMs;
    if (first < this.knownFrom) {
      this.slices = new Map();
      this.knownFrom = this.openFrom = first;
    }
    if (!isWhole) this.doubtedFrom = Math.min(this.doubtedFrom, this.openFrom);
    else {
      this.openFrom = Math.min(this.openFrom, this.doubtedFrom);
      this.doubtedFrom = Infinity;
    }
    for (const at of this.slices.keys()) if (at < first || at >= this.openFrom) this.slices.delete(at);
    this.knownFrom = first;
    this.openFrom = Math.max(this.openFrom, first);
    return this.openFrom;
  }

  /** Of a job that has not ended, or ended before what is read, nothing is counted. */
  add(row: JobRow): void {
    if (!row.head || !row.ending || row.ending.at < this.openFrom) return;
    const { finished_at: finishedAt, duration_ms: durationMs } = stateOf(row);
    if (finishedAt === null) return;
    const at = Math.floor(row.ending.at / sliceMs) * sliceMs;
    const slice = this.slices.get(at) ?? new Map<string, Outcomes>();
    this.slices.set(at, slice);
    const key = keyOf(row.head.tenant, row.head.type);
    const outcomes = slice.get(key) ?? new Outcomes();
    if (!slice.has(key) && slice.size >= kindsMax) return;
    slice.set(key, outcomes);
    outcomes.add(row.ending.status, durationMs);
  }

  /** All that were read are counted: what ended before this time need not be read again. */
  seal(before: number): void {
    this.openFrom = Math.max(this.openFrom, Math.floor(before / sliceMs) * sliceMs);
  }

  /** How the jobs of a tenant, or of all, ended since a time, by type. */
  since(time: number, tenant: string | null): Map<string, Outcomes> {
    const first = Math.floor(time / sliceMs) * sliceMs;
    const byType = new Map<string, Outcomes>();
    for (const [at, slice] of this.slices) {
      if (at < first) continue;
      for (const [key, outcomes] of slice) {
        const [owner, type] = JSON.parse(key) as [string, string];
        if (tenant !== null && owner !== tenant) continue;
        const sum = byType.get(type) ?? new Outcomes();
        byType.set(type, sum);
        sum.join(outcomes);
      }
    }
    return byType;
  }
}

function keyOf(tenant: string, type: string): string {
  return JSON.stringify([tenant, type]);
}
