import type { Store } from '@kintsugi/persistence';
import { LayDownHours } from '../../../apps/recovery-service/src/analysis/commands/lay-down-hours.js';
import type { AnalysedRecordStore } from '../../../apps/recovery-service/src/analysis/mongo/analysed-record-store.js';
import type { LaidHourStore } from '../../../apps/recovery-service/src/analysis/mongo/laid-hour-store.js';
import { FailureGroupStore } from '../../../apps/recovery-service/src/groups/mongo/failure-group-store.js';
import { recordSample } from '../../../apps/recovery-service/src/records/domain/error-record-sample.js';
import type { StoredErrorRecord } from '../../../apps/recovery-service/src/records/domain/error-record.js';
import { errorRecordsOf } from '../../../apps/recovery-service/src/records/mongo/error-record-collection.js';
import type { ErrorRecordStore } from '../../../apps/recovery-service/src/records/mongo/error-record-store.js';
import { HourSieveStore } from '../../../apps/recovery-service/src/records/mongo/hour-sieve-store.js';
import { RecoverableRecordStore } from '../../../apps/recovery-service/src/recoveries/mongo/recoverable-record-store.js';
import { OwingRecordStore } from '../../../apps/recovery-service/src/resends/mongo/owing-record-store.js';
import { RetryTimerStore } from '../../../apps/recovery-service/src/retries/mongo/retry-timer-store.js';

interface Laying {
  laid: LaidHourStore;
  analysed: AnalysedRecordStore;
  now: () => number;
  days: number;
  /** Hours with fewer records get no sieve. */
  sievedMin?: number;
}

/** Lays hours down as the leading replica does. */
export function layingDown(store: Store, { laid, analysed, now, days, sievedMin = 1 }: Laying): LayDownHours {
  return new LayDownHours(laid, analysed, new HourSieveStore(store, sievedMin), { now }, { ERROR_RETENTION_DAYS: days });
}

interface Changed {
  store: Store;
  records: ErrorRecordStore;
  /** A moment so many hours ago. */
  ago: (hour: number, minute?: number) => string;
  hours: number;
}

export const jobOf = (n: number): string => `job_01890a5d-ac96-774b-bcce-b302099a80${String(n).padStart(2, '0')}`;

/** The next numbers of a sequence that a seed begins, each less than a bound. */
export function drawing(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** Everything that changes records, each of some of them. */
export function changesOf({ store, records, ago, hours }: Changed, draw: (bound: number) => number, made: { count: number }) {
  const some = async (filter = {}): Promise<StoredErrorRecord[]> =>
    (await errorRecordsOf(store).find(filter).toArray()).filter(() => draw(4) === 0).slice(0, 5);
  const fresh = (): StoredErrorRecord => {
    made.count += 1;
    const [timestamp, error_type] = [ago(draw(hours), draw(60)), `smtp.${draw(3)}`];
    const failed_runs = [{ attempt: 1, failed_at: timestamp, error_type, retry_delay_ms: 1_000 * draw(100) }];
    const tenant = draw(3) === 0 ? { tenant: 'acme' } : {};
    const due = { next_retry_at: timestamp, resend_at: timestamp };
    return recordSample(made.count, {
      ...{ timestamp, error_type, failed_runs, ...tenant, ...due, job_id: jobOf(draw(9)), group_id: `grp_${draw(4)}` },
    });
  };
  return [
    async () => records.write(Array.from({ length: 1 + draw(8) }, () => ({ previous: null, next: fresh() }))),
    async () =>
      records.write(
        (await some()).map(({ closed_at: _open, ...previous }) => {
          const timestamp = ago(draw(hours), draw(60));
          const attempt = previous.attempt + 1;
          const run = { attempt, failed_at: timestamp, error_type: 'net.reset', retry_delay_ms: null };
          const next = { ...previous, timestamp, attempt, error_type: 'net.reset', failed_runs: [...previous.failed_runs, run] };
          return { previous, next: { ...next, version: previous.version + 1 } };
        }),
      ),
    async () => records.recover((await some()).map(({ _id, timestamp, attempt }) => ({ _id, timestamp, attempt }))),
    async () => records.cancelJobs([jobOf(draw(9))], ago(0)),
    async () => records.removeSome([jobOf(draw(9))], 1 + draw(5)),
    async () => new FailureGroupStore(store).moveRecords(`grp_${draw(4)}`, `grp_${draw(4)}`),
    async () =>
      new FailureGroupStore(store).moveSome(
        (await some()).map(({ _id }) => _id),
        `grp_${draw(4)}`,
        `grp_${draw(4)}`,
      ),
    async () => {
      const due = await new RetryTimerStore(store).due(ago(-1), 1 + draw(5));
      await new RetryTimerStore(store).markStarted(due, ago(-1), ago(-2));
    },
    async () => {
      const claim = { phases: ['deferred', 'retrying'] as const, manualRecoveryId: `rcv_${draw(99)}`, now: ago(0) };
      await new RecoverableRecordStore(store).claim({ records: await some(), ...claim, resendAt: ago(-1) });
    },
    async () => {
      const owing = await new OwingRecordStore(store).due(ago(-1), 1 + draw(3));
      const ends = owing.map((record) => ({ record, move: 'cancel' as const, attempt: record.attempt, why: 'its job is gone' }));
      await new OwingRecordStore(store).conclude(ends, Date.parse(ago(-1)));
    },
  ];
}
