import { DEFAULT_TENANT } from '@kintsugi/contracts';
import type { StoredErrorRecord } from '../records/domain/error-record.js';
import type { StoredRecords } from '../records/error-records-in-memory.js';
import type { AnalysedRecords, GroupFace } from './analysed-records.js';
import type { AnalysedPart } from './domain/analysed-part.js';
import { ColumnsBuilder, type FailureColumns } from './domain/failure-columns.js';

/** Error records in memory, for specs: they are read as those in MongoDB are. */
export class AnalysedRecordsInMemory implements AnalysedRecords {
  constructor(private readonly stored: StoredRecords) {}

  async *read(): AsyncGenerator<FailureColumns, void, undefined> {
    const builder = new ColumnsBuilder();
    for (const record of this.stored.values()) builder.add(record);
    yield builder.build();
  }

  async facesOf(
    groupIds: readonly string[],
    { start, end, tenant }: Pick<AnalysedPart, 'start' | 'end' | 'tenant'>,
  ): Promise<Map<string, GroupFace>> {
    const isWithin = ({ timestamp, ...record }: StoredErrorRecord): boolean =>
      timestamp >= start.toISOString() &&
      timestamp < end.toISOString() &&
      (tenant === undefined || tenant === (record.tenant ?? DEFAULT_TENANT));
    const rising = [...this.stored.values()].filter(isWithin).sort((one, other) => (one.timestamp < other.timestamp ? -1 : 1));
    const faces = new Map<string, GroupFace>();
    for (const { group_id: id, group_title: title, error_type } of rising) {
      if (groupIds.includes(id)) faces.set(id, { title, error_type });
    }
    return faces;
  }
}
