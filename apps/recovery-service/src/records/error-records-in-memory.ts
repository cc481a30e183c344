import type { StoredErrorRecord } from './domain/error-record.js';
import { closeAttempts, endAttempts } from './domain/recovery-attempt.js';
import { mayMove, phaseAfter } from './domain/record-lifecycle.js';
import type { ErrorRecords, RecordChange, RecordStanding, TaskRecovery } from './error-records.js';

/** The records in memory, for those who keep different things of them. */
export type StoredRecords = Map<string, StoredErrorRecord>;

/** Changes those of the given records that are as a change expects them; each change is one version. */
export function changeWhere(
  stored: StoredRecords,
  ids: Iterable<string>,
  isExpected: (record: StoredErrorRecord) => boolean,
  change: (record: StoredErrorRecord) => Partial<StoredErrorRecord>,
): void {
  for (const id of [...ids]) {
    const record = stored.get(id);
    if (record && isExpected(record)) {
      stored.set(id, structuredClone({ ...record, ...change(record), version: record.version + 1 }));
    }
  }
}

/** The error records without a database, for specs: they keep to the same promises as those in MongoDB. */
export class ErrorRecordsInMemory implements ErrorRecords {
  constructor(private readonly stored: StoredRecords = new Map()) {}

  async find(id: string): Promise<StoredErrorRecord | null> {
    return structuredClone(this.stored.get(id) ?? null);
  }

  async findMany(ids: readonly string[]): Promise<Map<string, StoredErrorRecord>> {
    const found = ids.map((id) => this.stored.get(id)).filter((record) => record !== undefined);
    return new Map(structuredClone(found).map((record) => [record._id, record]));
  }

  async standings(ids: readonly string[]): Promise<Map<string, RecordStanding>> {
    const found = [...(await this.findMany(ids)).values()];
    const standing = ({ _id, attempt, phase, timestamp, recovery_attempts }: StoredErrorRecord): RecordStanding => ({
      ...{ _id, attempt, phase, timestamp, recovery_attempts },
    });
    return new Map(found.map((record) => [record._id, standing(record)]));
  }

  async write(changes: readonly RecordChange[]): Promise<boolean> {
    const expected = changes.filter(({ previous, next }) => this.stored.get(next._id)?.version === previous?.version);
    for (const { next } of expected) this.stored.set(next._id, structuredClone(next));
    return expected.length === changes.length;
  }

  async recover(recoveries: readonly TaskRecovery[]): Promise<void> {
    for (const { _id, attempt, verified } of recoveries) {
      changeWhere(
        this.stored,
        [_id],
        (record) => mayMove(record.phase, 'recover') && record.attempt <= attempt,
        ({ recovery_attempts }) => ({
          ...{ ...phaseAfter('recover'), closed_at: new Date(), next_retry_at: null, resend_at: null },
          recovery_attempts: closeAttempts(recovery_attempts, 'recovered'),
          verified,
        }),
      );
    }
  }

  async removeSome(jobIds: readonly string[], limit: number): Promise<string[]> {
    const found = [...this.stored.values()].filter(({ job_id }) => jobIds.includes(job_id)).slice(0, limit);
    for (const { _id } of found) this.stored.delete(_id);
    return found.map(({ _id }) => _id);
  }

  async cancelJobs(jobIds: readonly string[], now: string): Promise<void> {
    changeWhere(
      this.stored,
      this.stored.keys(),
      ({ job_id, phase }) => jobIds.includes(job_id) && mayMove(phase, 'cancel'),
      ({ recovery_attempts }) => ({
        ...{ ...phaseAfter('cancel'), closed_at: new Date(), next_retry_at: null, resend_at: null },
        recovery_attempts: endAttempts(recovery_attempts, 'failed: the job was cancelled', now),
      }),
    );
  }
}
