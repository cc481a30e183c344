import type { ExternalJobRecord, JobOutboxEntry } from '../jobs/domain/job.js';
import { holdPart } from '../jobs/domain/unique-hold.js';
import { UniqueConflict } from '../jobs/unique-conflict.js';
import type { ExternalRecords } from './external-records.js';

/** The records of external jobs without a database, for specs. */
export class ExternalRecordsInMemory implements ExternalRecords {
  private readonly stored = new Map<string, ExternalJobRecord>();

  async insert(job: ExternalJobRecord): Promise<boolean> {
    if (this.stored.has(job._id)) return false;
    this.requireFree(job._id, job.unique_hold);
    this.stored.set(job._id, structuredClone(job));
    return true;
  }

  async find(jobId: string): Promise<ExternalJobRecord | null> {
    return structuredClone(this.stored.get(jobId) ?? null);
  }

  async write(next: ExternalJobRecord, before: number, events: readonly JobOutboxEntry[]): Promise<boolean> {
    const job = this.stored.get(next._id);
    if (job?.external.version !== before) return false;
    const outbox = [...job.outbox, ...events];
    const hold = holdPart(next, next.status);
    this.requireFree(next._id, hold.unique_hold);
    this.stored.set(next._id, structuredClone({ ...next, ...hold, outbox, events: job.events + events.length }));
    return true;
  }

  async silent(heard: number, limit: number): Promise<ExternalJobRecord[]> {
    return this.awaited()
      .filter(({ external }) => stallOf(external) <= heard)
      .slice(0, limit);
  }

  async nextStall(): Promise<number | null> {
    return this.awaited()[0]?.external.stall_at ?? null;
  }

  private requireFree(jobId: string, hold: string | null | undefined): void {
    if (!hold) return;
    for (const { _id, unique_hold } of this.stored.values()) {
      if (unique_hold === hold && _id !== jobId) throw new UniqueConflict(hold, _id);
    }
  }

  private awaited(): ExternalJobRecord[] {
    const awaited = [...this.stored.values()].filter(({ external }) => external.stall_at !== null);
    return structuredClone(awaited.sort((one, other) => stallOf(one.external) - stallOf(other.external)));
  }
}

function stallOf({ stall_at }: ExternalJobRecord['external']): number {
  return stall_at ?? Infinity;
}
