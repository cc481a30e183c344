import { DEFAULT_TENANT, matchesErrorType } from '@kintsugi/contracts';
import type { StoredRecords } from '../records/error-records-in-memory.js';
import type { AnalysedRecord } from './domain/failure-analyst.js';
import type { AnalysedPart, AnalysedRecords } from './analysed-records.js';

/** Error records in memory, for specs: they are read as those in MongoDB are. */
export class AnalysedRecordsInMemory implements AnalysedRecords {
  constructor(private readonly stored: StoredRecords) {}

  async *read({
    start,
    end,
    error_types: types,
    job_ids: jobs,
    tenant,
  }: AnalysedPart): AsyncGenerator<AnalysedRecord, void, undefined> {
    for (const record of structuredClone([...this.stored.values()])) {
      const isWithin = record.timestamp >= start.toISOString() && record.timestamp < end.toISOString();
      const isOfType = types?.some((pattern) => matchesErrorType(pattern, record.error_type)) ?? true;
      const isOfTenant = tenant === undefined || tenant === (record.tenant ?? DEFAULT_TENANT);
      if (isWithin && isOfType && isOfTenant && (jobs?.includes(record.job_id) ?? true)) yield record;
    }
  }
}
