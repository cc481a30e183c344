import { Injectable } from '@nestjs/common';
import type { Collection, Filter } from 'mongodb';
import { Store } from '@kintsugi/persistence';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { phaseAfter, recordTransitions } from '../../records/domain/record-lifecycle.js';
import { attemptsEnded, nextVersion } from '../../records/mongo/attempt-expressions.js';
import { closedNow, errorRecordsOf } from '../../records/mongo/error-record-collection.js';
import type { OwingRecord } from '../../task-commands/domain/owed-commands.js';
import { nextResendAt } from '../domain/resend-schedule.js';
import type { ConcludingMove } from '../domain/status-verdict.js';

export interface FoundOwingRecord extends OwingRecord {
  _id: string;
  resends: number;
}

/** A record whose task has ended without an event. */
export interface Conclusion {
  record: FoundOwingRecord;
  move: ConcludingMove;
  /** The run that the task has ended with. */
  attempt: number;
  why: string;
}

const read = { task_id: 1, attempt: 1, phase: 1, next_retry_at: 1, decision: 1, manual_recovery_id: 1, resends: 1 };

/** The records whose command may not have arrived: nothing newer was heard of their tasks. */
@Injectable()
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

  /** Sets when each is looked at next. */
  async markResent(records: readonly FoundOwingRecord[], now: number, firstIntervalMs: number): Promise<void> {
    const operations = [...Map.groupBy(records, ({ resends }) => resends)].map(([resends, alike]) => ({
      updateMany: {
        filter: { _id: { $in: alike.map(({ _id }) => _id) }, resends, ...stillDue(now) },
        update: { $set: { resend_at: nextResendAt(resends + 1, now, firstIntervalMs) }, $inc: { resends: 1, version: 1 } },
      },
    }));
    if (operations.length > 0) await this.records.bulkWrite(operations, { ordered: false });
  }

  /** Nothing more is owed: each task stands where its record has it. */
  async settle(records: readonly FoundOwingRecord[], now: number): Promise<void> {
    if (records.length === 0) return;
    const filter = { _id: { $in: records.map(({ _id }) => _id) }, ...stillDue(now) };
    await this.records.updateMany(filter, { $set: { resend_at: null }, $inc: { version: 1 } });
  }

  /** Brings records to where their tasks have ended. */
  async conclude(conclusions: readonly Conclusion[], now: number): Promise<void> {
    const operations = conclusions.map(({ record: { _id, resends }, move, attempt, why }) => ({
      updateOne: {
        filter: { _id, resends, phase: { $in: [...recordTransitions[move].from] }, ...stillDue(now) },
        update: [
          {
            $set: {
              ...phaseAfter(move),
              ...(move === 'cancel' ? closedNow : {}),
              next_retry_at: null,
              resend_at: null,
              attempt,
              decision: { $concatArrays: ['$decision', [why]] },
              recovery_attempts: attemptsEnded(`failed: ${why}`, new Date(now).toISOString()),
              version: nextVersion,
            },
          },
        ],
      },
    }));
    if (operations.length > 0) await this.records.bulkWrite(operations, { ordered: false });
  }
}

/** A record that changed in the meantime has a time of its own, or none. */
function stillDue(now: number): Filter<StoredErrorRecord> {
  return { resend_at: { $gt: '', $lte: new Date(now).toISOString() } };
}
