import type { Collection } from 'mongodb';
import type { Store } from '@kintsugi/persistence';
import type { StoredErrorRecord } from '../../failures/domain/error-record.js';
import { errorRecordsOf } from '../../failures/mongo/error-record-collection.js';
import type { OwingRecord } from '../domain/owed-commands.js';
import { nextResendAt } from '../domain/resend-schedule.js';

export interface FoundOwingRecord extends OwingRecord {
  _id: string;
  resends: number;
}

const read = { task_id: 1, attempt: 1, phase: 1, next_retry_at: 1, decision: 1, manual_recovery_id: 1, resends: 1 };

/** The records whose command may not have arrived: nothing newer was heard of their tasks. */
export class OwingRecords {
  private readonly records: Collection<StoredErrorRecord>;

  constructor(store: Store) {
    this.records = errorRecordsOf(store);
  }

  /** Those whose time to be sent again has come. */
  async due(now: string, limit: number): Promise<FoundOwingRecord[]> {
    return this.records
      .find({ resend_at: { $gt: '', $lte: now } })
      .sort({ resend_at: 1 })
      .limit(limit)
      .project<FoundOwingRecord>(read)
      .toArray();
  }

  /** Those never sent again whose time to be so lies between two times, in groups. */
  async *neverResent(after: string, until: string, groupSize: number): AsyncGenerator<FoundOwingRecord[]> {
    const cursor = this.records
      .find({ resend_at: { $gt: after, $lt: until }, resends: 0 })
      .hint({ resend_at: 1 })
      .project<FoundOwingRecord>(read)
      .batchSize(groupSize);
    let group: FoundOwingRecord[] = [];
    for await (const record of cursor) {
      if (group.push(record) < groupSize) continue;
      yield group;
      group = [];
    }
    if (group.length > 0) yield group;
  }

  /** Sets when each goes out next. A record that changed in the meantime has a time of its own. */
  async markResent(records: readonly FoundOwingRecord[], now: number, firstIntervalMs: number): Promise<void> {
    const operations = [...Map.groupBy(records, ({ resends }) => resends)].map(([resends, alike]) => ({
      updateMany: {
        filter: { _id: { $in: alike.map(({ _id }) => _id) }, resends, resend_at: { $gt: '', $lte: new Date(now).toISOString() } },
        update: { $set: { resend_at: nextResendAt(resends + 1, now, firstIntervalMs) }, $inc: { resends: 1, version: 1 } },
      },
    }));
    if (operations.length > 0) await this.records.bulkWrite(operations, { ordered: false });
  }
}
