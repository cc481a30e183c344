import { Injectable } from '@nestjs/common';
import type { Collection, Document } from 'mongodb';
import { recoveryStatuses, type ErrorGroup, type RecoveryStatus } from '@kintsugi/contracts';
import { Store } from '@kintsugi/persistence';
import type { StoredErrorRecord } from '../domain/error-record.js';
import { lookThrough, type Looked } from '../domain/look-through.js';
import { rowsAskedFor } from '../domain/record-sieve.js';
import { waitingPhases, type RecordPhase } from '../domain/record-lifecycle.js';
import type {
  ErrorGroupFilter,
  ErrorRecordFilter,
  ErrorRecordPlace,
  ErrorRecordSearch,
  NewestOfGroup,
} from '../error-record-search.js';
import { asTooBroad, boundedSearch } from './bounded-search.js';
import { errorRecordsOf } from './error-record-collection.js';
import { HourSieveStore } from './hour-sieve-store.js';
import { after, newestFirst } from './newest-first.js';
import { recordsAs } from './record-filter.js';
import { siftThrough } from './sift-through.js';
import { isLookedThrough, isOfFew, stepByStep } from './step-by-step.js';

/** Finds error records in MongoDB and sums them up. */
@Injectable()
export class ErrorRecordQueries implements ErrorRecordSearch {
  private readonly records: Collection<StoredErrorRecord>;
  private readonly sieves: HourSieveStore;

  constructor(store: Store) {
    this.records = errorRecordsOf(store);
    this.sieves = new HourSieveStore(store);
  }

  async newestFirst(filter: ErrorRecordFilter, place: ErrorRecordPlace | null, limit: number): Promise<StoredErrorRecord[]> {
    return this.records
      .find({ $and: [recordsAs(filter), after(place)] }, boundedSearch)
      .sort(newestFirst)
      .limit(limit)
      .toArray()
      .catch(asTooBroad('text'));
  }

  async look(
    filter: ErrorRecordFilter,
    place: ErrorRecordPlace | null,
    limit: number,
  ): Promise<Looked<StoredErrorRecord, ErrorRecordPlace>> {
    if (!isLookedThrough(filter)) return { found: await this.newestFirst(filter, place, limit), reached: null };
    const { records, sieves } = this;
    const looking = stepByStep(records, filter);
    const rows = isOfFew(filter) ? [] : rowsAskedFor(filter);
    const looked =
      rows.length > 0
        ? siftThrough({ records, sieves, looking, filter, rows }, place, limit)
        : lookThrough(looking, place, limit);
    return looked.catch(asTooBroad('text'));
  }

  async tasksOf(jobId: string, groupIds: readonly string[], limit: number): Promise<string[]> {
    const found = await this.records
      .find({ job_id: jobId, group_id: { $in: [...groupIds] } }, boundedSearch)
      .limit(limit)
      .project<Pick<StoredErrorRecord, 'task_id'>>({ _id: 0, task_id: 1 })
      .toArray()
      .catch(asTooBroad('group_ids'));
    return found.map(({ task_id }) => task_id);
  }

  async groups(filter: ErrorGroupFilter, limit: number): Promise<ErrorGroup[]> {
    return this.sumUp([{ $match: recordsAs(filter) }], limit);
  }

  async newestOfGroup(groupId: string, most: number): Promise<NewestOfGroup | null> {
    const ofGroup = { group_id: groupId };
    const [sum] = await this.sumUp([{ $match: ofGroup }, { $sort: newestFirst }, { $limit: most }], 1);
    if (!sum) return null;
    return { sum, records: sum.count < most ? sum.count : await this.records.countDocuments(ofGroup) };
  }

  /** By job first, so that the jobs of a group are counted without listing them. */
  private async sumUp(which: readonly Document[], limit: number): Promise<ErrorGroup[]> {
    const counts = byStatus((status) => ({ $sum: { $cond: [{ $eq: ['$recovery_status', status] }, 1, 0] } }));
    const sums = byStatus((status) => ({ $sum: `$${status}` }));
    const inPhase = (phases: readonly RecordPhase[]): Document => ({ $sum: { $cond: [{ $in: ['$phase', [...phases]] }, 1, 0] } });
    const waits = { waiting: inPhase(waitingPhases), outcome_unknown: inPhase(['outcome_unknown']) };
    const waitSums = { waiting: { $sum: '$waiting' }, outcome_unknown: { $sum: '$outcome_unknown' } };
    const ends = { first_seen: { $min: '$first_seen' }, last_seen: { $max: '$last_seen' } };
    const face = {
      title: { $first: '$title' },
      error_type: { $first: '$error_type' },
      example_record_id: { $max: '$example_record_id' },
    };
    const found = await this.records
      .aggregate<Record<RecoveryStatus, number> & Omit<ErrorGroup, 'id' | 'by_status'> & { _id: string }>([
        ...which,
        {
          $group: {
            _id: { group: '$group_id', job: '$job_id' },
            count: { $sum: 1 },
            ...counts,
            ...waits,
            first_seen: { $min: '$timestamp' },
            last_seen: { $max: '$timestamp' },
            title: { $first: '$group_title' },
            error_type: { $first: '$error_type' },
            example_record_id: { $max: '$_id' },
          },
        },
        {
          $group: {
            _id: '$_id.group',
            count: { $sum: '$count' },
            jobs: { $sum: 1 },
            ...sums,
            ...waitSums,
            ...ends,
            ...face,
          },
        },
        { $sort: { count: -1, _id: 1 } },
        { $limit: limit },
      ])
      .toArray();
    return found.map(({ _id, pending, in_progress, recovered, failed, ...group }) => ({
      id: _id,
      ...group,
      by_status: { pending, in_progress, recovered, failed },
    }));
  }
}

function byStatus(expression: (status: RecoveryStatus) => Document): Record<string, Document> {
  return Object.fromEntries(recoveryStatuses.map((status) => [status, expression(status)]));
}
