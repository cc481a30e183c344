import { Injectable } from '@nestjs/common';
import type { Collection, Filter } from 'mongodb';
import { Store } from '@kintsugi/persistence';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { errorRecordsOf, ofTenant } from '../../records/mongo/error-record-collection.js';
import { typesLike } from '../../records/mongo/record-filter.js';
import type { AnalysedRecord } from '../domain/failure-analyst.js';
import type { AnalysedPart, AnalysedRecords } from '../analysed-records.js';

const recordsPerBatch = 1_000;

const analysedFields = {
  _id: 0,
  job_id: 1,
  job_type: 1,
  error_type: 1,
  timestamp: 1,
  recovery_status: 1,
  phase: 1,
  retry_count: 1,
  failed_runs: 1,
  group_id: 1,
  group_title: 1,
  closed_at: 1,
} as const;

/** The error records in MongoDB, for those who read very many of them. */
@Injectable()
export class AnalysedRecordStore implements AnalysedRecords {
  private readonly records: Collection<StoredErrorRecord>;

  constructor(store: Store) {
    this.records = errorRecordsOf(store);
  }

  async *read(part: AnalysedPart): AsyncGenerator<AnalysedRecord, void, undefined> {
    yield* this.records.find(filterOf(part)).project<AnalysedRecord>(analysedFields).batchSize(recordsPerBatch);
  }
}

function filterOf({ start, end, error_types: types, job_ids: jobs, tenant }: AnalysedPart): Filter<StoredErrorRecord> {
  return {
    timestamp: { $gte: start.toISOString(), $lt: end.toISOString() },
    ...(jobs === undefined ? {} : { job_id: { $in: [...jobs] } }),
    ...(types === undefined ? {} : { $or: types.map((type) => ({ error_type: typesLike(type) })) }),
    ...ofTenant(tenant),
  };
}
